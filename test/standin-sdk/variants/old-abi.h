// Compiled with the old string ABI, as by toolchains for old systems.
// standin: compile -D_GLIBCXX_USE_CXX11_ABI=0

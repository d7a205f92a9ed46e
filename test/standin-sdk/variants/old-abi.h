// Compiled with the old ABI of std::string, as by toolchains for old systems.
// standin: compile -D_GLIBCXX_USE_CXX11_ABI=0

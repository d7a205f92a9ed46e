// Built with the old ABI of std::string, as toolchains for old systems do.
// standin: compile -D_GLIBCXX_USE_CXX11_ABI=0

// A versioned library behind a symbolic link, with a different soname; files in include/ and lib/.
// standin: layout include lib
// standin: link -Wl,-soname,libWeWorkSpecSDK.so.1
// standin: file libWeWorkSpecSDK.so.1.3.1

// A library whose soname is not its file name, reached through a link, in include/ and lib/.
// standin: layout include lib
// standin: link -Wl,-soname,libWeWorkSpecSDK.so.1
// standin: file libWeWorkSpecSDK.so.1.3.1

#!/usr/bin/env node
// Builds prebuilds/<platform>-<arch>/ for the sandbox. prebuildify calls node-gyp by default. Here its step before the build runs
// CMake, and `true` replaces node-gyp. Do not use --strip: it would also strip the SDK library.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import prebuildify from 'prebuildify';

prebuildify(
  {
    cwd: dirname(dirname(fileURLToPath(import.meta.url))),
    name: 'wework_spec_sandbox',
    napi: true,
    targets: [process.versions.node],
    // prebuildify collects the addon and the libraries from build/Release. The build folder is that of `npm run build`, so only the
    // linker runs again.
    preinstall: 'node scripts/build-addon.mjs --out build/Release',
    nodeGyp: 'true',
  },
  (error) => {
    if (!error) return;
    console.error(error.message);
    process.exitCode = 1;
  },
);

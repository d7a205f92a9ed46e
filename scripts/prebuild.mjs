#!/usr/bin/env node
// Makes prebuilds/<platform>-<arch>/ for the sandbox build with prebuildify, which runs node-gyp on binding.gyp, which hands
// over to CMakeLists.txt. Never with --strip: that would rewrite the SDK library as well.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const prebuildify = join(dirname(require.resolve('prebuildify/package.json')), 'bin.js');

// The addon is compiled with the headers of node-api-headers, but node-gyp wants to see some of Node before it starts. Those of
// the Node that runs this do; without them node-gyp downloads its own.
const prefix = dirname(dirname(process.execPath));
const hasHeaders = existsSync(join(prefix, 'include', 'node', 'common.gypi'));

const { status } = spawnSync(
  process.execPath,
  [prebuildify, '--napi', '--name', 'wework_spec_sandbox', '--target', process.versions.node],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...(hasHeaders ? { npm_config_nodedir: prefix } : {}) },
  },
);
process.exit(status ?? 1);

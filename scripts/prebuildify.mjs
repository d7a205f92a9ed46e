#!/usr/bin/env node
// Makes prebuilds/<platform>-<arch>/ for the sandbox build with prebuildify, which runs node-gyp on binding.gyp, which hands
// over to CMakeLists.txt. Never with --strip: that would rewrite the SDK library as well.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const prebuildify = join(dirname(require.resolve('prebuildify/package.json')), 'bin.js');

// node-gyp downloads the headers of Node before it does anything. Nothing here is compiled with them: the addon takes those of
// node-api-headers. So it is shown a folder that looks as if they had been downloaded.
const headers = join(root, 'out', 'node-gyp');
mkdirSync(join(headers, 'include', 'node'), { recursive: true });
for (const file of ['common.gypi', 'config.gypi']) {
  writeFileSync(join(headers, 'include', 'node', file), '{}\n');
}

const { status } = spawnSync(
  process.execPath,
  [
    prebuildify,
    '--napi',
    ...['--name', 'wework_spec_sandbox'],
    ...['--target', process.versions.node],
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, npm_config_nodedir: headers } },
);
process.exit(status ?? 1);

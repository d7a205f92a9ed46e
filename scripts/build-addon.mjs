#!/usr/bin/env node
// Builds the addon for the sandbox with CMakeLists.txt: with cmake-js in a checkout, or with plain cmake in an installed package, which
// has no cmake-js. The options are the same. `wework-spec build` builds the addon for the vendor's SDK.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const help = `Usage: node scripts/build-addon.mjs [options]
  --debug                build with debug information and without optimisation
  --sanitize LIST        values for -fsanitize, for example address,undefined
  --build-dir DIR        build folder (default: out/sandbox)
  --out DIR              output folder of addon and library (default: Release or Debug in the build folder)
  --cmake-only           do not use cmake-js, even if it is installed`;

const { values } = parseArgs({
  options: {
    debug: { type: 'boolean', default: false },
    sanitize: { type: 'string', default: '' },
    'build-dir': { type: 'string' },
    out: { type: 'string' },
    'cmake-only': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}

const buildType = values.debug ? 'Debug' : 'Release';
const suffix = values.sanitize === '' ? '' : `-${values.sanitize.replaceAll(',', '-')}`;
const buildDir = resolve(root, values['build-dir'] ?? join('out', `sandbox${suffix}`));
const outDir = resolve(root, values.out ?? join(buildDir, buildType));
const options = {
  WEWORK_SPEC_SANITIZE: values.sanitize,
  CMAKE_BUILD_TYPE: buildType,
  CMAKE_LIBRARY_OUTPUT_DIRECTORY: outDir,
};

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) {
    console.error(`Cannot run ${command}: ${error.message}. Is it installed?`);
    process.exit(1);
  }
  if (status !== 0) process.exit(status ?? 1);
}

function cmakeJs() {
  if (values['cmake-only']) return undefined;
  try {
    const manifest = createRequire(import.meta.url).resolve('cmake-js/package.json');
    return join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin['cmake-js']);
  } catch {
    return undefined;
  }
}

mkdirSync(buildDir, { recursive: true });
const program = cmakeJs();
if (program) {
  const defines = Object.entries(options).map(([name, value]) => `--CD${name}=${value}`);
  const common = [
    program,
    '-l',
    'warn',
    '-O',
    buildDir,
    ...(values.debug ? ['-D'] : []),
    ...defines,
  ];
  // Not "compile", which would keep the options of the first build.
  for (const step of ['configure', 'build']) run(process.execPath, [...common, step]);
} else {
  const defines = Object.entries(options).map(([name, value]) => `-D${name}=${value}`);
  run('cmake', ['-S', root, '-B', buildDir, `-DWEWORK_SPEC_NODE=${process.execPath}`, ...defines]);
  run('cmake', ['--build', buildDir, '--parallel']);
}
console.log(`Built the addon for the sandbox: ${join(outDir, 'wework_spec_sandbox.node')}`);

#!/usr/bin/env node
// Compiles lib/ to dist/ as CommonJS, and adds an ES module to each entry that re-exports its names. A wrapper instead of a second
// compilation, so that import and require() share one copy of every class.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const require = createRequire(import.meta.url);

rmSync(dist, { recursive: true, force: true });
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', root], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
// tsc does not copy hand-written declarations.
copyFileSync(join(root, 'lib', 'binding', 'native.d.ts'), join(dist, 'binding', 'native.d.ts'));

// The template of `wework-spec init`, which create-wework-program shares.
cpSync(join(root, 'create-wework-program', 'template'), join(dist, 'tools', 'create', 'template'), {
  recursive: true,
});

const entries = [
  'index',
  'sandbox/index',
  'sandbox/testing/index',
  'program/bullmq',
  'program/fastify',
];
for (const entry of entries.map((name) => join(dist, name))) {
  const names = Object.keys(require(`${entry}.js`)).sort();
  const source = `./${basename(entry)}.js`;
  writeFileSync(
    `${entry}.mjs`,
    // Not a default import: bundlers differ in what that is for a CommonJS module with __esModule.
    `export {\n${names.map((name) => `  ${name},\n`).join('')}} from '${source}';\n`,
  );
  writeFileSync(`${entry}.d.mts`, `export * from '${source}';\n`);
}

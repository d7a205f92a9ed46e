#!/usr/bin/env node
// Generates from the definitions in lib/interfaces:
//   lib/interfaces/types.ts, lib/zone/methods.ts, docs/interfaces.md, docs/zh/interfaces.md
//   lib/interfaces/server-types.ts, docs/server-interfaces.md, docs/zh/server-interfaces.md (server interfaces)
// All are committed. scripts/generate/chinese.json has the Chinese of each text in the definitions. With --check nothing is written, and the exit code is 1 if a file is not up to date.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { root } from './generate/definitions.mjs';
import { documentation } from './generate/documentation.mjs';
import { chinese, english, unusedTranslations } from './generate/languages.mjs';
import { serverDocumentation } from './generate/server-documentation.mjs';
import { methods, serverTypes, types } from './generate/types.mjs';

const require = createRequire(import.meta.url);
const check = process.argv.includes('--check');

function formatted(text, file) {
  const biome = join(dirname(require.resolve('@biomejs/biome/package.json')), 'bin', 'biome');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [biome, 'format', `--stdin-file-path=${file}`],
    { input: text, encoding: 'utf8', cwd: root, maxBuffer: 1 << 26 },
  );
  if (status !== 0) throw new Error(`biome: ${stderr}`);
  return stdout;
}

const typesFile = join(root, 'lib', 'interfaces', 'types.ts');
const methodsFile = join(root, 'lib', 'zone', 'methods.ts');
const serverTypesFile = join(root, 'lib', 'interfaces', 'server-types.ts');
const generated = new Map([
  [typesFile, formatted(types(), typesFile)],
  [methodsFile, formatted(methods(), methodsFile)],
  [join(root, 'docs', 'interfaces.md'), documentation(english)],
  [join(root, 'docs', 'zh', 'interfaces.md'), documentation(chinese)],
  [serverTypesFile, formatted(serverTypes(), serverTypesFile)],
  [join(root, 'docs', 'server-interfaces.md'), serverDocumentation(english)],
  [join(root, 'docs', 'zh', 'server-interfaces.md'), serverDocumentation(chinese)],
]);
for (const text of unusedTranslations()) {
  throw new Error(`scripts/generate/chinese.json translates what no definition has: ${text}`);
}

let stale = false;
for (const [file, text] of generated) {
  let present = '';
  try {
    present = readFileSync(file, 'utf8');
  } catch {}
  if (present === text) continue;
  if (check) {
    stale = true;
    console.error(`${relative(root, file)} is not up to date: run npm run generate`);
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${relative(root, file)}`);
  }
}
process.exitCode = stale ? 1 : 0;

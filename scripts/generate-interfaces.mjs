#!/usr/bin/env node
// Makes from lib/interfaces what must say the same: the types in lib/interfaces/types.ts and docs/interfaces.md; of the server
// interfaces, the types in lib/interfaces/server-types.ts and docs/server-interfaces.md. All are committed, for reading
// and for the editor. With --check nothing is written: it ends with 1 if they are not up to date.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { root } from './generate/definitions.mjs';
import { documentation } from './generate/documentation.mjs';
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
const made = new Map([
  [typesFile, formatted(types(), typesFile)],
  [methodsFile, formatted(methods(), methodsFile)],
  [join(root, 'docs', 'interfaces.md'), documentation()],
  [serverTypesFile, formatted(serverTypes(), serverTypesFile)],
  [join(root, 'docs', 'server-interfaces.md'), serverDocumentation()],
]);

let stale = false;
for (const [file, text] of made) {
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

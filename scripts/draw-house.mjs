#!/usr/bin/env node
// Draws the rooms of lib/ and who imports whom into docs/architecture.md, from the imports themselves.
//   node scripts/draw-house.mjs            write the drawing
//   node scripts/draw-house.mjs --check    fail when docs/architecture.md shows another house than the code
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const page = join(root, 'docs', 'architecture.md');
const configuration = '.dependency-cruiser.cjs';

/** The rooms as the rules list them, from the bottom to the top. */
const rooms = require(join(root, configuration))
  .forbidden.map(({ name }) => /^room-(.+)$/.exec(name)?.[1])
  .filter((room) => room !== undefined);

function imports() {
  const program = join(
    dirname(require.resolve('dependency-cruiser')),
    '..',
    '..',
    'bin',
    'dependency-cruise.mjs',
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, '--config', configuration, '--output-type', 'json', 'lib'],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (stdout === '') throw new Error(`dependency-cruiser failed (${status}): ${stderr}`);
  return JSON.parse(stdout).modules;
}

/** The innermost room of a file. */
function roomOf(file) {
  const fitting = rooms.filter((room) => file.startsWith(`lib/${room}/`));
  return fitting.sort((a, b) => b.length - a.length)[0];
}

/** For each part of the house its rooms, and the pairs of rooms between which there is an import. */
function drawing(modules, isDrawn) {
  const arrows = new Set();
  for (const { source, dependencies } of modules) {
    for (const { resolved } of dependencies) {
      const [from, to] = [roomOf(source), roomOf(resolved)];
      if (from === to || !from || !to || !isDrawn(from) || !isDrawn(to)) continue;
      arrows.add(`${from} ${to}`);
    }
  }
  const id = (room) => room.replaceAll(/\W/g, '_');
  const drawn = rooms.filter(isDrawn).reverse();
  return [
    '```mermaid',
    'flowchart TB',
    ...drawn.map((room) => `  ${id(room)}["lib/${room}"]`),
    ...[...arrows]
      .map((arrow) => arrow.split(' '))
      .sort(
        (a, b) =>
          drawn.indexOf(a[0]) - drawn.indexOf(b[0]) || drawn.indexOf(a[1]) - drawn.indexOf(b[1]),
      )
      .map(([from, to]) => `  ${id(from)} --> ${id(to)}`),
    '```',
  ].join('\n');
}

const modules = imports();
const inSandbox = (room) => room.startsWith('sandbox/');
const drawings = {
  house: drawing(modules, (room) => !inSandbox(room)),
  sandbox: drawing(modules, inSandbox),
};

const present = readFileSync(page, 'utf8');
let text = present;
for (const [name, picture] of Object.entries(drawings)) {
  const place = new RegExp(`(<!-- drawing: ${name} -->\n)[\\s\\S]*?(\n<!-- end of drawing -->)`);
  if (!place.test(text))
    throw new Error(`docs/architecture.md has no place for the drawing "${name}"`);
  text = text.replace(place, (_, before, after) => `${before}${picture}${after}`);
}
if (text === present) process.exit(0);
if (process.argv.includes('--check')) {
  console.error('docs/architecture.md does not show the imports as they are: run npm run house');
  process.exit(1);
}
writeFileSync(page, text);

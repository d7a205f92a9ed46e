#!/usr/bin/env node
// Draws the rooms of lib/ and who imports whom into docs/architecture.md, from the imports themselves.
//   node scripts/draw-house.mjs            write the drawing
//   node scripts/draw-house.mjs --check    fail when docs/architecture.md shows another house than the code
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const page = join(root, 'docs', 'architecture.md');
const configuration = '.dependency-cruiser.cjs';

/** The rooms as the rules list them, from the bottom to the top. */
const rooms = require(join(root, configuration))
  .forbidden.map(({ name }) => /^room-(.+)$/.exec(name)?.[1])
  .filter((room) => room !== undefined);

async function imports() {
  process.chdir(root);
  const { output } = await cruise(['lib'], require(join(root, configuration)).options);
  return output.modules;
}

/** A Mermaid flowchart of some rooms, the top one first, with an arrow where a file of one imports a file of another. */
function drawing(modules, drawn) {
  const roomOf = (file) => drawn.find((room) => file.startsWith(`lib/${room}/`));
  const arrows = new Set();
  for (const { source, dependencies } of modules) {
    for (const { resolved } of dependencies) {
      const [from, to] = [roomOf(source), roomOf(resolved)];
      if (from !== undefined && to !== undefined && from !== to) arrows.add(`${from} ${to}`);
    }
  }
  const id = (room) => room.replaceAll(/\W/g, '_');
  const lines = drawn.flatMap((from) =>
    drawn.filter((to) => arrows.has(`${from} ${to}`)).map((to) => `  ${id(from)} --> ${id(to)}`),
  );
  const boxes = drawn.map((room) => `  ${id(room)}["lib/${room}"]`);
  return ['```mermaid', 'flowchart TB', ...boxes, ...lines, '```'].join('\n');
}

const modules = await imports();
const topFirst = [...rooms].reverse();
// A part comes before the part that contains it.
const parts = ['program', 'sandbox/interfaces', 'sandbox'];
const partOf = (room) => parts.find((part) => room.startsWith(`${part}/`)) ?? 'house';
const drawings = Object.fromEntries(
  ['house', ...parts].map((part) => [
    part,
    drawing(
      modules,
      topFirst.filter((room) => partOf(room) === part),
    ),
  ]),
);

const present = readFileSync(page, 'utf8');
let text = present;
for (const [name, picture] of Object.entries(drawings)) {
  const place = new RegExp(`(<!-- drawing: ${name} -->\n)[\\s\\S]*?(\n<!-- end of drawing -->)`);
  if (!place.test(text))
    throw new Error(`docs/architecture.md has no place for the drawing "${name}"`);
  text = text.replace(place, (_, before, after) => `${before}\n${picture}\n${after}`);
}
if (text === present) process.exit(0);
if (process.argv.includes('--check')) {
  console.error('docs/architecture.md does not show the imports as they are: run npm run house');
  process.exit(1);
}
writeFileSync(page, text);

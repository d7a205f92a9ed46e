#!/usr/bin/env node
// Writes diagrams of the rooms of lib/ and their imports to docs/architecture.md, generated from the source files.
//   node scripts/draw-house.mjs            write the diagrams
//   node scripts/draw-house.mjs --check    exit code 1 if docs/architecture.md is out of date
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const page = join(root, 'docs', 'architecture.md');
const configuration = '.dependency-cruiser.cjs';

/** The rooms in the order of the rules, lowest first. */
const rooms = require(join(root, configuration))
  .forbidden.map(({ name }) => /^room-(.+)$/.exec(name)?.[1])
  .filter((room) => room !== undefined);

async function imports() {
  process.chdir(root);
  const { output } = await cruise(['lib'], require(join(root, configuration)).options);
  return output.modules;
}

/** A Mermaid flowchart of rooms, highest first, with an arrow if a file of one room imports a file of another. */
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
    throw new Error(`docs/architecture.md has no markers for the diagram "${name}"`);
  text = text.replace(place, (_, before, after) => `${before}\n${picture}\n${after}`);
}
if (text === present) process.exit(0);
if (process.argv.includes('--check')) {
  console.error('The diagrams in docs/architecture.md are out of date: run npm run house');
  process.exit(1);
}
writeFileSync(page, text);

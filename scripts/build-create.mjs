#!/usr/bin/env node
// Fills create-wework-program/dist with the compiled command and what it imports from dist/, and adds the licence. So `npm create
// wework-program` and `wework-spec init` are the same code, and the small package needs no other.
//   node scripts/build-create.mjs    after npm run build:lib
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const from = join(root, 'dist');
const to = join(root, 'create-wework-program', 'dist');
const entry = join('tools', 'cli', 'create-main.js');
const template = join('tools', 'create', 'template');

rmSync(to, { recursive: true, force: true });
const copied = new Set();
copy(entry);
cpSync(join(from, template), join(to, template), { recursive: true });
const published = join('tools', 'create', 'published.json');
if (existsSync(join(from, published))) copyFileSync(join(from, published), join(to, published));
copyFileSync(join(root, 'LICENSE'), join(root, 'create-wework-program', 'LICENSE'));

function copy(file) {
  if (copied.has(file)) return;
  copied.add(file);
  mkdirSync(join(to, dirname(file)), { recursive: true });
  copyFileSync(join(from, file), join(to, file));
  for (const [, name] of readFileSync(join(from, file), 'utf8').matchAll(/require\("([^"]+)"\)/g)) {
    if (name.startsWith('.')) copy(join(dirname(file), `${name}.js`));
    else if (!name.startsWith('node:')) throw new Error(`${file} needs the package ${name}`);
  }
}

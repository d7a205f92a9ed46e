#!/usr/bin/env node
// Checks the #include lines of native/:
//
// - A file includes only files of its own directory and lower ones: runtime < vendor < binding < addon.cc. native/sandbox
//   includes none of them.
// - Only native/vendor includes the SDK's header, and only runtime, binding and addon.cc include Node's headers.
// - Only native/sandbox includes OpenSSL's headers: the addon must compile without them.
// - Includes have no cycles.
// - Every included file exists, and no file has more than 400 lines.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const native = join(dirname(dirname(fileURLToPath(import.meta.url))), 'native');

// '.' is addon.cc.
const mayInclude = {
  runtime: ['runtime'],
  vendor: ['runtime', 'vendor'],
  binding: ['runtime', 'vendor', 'binding'],
  '.': ['runtime', 'vendor', 'binding'],
  sandbox: ['sandbox'],
};
const systemHeaders = [
  { what: "the SDK's header", pattern: /^cpp_sdk\.h$/, allowedIn: ['vendor'] },
  {
    what: 'a header of Node.js',
    pattern: /^(?:napi|node|js_native|uv|v8)\b|^(?:node|js_native)_/,
    allowedIn: ['runtime', 'binding', '.'],
  },
  { what: 'a header of OpenSSL', pattern: /^openssl\//, allowedIn: ['sandbox'] },
];
const maxLines = 400;

const problems = [];
const includesOf = new Map();
const files = readdirSync(native, { recursive: true }).filter((file) => /\.(?:cc|h)$/.test(file));
for (const file of files.sort()) includesOf.set(file, checkFile(file));
findCircles();

for (const problem of problems) console.error(problem);
if (files.length === 0) console.error('native/ has no source files.');
process.exit(problems.length === 0 && files.length > 0 ? 0 : 1);

/** Checks one file and returns the files of native/ that it includes. */
function checkFile(file) {
  const lines = readFileSync(join(native, file), 'utf8').split('\n');
  const directory = directoryOf(file);
  if (!(directory in mayInclude)) problems.push(`native/${file}: unknown directory`);
  // The file ends with a line break.
  if (lines.length - 1 > maxLines) problems.push(`native/${file}: more than ${maxLines} lines`);
  const included = [];
  for (const [index, line] of lines.entries()) {
    const [, quote, name] = /^\s*#\s*include\s*(["<])([^">]+)[">]/.exec(line) ?? [];
    if (name === undefined) continue;
    const report = (complaint) => problems.push(`native/${file}:${index + 1}: ${complaint}`);
    for (const { what, pattern, allowedIn } of systemHeaders) {
      // The sandbox's own cpp_sdk.h is found as a file below.
      if (quote === '"' && directory === 'sandbox') continue;
      if (pattern.test(name) && !allowedIn.includes(directory)) {
        report(`<${name}> is ${what}, which is not allowed here`);
      }
    }
    if (quote === '<') continue;
    const target = resolve(file, name);
    if (target === undefined) {
      report(`"${name}" does not exist`);
    } else if (!mayInclude[directory]?.includes(directoryOf(target))) {
      report(`"${name}" must not be included here`);
    } else {
      included.push(target);
    }
  }
  return included;
}

/** The directory below native/ whose rules apply to a file. */
function directoryOf(file) {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : '.';
}

/** Finds the included file like the compiler: in the folder of the including file, then in the include directories. */
function resolve(file, name) {
  return [dirname(file), '.', 'sandbox/include']
    .map((directory) => join(directory, name))
    .find((path) => existsSync(join(native, path)));
}

function findCircles() {
  const finished = new Set();
  const visit = (file, path) => {
    if (path.includes(file)) {
      problems.push(`include cycle: ${[...path.slice(path.indexOf(file)), file].join(' -> ')}`);
      return;
    }
    if (finished.has(file)) return;
    for (const included of includesOf.get(file) ?? []) visit(included, [...path, file]);
    finished.add(file);
  };
  for (const file of includesOf.keys()) visit(file, []);
}

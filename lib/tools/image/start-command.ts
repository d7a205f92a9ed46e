import { readFileSync } from 'node:fs';
import { interpreterOf } from '../../binding/elf';
import { type Check, fail, ok, warn } from '../diagnosis/check';
import { type ImageFiles, startOf } from './image-files';
import { checkScript, isRelativeProgram, scriptText, wordsOf } from './start-script';

/** Where Docker images and Debian have Node.js. */
const usualNodes = [
  '/usr/local/bin/node',
  '/usr/bin/node',
  '/usr/bin/nodejs',
  '/opt/node/bin/node',
];

/** The most bytes of a script that are read. */
const longestScript = 1 << 20;

/** The start command, and what it runs. */
export interface Start {
  readonly checks: readonly Check[];
  /** The path of Node.js. */
  readonly node: string | undefined;
  /** The command and the shell scripts that it runs, without comments. */
  readonly text: string;
  /** Absolute paths of the files that the command and its scripts name. */
  readonly named: readonly string[];
}

/**
 * Checks the start command of an image. The zone runs it as `docker exec` would, and may drop PATH and ENV of the image
 * (https://developer.work.weixin.qq.com/document/path/99955).
 */
export function checkStart(image: ImageFiles, command: string | undefined): Start {
  const usual = usualNodes.find((path) => image.find(path)?.kind === 'file');
  if (command === undefined) {
    const fix = "pass it: --start '/bin/sh /app/start.sh'";
    const checks = [warn('start command', 'not checked', fix)];
    return { checks, node: usual, text: '', named: [] };
  }
  const checks: Check[] = [];
  const words = command.trim().split(/\s+/);
  const [program = '', ...args] = words;
  checks.push(checkProgram(image, program));
  // Arguments such as `--max-old-space-size=512` name no file.
  for (const path of args.filter((word) => word.startsWith('/'))) {
    const name = `start: ${path}`;
    if (image.find(path) === undefined) checks.push(missing(name));
    else if (!/\.(?:sh|bash)$/.test(path)) checks.push(ok(name, 'exists'));
  }
  const relative = args.find((word) => isRelativeProgram(word));
  if (relative !== undefined) {
    const fix = 'use absolute paths, because the working directory may be another one';
    checks.push(fail(`start: ${relative}`, 'is a relative path', fix));
  }
  const scripts = new Map<string, string>();
  for (const path of words) {
    const text = scriptAt(image, path);
    if (text !== undefined) scripts.set(path, text);
  }
  for (const [path, text] of scripts) checks.push(checkScript(image, path, text));
  const texts = [...scripts.values()];
  const named = [...words, ...texts.flatMap(wordsOf)].filter((word) => word.startsWith('/'));
  const node = named.find((word) => /^\/.*\/node(?:js)?$/.test(word)) ?? usual;
  return { checks, node, text: [command, ...texts].join('\n'), named };
}

function checkProgram(image: ImageFiles, program: string): Check {
  const name = `start: ${program}`;
  if (!program.startsWith('/')) {
    return fail(name, 'is not an absolute path', 'use absolute paths, because PATH may be lost');
  }
  const found = image.find(program);
  if (found?.kind !== 'file') return missing(name);
  if ((found.mode & 0o111) === 0) return fail(name, 'is not executable', `chmod +x ${program}`);
  const interpreter = scriptInterpreter(found.content) ?? interpreterOf(found.content);
  if (interpreter !== undefined && image.find(interpreter) === undefined) {
    return fail(name, `needs ${interpreter}, which is not in the image`, `add ${interpreter}`);
  }
  return ok(name, 'exists');
}

function missing(name: string): Check {
  return fail(name, 'is not in the image', 'copy it in the Dockerfile, or correct the command');
}

/** A script that the shell runs, or undefined. */
function scriptAt(image: ImageFiles, path: string): string | undefined {
  const found = path.startsWith('/') ? image.find(path) : undefined;
  if (found?.kind !== 'file' || found.size > longestScript) return undefined;
  const isShell = /\/(?:ba|da)?sh\b/.test(scriptInterpreter(found.content) ?? '');
  if (!isShell && !/\.(?:sh|bash)$/.test(path)) return undefined;
  return scriptText(readFileSync(found.content, 'utf8'));
}

/** The interpreter of a script, from its first line. */
function scriptInterpreter(file: string): string | undefined {
  return /^#!\s*(\S+)/.exec(startOf(file, 256))?.[1];
}

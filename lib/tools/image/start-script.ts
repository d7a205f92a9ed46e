import { type Check, fail, ok } from '../diagnosis/check';
import type { ImageFiles } from './image-files';

/** Node.js or npm at the place of a command, also after commands that run another one. */
const byPath =
  /^\s*(?:(?:exec|nohup|set --|(?:\S*\/)?(?:env|setpriv(?:\s+--\S+)*)|[A-Z_]+=\S*)\s+)*(node|nodejs|npm|npx)\b/m;

/** The text of a script without comments; a continued line is one line. */
export function scriptText(content: string): string {
  return content.replaceAll(/\\\r?\n/g, ' ').replaceAll(/(^|[ \t])#.*?(?=\r?$)/gm, '$1');
}

/** The words of a script without quotes: `"$DIR/a.js"` is one word. */
export function wordsOf(script: string): string[] {
  return script.replaceAll(/["']/g, '').split(/[\s;]+/);
}

/** Whether a word is a program whose file depends on the working directory. */
export function isRelativeProgram(word: string): boolean {
  return /^[^-/$].*\.(?:[cm]?js|sh|bash)$/.test(word);
}

/** Finds what keeps a start script from starting the program. */
export function checkScript(image: ImageFiles, path: string, text: string): Check {
  const name = `start: ${path}`;
  if (text.includes('\r\n')) {
    const fix = `save ${path} with LF, for example with "*.sh text eol=lf" in .gitattributes`;
    return fail(name, 'has Windows line endings, which the shell reads as part of words', fix);
  }
  const setsPath = /^\s*(?:export\s+)?PATH=/m.test(text);
  const bare = byPath.exec(text)?.[1];
  if (bare !== undefined && !setsPath) {
    const fix = `write the absolute path, or set PATH in ${path}`;
    return fail(name, `runs ${bare} by PATH, which may be lost`, fix);
  }
  const words = wordsOf(text);
  const programs = words.filter((word) => /^\/.*\.(?:[cm]?js|sh|bash)$/.test(word));
  const absent = [...programs, ...commandsOf(text)].find(
    (word) => image.find(word) === undefined && !mayBeAbsent(text, word),
  );
  if (absent !== undefined) {
    const fix = `copy it in the Dockerfile, or correct ${path}`;
    return fail(name, `names ${absent}, which is not in the image`, fix);
  }
  const relative = words.find((word) => isRelativeProgram(word));
  if (relative !== undefined && !/(?:^|&&|;)\s*cd\s+["']?[/$]/m.test(text)) {
    const fix = 'use an absolute path, because the working directory may be another one';
    return fail(name, `names ${relative} by a relative path`, fix);
  }
  return ok(name, 'uses no command of PATH');
}

/** Absolute paths at the places of a line where a command is. */
function commandsOf(script: string): string[] {
  const pattern = /(?:^|\bexec|\bset --|&&|\|\||;|\bthen)[ \t]*["']?(\/[\w./-]+)/gm;
  return [...script.matchAll(pattern)].map(([, command]) => command as string);
}

/** Whether the script tests for the file or writes it, or it is in a folder of temporary files. */
function mayBeAbsent(script: string, path: string): boolean {
  if (/^\/(?:tmp|run|var\/tmp|var\/run|dev|proc|sys)\//.test(path)) return true;
  const quoted = path.replaceAll(/[.+]/g, '\\$&');
  return new RegExp(`(?:\\s-[defrsx]\\s+|>\\s*)["']?${quoted}["']?(?:\\s|$)`, 'm').test(script);
}

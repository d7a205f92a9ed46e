import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './child';

/** A fenced code block of a Markdown file. */
export interface CodeBlock {
  /** Path of the file in the checkout. */
  readonly page: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** The word after the fence, or ''. */
  readonly language: string;
  /** What the comment right above it says, `<!-- first.mjs -->`, or ''. */
  readonly name: string;
  /** The last heading above it, or ''. */
  readonly heading: string;
  /** With a line break at its end, without the indentation of the fence. */
  readonly code: string;
}

/** Every Markdown file of the checkout, also those that are not committed yet, without the reports of the API. */
export function markdownPages(): string[] {
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const names = execFileSync('git', [...listed, '-z', '*.md'], { cwd: root, encoding: 'utf8' });
  return names.split('\0').filter((name) => name !== '' && !name.startsWith('docs/api/'));
}

/** The code blocks of a page, from top to bottom. */
export function codeBlocks(page: string): CodeBlock[] {
  const lines = readFileSync(join(root, page), 'utf8').split('\n');
  const blocks: CodeBlock[] = [];
  let heading = '';
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    heading = /^#+ (.*)/.exec(line)?.[1] ?? heading;
    if (!/^[\s>]*(?:```|~~~)/.test(line)) continue;
    const start = index + 1;
    const [fence, indent = '', language = ''] = /^( *)```(\w*)$/.exec(line) ?? [];
    if (fence === undefined) throw new Error(`${page}:${start}: ${line} begins no known block`);
    const end = lines.indexOf(`${indent}\`\`\``, start);
    if (end < 0) throw new Error(`${page}:${start}: the block does not end`);
    const code = lines.slice(start, end).map((text) => text.replace(indent, ''));
    const above = lines[index - 1] === '' ? lines[index - 2] : lines[index - 1];
    const name = /^ *<!-- (.*) -->$/.exec(above ?? '')?.[1] ?? '';
    blocks.push({ page, line: start, language, name, heading, code: `${code.join('\n')}\n` });
    index = end;
  }
  return blocks;
}

/** The code of the block of a page with this name. */
export function namedBlock(page: string, name: string): string {
  const [block, ...others] = codeBlocks(page).filter((candidate) => candidate.name === name);
  if (block === undefined || others.length > 0) {
    throw new Error(`${page} has ${others.length + (block ? 1 : 0)} blocks named ${name}`);
  }
  return block.code;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/child';

const read = (file: string) => readFileSync(join(root, file), 'utf8');

test.each(['README.md', 'README.zh-CN.md'])(
  '%s names only npm scripts and files that exist',
  (file) => {
    const readme = read(file);
    const { scripts } = JSON.parse(read('package.json'));
    for (const [, script] of readme.matchAll(/npm run ([\w:]+)/g)) {
      expect(Object.keys(scripts)).toContain(script);
    }
    for (const [, path] of readme.matchAll(/\]\(([^):#]+)\)/g)) {
      expect(read(path as string)).not.toBe('');
    }
    for (const [path] of readme.matchAll(/scripts\/[\w.-]*\w/g)) expect(read(path)).not.toBe('');
  },
);

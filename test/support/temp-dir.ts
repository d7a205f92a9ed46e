import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Creates a temporary folder, which the caller removes. */
export function newTempDir(): string {
  return mkdtempSync(join(realpathSync(tmpdir()), 'wework-spec-test-'));
}

/** Creates temporary folders that are removed after the tests of the file. */
export function tempDirs(): () => string {
  const made: string[] = [];
  afterAll(() => {
    for (const dir of made) rmSync(dir, { recursive: true, force: true });
  });
  return () => {
    const dir = newTempDir();
    made.push(dir);
    return dir;
  };
}

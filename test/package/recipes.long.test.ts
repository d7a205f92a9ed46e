import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withSandbox } from 'wework-spec-sdk/testing';
import { root } from '../support/child';
import { codeBlocks } from '../support/markdown';
import { setEnvironmentForTest } from '../support/process-environment';
import { startRedis } from '../support/redis';

/** The programs of a page: the blocks with a name such as `express.mjs`. */
const programsOf = (page: string) =>
  codeBlocks(`docs/${page}`)
    .filter(({ name }) => name.endsWith('.mjs'))
    .map(({ name, code }) => [name, code] as const);

const programs = [...programsOf('guide/recipes.md'), ...programsOf('guide/instances.md')];

// Inside the checkout, so that the programs find this package and the servers that they import.
let folder: string;
beforeAll(() => {
  mkdirSync(join(root, 'out'), { recursive: true });
  folder = mkdtempSync(join(root, 'out', 'recipes-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('every block of the page is a program that is tested', () => {
  const programs = programsOf('guide/recipes.md');
  expect(programs.length).toBeGreaterThan(5);
  expect(codeBlocks('docs/guide/recipes.md')).toHaveLength(programs.length);
});

test.each(['recipes.md', 'instances.md'])('the Chinese page has the same programs: %s', (page) => {
  expect(programsOf(`zh/guide/${page}`)).toEqual(programsOf(`guide/${page}`));
});

test.each(programs)('%s responds to calls', async (name, code) => {
  if (name === 'redis.mjs') {
    const { port } = await startRedis();
    setEnvironmentForTest({ REDIS_URL: `redis://127.0.0.1:${port}` });
  }
  const file = join(folder, name);
  writeFileSync(file, code);
  await using sandbox = await withSandbox(file);
  for (let call = 0; call < 2; call++) {
    const { errcode, response } = await sandbox.call('hello', {});
    expect({ errcode, response }).toEqual({
      errcode: 0,
      response: { errcode: 0, from: expect.any(String) },
    });
  }
});

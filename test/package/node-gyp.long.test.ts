import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { node, root, runProgram } from '../support/child';
import { tempDirs } from '../support/temp-dir';

// The repository's binding.gyp, for those who run node-gyp.

jest.setTimeout(600_000);
const newDir = tempDirs();
const output = join(root, 'build');

afterAll(() => rmSync(output, { recursive: true, force: true }));

test('node-gyp builds an addon that loads', async () => {
  // node-gyp would download Node's headers, which this build does not use: it compiles with those of node-api-headers.
  const headers = newDir();
  mkdirSync(join(headers, 'include', 'node'), { recursive: true });
  for (const file of ['common.gypi', 'config.gypi']) {
    writeFileSync(join(headers, 'include', 'node', file), '{}\n');
  }
  const gyp = createRequire(__filename).resolve('node-gyp/bin/node-gyp.js');
  const built = await runProgram(node, [gyp, 'rebuild', `--nodedir=${headers}`], { cwd: root });
  expect({ code: built.code, stderr: built.code === 0 ? '' : built.stderr }).toEqual({
    code: 0,
    stderr: '',
  });

  const addon = join(output, 'Release', 'wework_spec_sandbox.node');
  const loaded = await runProgram(
    node,
    ['-p', "JSON.stringify(require('./dist/index.js').GetSdkInfo())"],
    { cwd: root, env: { WEWORK_SPEC_SDK: 'sandbox', WEWORK_SPEC_ADDON: addon } },
  );
  expect(loaded).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(loaded.stdout)).toMatchObject({
    addonFile: addon,
    libraryFile: join(output, 'Release', 'libWeWorkSpecSandbox.so'),
  });
});

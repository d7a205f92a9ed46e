import { join } from 'node:path';
import { root, runProgram } from './support/child';

test('the public types accept what is documented and refuse the rest', async () => {
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const ended = await runProgram(tsc, ['-p', join(root, 'test', 'types')]);
  expect(ended).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
});

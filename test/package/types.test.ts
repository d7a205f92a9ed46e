import { join } from 'node:path';
import { root, runProgram } from '../support/child';

// The oldest compiler that users may have, and the newest.
test.each(['typescript-5.4', 'typescript'])(
  'the public types accept what is documented and refuse the rest: %s',
  async (compiler) => {
    const tsc = join(root, 'node_modules', compiler, 'bin', 'tsc');
    const project = join(root, 'test', 'types');
    const ended = await runProgram(process.execPath, [tsc, '-p', project]);
    expect(ended).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  },
);

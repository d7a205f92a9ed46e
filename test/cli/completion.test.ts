import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, runProgram } from '../support/child';

const command = join(root, 'dist', 'tools', 'cli', 'main.js');

async function scriptOf(shell: string): Promise<string> {
  const { code, stdout, stderr } = await runProgram(process.execPath, [
    command,
    'completion',
    shell,
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

test.each<[string, string[]]>([
  ['wework-spec fa', ['fault']],
  ['wework-spec help cl', ['clock']],
  ['wework-spec call --as', ['--async']],
  ['wework-spec fault --direction re', ['request', 'response']],
  ['wework-spec fault sync_', ['sync_msg']],
  ['wework-spec emit hit_', ['hit_keyword']],
  ['wework-spec completion ', ['bash', 'zsh', 'fish', '--help']],
  // The shell completes file names.
  ['wework-spec sandbox --watch ap', []],
])('bash completes %j', async (line, expected) => {
  const words = line.split(' ');
  const { stdout, stderr } = await runProgram('bash', [
    '-c',
    `${await scriptOf('bash')}
     COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _wework_spec
     printf '%s\\n' "\${COMPREPLY[@]}"`,
    'bash',
    ...words,
  ]);
  expect(stderr).toBe('');
  expect(stdout.split('\n').filter(Boolean)).toEqual(expected);
});

describe.each(['zsh', 'fish'])('%s', (shell) => {
  const isThere = spawnSync(shell, ['-c', 'true']).status === 0;

  test('gets a script with every command', async () => {
    const script = await scriptOf(shell);
    for (const name of ['sandbox', 'say', 'completion']) expect(script).toContain(name);
    expect(script).toContain('hit_keyword');
  });

  (isThere ? test : test.skip)('can read its script', async () => {
    const ended = await runProgram(shell, ['-n', '-c', await scriptOf(shell)]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
  });
});

(spawnSync('fish', ['-c', 'true']).status === 0 ? test : test.skip)('fish completes', async () => {
  const { stdout } = await runProgram('fish', [
    '--no-config',
    '-c',
    `${await scriptOf('fish')}\ncomplete -C 'wework-spec fault --direction re'`,
  ]);
  expect(stdout.split('\n').map((line) => line.split('\t')[0])).toEqual([
    'request',
    'response',
    '',
  ]);
});

import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runProgram } from './child';

const helpOf = new Map<string, Promise<string>>();

function help(command: string): Promise<string> {
  const known = helpOf.get(command);
  if (known !== undefined) return known;
  const cli = join(root, 'dist', 'tools', 'cli', 'main.js');
  const asked = runProgram(process.execPath, [cli, 'help', command]).then(({ code, stdout }) =>
    code === 0 ? stdout : '',
  );
  helpOf.set(command, asked);
  return asked;
}

/** The commands of a block without comments, one for each simple command. */
export function commandsOf(code: string): string[] {
  return code
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
    .flatMap((line) => (line.startsWith('curl ') ? [line] : line.split(/ && | \| /)));
}

/**
 * What is wrong with a command of a document: a script, npm script, command of `wework-spec` or option that does not exist. A program
 * that this function does not know is wrong, too: its block needs a test that runs it.
 *
 * @param heading - the heading above the block
 */
export async function faultOfCommand(line: string, heading: string): Promise<string | undefined> {
  const [program = '', first = '', ...rest] = line.split(/\s+/);
  if (program === 'npx' && first === 'wework-spec') return faultOfCli(rest);
  if (program === 'npm') return faultOfNpm(first, rest[0] ?? '');
  if (program === 'node') return existsSync(join(root, first)) ? undefined : `no file ${first}`;
  if (program === 'export') return faultOfVariable(first.split('=')[0] ?? '');
  // test/sandbox/server-interfaces.test.ts runs them, one below each heading.
  if (program === 'curl') {
    const path = heading === 'gettoken' ? heading : `cgi-bin/${heading}`;
    return line.includes(`/${path}?`) ? undefined : `it does not call ${heading}`;
  }
  if (program.startsWith('scripts/')) {
    try {
      accessSync(join(root, program), constants.X_OK);
      return undefined;
    } catch {
      return `no script ${program}`;
    }
  }
  return `no test runs ${program}`;
}

async function faultOfCli([command = '', ...rest]: string[]): Promise<string | undefined> {
  const text = await help(command);
  if (text === '') return `no command ${command}`;
  const unknown = rest.find(
    (word) => word.startsWith('-') && !new RegExp(`\\s${word.split('=')[0]}[\\s,]`).test(text),
  );
  return unknown === undefined ? undefined : `${command} has no option ${unknown}`;
}

function faultOfNpm(command: string, script: string): string | undefined {
  if (['init', 'install', 'ci', 'pack', 'test', 'create'].includes(command)) return undefined;
  if (command !== 'run') return `no test runs npm ${command}`;
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return script in scripts ? undefined : `no npm script ${script}`;
}

function faultOfVariable(name: string): string | undefined {
  try {
    execFileSync('git', ['grep', '--quiet', '--word-regexp', name, '--', 'lib'], { cwd: root });
    return undefined;
  } catch {
    return `nothing reads the variable ${name}`;
  }
}

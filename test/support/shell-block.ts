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
  const words = line.split(/\s+/);
  const [assignment = ''] = words;
  // A variable of the shell, or one for the program after it.
  if (/^\w+=/.test(assignment)) {
    const [name = ''] = assignment.split('=');
    const fault = /^WEWORK_/.test(name) ? faultOfVariable(name) : undefined;
    return words.length === 1
      ? fault
      : (fault ?? faultOfCommand(words.slice(1).join(' '), heading));
  }
  const [program = '', first = '', ...rest] = words;
  if (program === 'cp') return faultOfCopy([first, ...rest]);
  // Of an image, with a file of the reader.
  if (program === '/usr/local/bin/node') return undefined;
  if (program === 'cd' && rest.length === 0) return undefined;
  if (program === 'npx' && first === 'wework-spec') return faultOfCli(rest);
  // test/package/create.long.test.ts runs it.
  const [, create = ''] = line.match(/^npx --package \S+ -- create-wework-program (.*)$/) ?? [];
  if (create !== '') return faultOfCli(['init', ...create.split(/\s+/)]);
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
  const manifests = ['package.json', 'create-wework-program/template/package.json.tmpl'];
  const known = manifests.flatMap((file) =>
    Object.keys(JSON.parse(readFileSync(join(root, file), 'utf8')).scripts),
  );
  return known.includes(script) ? undefined : `no npm script ${script}`;
}

/** Files of installed packages are those of this checkout; those of the reader, and in variables, are not known. */
function faultOfCopy(paths: string[]): string | undefined {
  const missing = paths.find((path) => {
    return path.startsWith('node_modules/') && !existsSync(join(root, path));
  });
  return missing === undefined ? undefined : `no file ${missing}`;
}

function faultOfVariable(name: string): string | undefined {
  try {
    execFileSync('git', ['grep', '--quiet', '--word-regexp', name, '--', 'lib'], { cwd: root });
    return undefined;
  } catch {
    return `nothing reads the variable ${name}`;
  }
}

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { portOf, root, runProgram, startProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { tool } from '../support/package-tools';
import { packedPackage } from '../support/packed-package';
import { startSandbox } from '../support/sandbox';
import { tempDirs } from '../support/temp-dir';

// What tools of other projects make of the packed package: checkers, compilers, test runners and other runtimes.

jest.setTimeout(300_000);
const newDir = tempDirs();
const packed = packedPackage();

/** A folder in which the packed package and other packages are installed. */
function newProject(packages: Record<string, string> = {}): string {
  const folder = newDir();
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@types'), { recursive: true });
  symlinkSync(packed.current.installed, join(modules, 'wework-spec-sdk'));
  for (const [name, path] of Object.entries(packages)) symlinkSync(path, join(modules, name));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  return folder;
}

const ended = { code: 0, signal: null, stdout: '', stderr: '' };

test('publint finds nothing', async () => {
  const cli = tool('publint', 'src', 'cli.js');
  const run = await runProgram(process.execPath, [cli, packed.current.installed, '--strict']);
  expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('All good!') });
});

test('“Are the types wrong?” finds nothing, in any resolution', async () => {
  const cli = tool('@arethetypeswrong', 'cli', 'dist', 'index.js');
  const args = [cli, packed.current.tarball, '--format', 'json'];
  const { code, stdout } = await runProgram(process.execPath, args);
  const { analysis } = JSON.parse(stdout);
  expect({ code, problems: analysis.problems }).toEqual({ code: 0, problems: [] });
  expect(Object.keys(analysis.entrypoints)).toHaveLength(6);
});

const compilers = {
  '5.4': join(root, 'node_modules', 'typescript-5.4', 'bin', 'tsc'),
  '5.9': () => tool('typescript-5.9', 'bin', 'tsc'),
  '6': () => tool('typescript-6', 'bin', 'tsc'),
  '7': join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
};
const nodeTypes = {
  '20': join(root, 'node_modules', '@types', 'node'),
  '22': () => tool('@types', 'node-22'),
  '24': () => tool('@types', 'node-24'),
  '26': () => tool('@types', 'node-26'),
};
const resolved = (path: string | (() => string)) => (typeof path === 'string' ? path : path());

const USE = `import { type Call, isSpecError, ZoneProgram } from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { withSandbox } from 'wework-spec-sdk/testing';

export const program = new ZoneProgram();
program.ability('hello', ({ name }: { name: string }, call: Call) => ({ errcode: 0, name, id: call.requestId }));
export const running: Promise<ZoneSandbox> = withSandbox(program.requestListener);
export const known: boolean = isSpecError(new Error('x'));
// @ts-expect-error is no ability
program.ability(5, () => ({}));
`;

const matrix = [
  ...Object.keys(compilers).map((compiler) => [compiler, '20', 'nodenext'] as const),
  ...Object.keys(nodeTypes)
    .filter((types) => types !== '20')
    .map((types) => ['7', types, 'nodenext'] as const),
  ['7', '26', 'bundler'] as const,
  // TypeScript 7 has removed this resolution.
  ['5.4', '20', 'node10'] as const,
  ['5.9', '24', 'node10'] as const,
];

test.each(matrix)(
  'TypeScript %s with @types/node %s and moduleResolution %s compiles with all declarations checked',
  async (compiler, types, moduleResolution) => {
    const folder = newProject({ '@types/node': resolved(nodeTypes[types as '20']) });
    writeFileSync(join(folder, 'use.ts'), USE);
    const module = { nodenext: 'nodenext', bundler: 'esnext', node10: 'commonjs' }[
      moduleResolution
    ];
    const compilerOptions = {
      target: 'es2022',
      lib: ['es2022', 'esnext.disposable'],
      module,
      moduleResolution,
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    const tsc = resolved(compilers[compiler as '7']);
    expect(await runProgram(process.execPath, [tsc, '-p', folder])).toEqual(ended);
  },
);

/** A test that passes under every runner that has `test` of node:test or of Jest. */
const TEST = (runner: string) => `${runner}
const { withSandbox } = require('wework-spec-sdk/testing');
test('a program is called', async () => {
  const sandbox = await withSandbox(require('node:path').join(__dirname, 'program.cjs'));
  try {
    const { response } = await sandbox.call('hello', { n: 1 });
    assert.deepStrictEqual(response, { errcode: 0, n: 1 });
  } finally {
    await sandbox.stop();
  }
});
`;
const ASSERT = "const assert = require('node:assert');";
const PROGRAM = `const { ZoneProgram } = require('wework-spec-sdk');
const program = new ZoneProgram();
program.ability('hello', ({ n }) => ({ errcode: 0, n }));
program.listen({ signals: true });
`;

function newTestedProject(runner: string, name = 'app.test.cjs'): string {
  const folder = newProject();
  writeFileSync(join(folder, 'program.cjs'), PROGRAM);
  writeFileSync(join(folder, name), TEST(`${ASSERT}\n${runner}`));
  return folder;
}

const NODE_TEST = "const { test } = require('node:test');";

test.each<[string, () => Promise<unknown>]>([
  [
    'node:test',
    () =>
      runProgram(process.execPath, ['--test', 'app.test.cjs'], {
        cwd: newTestedProject(NODE_TEST),
      }),
  ],
  [
    'tsx',
    () => {
      const folder = newTestedProject(NODE_TEST);
      return runProgram(process.execPath, [tool('tsx', 'dist', 'cli.mjs'), 'app.test.cjs'], {
        cwd: folder,
      });
    },
  ],
  [
    'Jest',
    () => {
      const folder = newTestedProject('', 'app.test.js');
      const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
      return runProgram(process.execPath, [jest, '--rootDir', folder], { cwd: folder });
    },
  ],
])('a test passes under %s', async (_, run) => {
  expect(await run()).toMatchObject({ code: 0 });
});

const RUNTIMES = {
  Bun: () => [tool('@oven', 'bun-linux-x64', 'bin', 'bun'), 'program.mjs'],
  Deno: () => [tool('@deno', 'linux-x64-glibc', 'deno'), 'run', '-A', 'program.mjs'],
};

// The sandbox itself runs in Node.js: Bun has no `dispatch` of undici, and Deno no TLS with pre-shared keys.
test.each(Object.keys(RUNTIMES))(
  'a program runs in %s: calls, interfaces, jobs, and the end by SIGTERM',
  async (runtime) => {
    const folder = newProject();
    writeFileSync(
      join(folder, 'program.mjs'),
      `import { ZoneProgram } from 'wework-spec-sdk';
      const program = new ZoneProgram();
      program.ability('count', async ({ limit }, call) => {
        const { msg_list = [] } = await call.zone.sync_msg({ limit });
        return { errcode: 0, count: msg_list.length };
      });
      const { port } = await program.listen({ port: 0, host: '127.0.0.1', signals: true });
      console.log('port', port);`,
    );
    const sandbox = await startSandbox();
    onTestEnd(() => sandbox.stop());
    const [command = '', ...args] = RUNTIMES[runtime as keyof typeof RUNTIMES]();
    const program = startProgram(command, args, {
      cwd: folder,
      env: { ...sandbox.env, WEWORK_SPEC_DATA_DIR: newDir() },
    });
    onTestEnd(() => program.process.kill('SIGKILL'));
    sandbox.programs.address = `http://127.0.0.1:${await portOf(program)}`;
    const response = { errcode: 0, count: 2 };
    expect(await sandbox.call('count', { limit: 2 })).toMatchObject({ errcode: 0, response });
    const job = await sandbox.callAsync('count', { limit: 2 });
    expect(await job.result()).toMatchObject({ response });
    program.process.kill('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 0, signal: null });
  },
);

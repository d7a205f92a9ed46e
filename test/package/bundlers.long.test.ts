import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { portOf, root, runProgram, startProgram } from '../support/child';
import { tool, toolsDir } from '../support/package-tools';
import { addonName, libraryName, packedPackage, platformDir } from '../support/packed-package';
import { startSandbox } from '../support/sandbox';
import { tempDirs } from '../support/temp-dir';

// The recipes of docs/guide/bundlers.md. The bundle runs in a folder without node_modules.

jest.setTimeout(300_000);
const newDir = tempDirs();
const packed = packedPackage();
const page = (path: string) => readFileSync(join(root, 'docs', path, 'bundlers.md'), 'utf8');
const docs = page('guide');

const blocks = (text: string): [name: string, code: string][] =>
  Array.from(
    text.matchAll(/<!-- ([\w.-]+) -->\n```\w+\n([\s\S]*?)```/g),
    ([, name = '', code = '']) => [name, code],
  );
const files = new Map(blocks(docs));

let project: string;

beforeAll(() => {
  project = packed.current.project;
  for (const [name, code] of files) writeFileSync(join(project, name), code);
  mkdirSync(join(project, 'node_modules', '@rollup'), { recursive: true });
  const plugins = ['commonjs', 'json', 'node-resolve'].map((name) => `@rollup/plugin-${name}`);
  for (const name of ['esbuild', 'rollup', 'webpack', 'postject', ...plugins]) {
    symlinkSync(join(toolsDir, 'node_modules', name), join(project, 'node_modules', name));
  }
});

/** Runs a step of the page, and moves the result and the addons to a folder of their own. */
async function bundled(...steps: [command: string, ...args: string[]][]): Promise<string> {
  const bundle = join(project, 'bundle');
  for (const [command, ...args] of steps) {
    const env = { PATH: `${join(toolsDir, 'node_modules', '.bin')}:${process.env.PATH}` };
    const ended = await runProgram(command, args, { cwd: project, env });
    if (ended.code !== 0) throw new Error(`${ended.stdout}${ended.stderr}`);
  }
  const folder = join(newDir(), 'app');
  cpSync(bundle, folder, { recursive: true });
  const prebuilds = join(packed.current.installed, 'prebuilds', platformDir);
  for (const name of [addonName, libraryName])
    copyFileSync(join(prebuilds, name), join(folder, name));
  const libsql = join(project, 'node_modules', '@libsql', `${platformDir}-gnu`, 'index.node');
  copyFileSync(libsql, join(folder, 'libsql.node'));
  return folder;
}

/** Starts the program, and gives its responses to a request and to an asynchronous one. */
async function responses(folder: string, command: string, ...args: string[]): Promise<unknown[]> {
  const sandbox = await startSandbox();
  const running = startProgram(command, args, {
    cwd: newDir(),
    env: {
      ...sandbox.env,
      WEWORK_SPEC_ADDON: join(folder, addonName),
      WEWORK_SPEC_STORE_ADDON: join(folder, 'libsql.node'),
      WEWORK_SPEC_DATA_DIR: newDir(),
      WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null',
    },
  });
  try {
    sandbox.programs.address = `http://127.0.0.1:${await portOf(running)}`;
    const { response } = await sandbox.call('echo', { n: 1 });
    const { result } = await sandbox.callAsync('echo', { n: 2 });
    return [response, JSON.parse((await result()).response_data as string)];
  } finally {
    running.process.kill();
    await running.ended;
    await sandbox.stop();
  }
}

const both = [{ request: { n: 1 } }, { request: { n: 2 } }];
const node = process.execPath;

beforeAll(() => {
  // The port of the zone may be taken here.
  const program = files.get('program.mjs') as string;
  writeFileSync(
    join(project, 'program.mjs'),
    program.replace(
      'program.listen({ signals: true });',
      "program.listen({ port: 0, host: '127.0.0.1', signals: true }).then(({ port }) => console.log('port', port));",
    ),
  );
});

test('the Chinese page has the same code', () => {
  expect(blocks(page(join('zh', 'guide')))).toEqual(blocks(docs));
});

test.each<[name: string, program: string, ...steps: [string, ...string[]][]]>([
  ['esbuild, as ES module', 'program.mjs', [node, 'esbuild-esm.mjs']],
  ['Rollup', 'program.cjs', [node, tool('rollup', 'dist', 'bin', 'rollup'), '-c']],
  ['webpack', 'program.cjs', [node, 'webpack.mjs']],
])('a program bundled by %s calls, and stores jobs', async (_, program, ...steps) => {
  const folder = await bundled(...steps);
  expect(await responses(folder, node, join(folder, program))).toEqual(both);
});

describe('a program bundled by esbuild, as CommonJS,', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await bundled([node, 'esbuild-cjs.mjs']);
  });

  test('calls, and stores jobs', async () => {
    expect(await responses(folder, node, join(folder, 'program.cjs'))).toEqual(both);
  });

  test.each([
    ['sandbox', 'wework_spec_sandbox.node'],
    ['vendor', 'wework_spec_vendor.node'],
  ])(
    'without an addon for the %s SDK ends with an error that names WEWORK_SPEC_ADDON',
    async (sdk, file) => {
      const { code, stderr } = await runProgram(node, [join(folder, 'program.cjs')], {
        cwd: newDir(),
        env: { WEWORK_SPEC_SDK: sdk },
      });
      const [message = ''] = /^.*ERR_SPEC_NOT_BUILT.*$|^.*There is no addon.*$/m.exec(stderr) ?? [];
      expect(code).toBe(1);
      expect(message).toContain(`copy ${file} `);
      expect(message).toContain('WEWORK_SPEC_ADDON');
      expect(message).not.toMatch(/build-addon|npx|Looked for/);
    },
  );

  test('without store-thread.cjs names it', async () => {
    const alone = newDir();
    copyFileSync(join(folder, 'program.cjs'), join(alone, 'program.cjs'));
    const dataDir = newDir();
    // A program opens a store that exists when it starts.
    writeFileSync(join(dataDir, 'store.db'), '');
    const { code, stderr } = await runProgram(node, [join(alone, 'program.cjs')], {
      cwd: newDir(),
      env: {
        WEWORK_SPEC_SDK: 'sandbox',
        WEWORK_SPEC_ADDON: join(folder, addonName),
        WEWORK_SPEC_DATA_DIR: dataDir,
      },
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/\(store-thread\.js\).*WEWORK_SPEC_STORE_ADDON/);
  });

  test('becomes a single executable application', async () => {
    const made = await bundled(['sh', '-e', 'sea.sh']);
    expect(await responses(made, join(made, 'program'))).toEqual(both);
  });
});

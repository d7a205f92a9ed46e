import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { portOf, runProgram, startProgram } from '../support/child';
import { codeBlocks } from '../support/markdown';
import { tool, toolsDir } from '../support/package-tools';
import { addonName, libraryName, packedPackage, platformDir } from '../support/packed-package';
import { startSandbox } from '../support/sandbox';
import { tempDirs } from '../support/temp-dir';

// The recipes of docs/guide/bundlers.md. The bundle runs in a folder without node_modules.

jest.setTimeout(300_000);
const newDir = tempDirs();
const packed = packedPackage();
const files = new Map(codeBlocks('docs/guide/bundlers.md').map(({ name, code }) => [name, code]));

let project: string;

beforeAll(() => {
  project = packed.current.project;
  for (const [name, code] of files) writeFileSync(join(project, name), code);
  mkdirSync(join(project, 'node_modules', '@rollup'), { recursive: true });
  const plugins = ['commonjs', 'json', 'node-resolve'].map((name) => `@rollup/plugin-${name}`);
  for (const name of ['esbuild', 'rollup', 'webpack', 'webpack-cli', 'postject', ...plugins]) {
    symlinkSync(join(toolsDir, 'node_modules', name), join(project, 'node_modules', name));
  }
});

/** A block of commands, with the sandbox's files for the vendor's, which nobody but its customers has. */
function commands(name: string, folder = '/app/bundle'): string {
  return (files.get(name) as string)
    .replaceAll('out/vendor/Release', `prebuilds/${platformDir}`)
    .replaceAll('wework_spec_vendor.node', addonName)
    .replaceAll('libWeWorkSpecSDK.so', libraryName)
    .replaceAll('linux-x64', platformDir)
    .replaceAll('/app/bundle', folder)
    .replace('/usr/local/bin/node', process.execPath);
}

/** Runs steps of the page, and moves the bundle with the addons to a folder of its own. */
async function bundled(...steps: [command: string, ...args: string[]][]): Promise<string> {
  const bundle = join(project, 'bundle');
  rmSync(bundle, { recursive: true, force: true });
  for (const [command, ...args] of [...steps, ['sh', '-ec', commands('copy.sh')] as const]) {
    const env = { PATH: `${join(toolsDir, 'node_modules', '.bin')}:${process.env.PATH}` };
    const ended = await runProgram(command, args, { cwd: project, env });
    if (ended.code !== 0) throw new Error(`${ended.stdout}${ended.stderr}`);
  }
  const folder = join(newDir(), 'app');
  renameSync(bundle, folder);
  return folder;
}

/** Starts the program as the page does, and gives its responses to a request and to an asynchronous one. */
async function responses(folder: string, start: string): Promise<unknown[]> {
  const sandbox = await startSandbox();
  const [variables = ''] = commands('run.sh', folder).split(process.execPath);
  const running = startProgram('sh', ['-ec', `export ${variables}\nexec ${start}`], {
    cwd: newDir(),
    env: {
      ...sandbox.env,
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

test.each<[name: string, program: string, ...steps: [string, ...string[]][]]>([
  ['esbuild, as ES module', 'program.mjs', [node, 'esbuild-esm.mjs']],
  ['Rollup', 'program.cjs', [node, tool('rollup', 'dist', 'bin', 'rollup'), '-c']],
  ['webpack', 'program.cjs', ['webpack']],
])('a program bundled by %s calls, and stores jobs', async (_, program, ...steps) => {
  const folder = await bundled(...steps);
  expect(await responses(folder, `${node} ${join(folder, program)}`)).toEqual(both);
});

describe('a program bundled by esbuild, as CommonJS,', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await bundled([node, 'esbuild-cjs.mjs']);
  });

  test('calls, and stores jobs', async () => {
    expect(await responses(folder, `${node} ${join(folder, 'program.cjs')}`)).toEqual(both);
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
    const made = await bundled([node, 'esbuild-cjs.mjs'], ['sh', '-e', 'sea.sh']);
    expect(await responses(made, join(made, 'program'))).toEqual(both);
  });
});

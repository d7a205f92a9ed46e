import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { type Ended, node, portOf, root, runProgram, startProgram } from '../support/child';
import { makeStandinSdk, objectDir } from '../support/standin-sdk';
import { tempDirs } from '../support/temp-dir';
import { PROGRAM, testFile } from '../support/tested-program';

// What a user installs: the packed package, in an empty folder, without network and without install scripts.

jest.setTimeout(300_000);
const newDir = tempDirs();
const platformDir = `linux-${process.arch}`;
const addonName = 'wework_spec_sandbox.node';
const libraryName = 'libWeWorkSpecSandbox.so';
/** In the tarball, so that nothing has to be fetched. */
const bundled = runTimeDependencies();

let project: string;
let installed: string;
let packed: string[];
let tarball: string;

async function output(command: string, args: readonly string[], cwd = root): Promise<string> {
  const ended = await runProgram(command, args, {
    cwd,
    // An empty cache: nothing can come from elsewhere.
    env: { npm_config_cache: join(project, '.npm'), npm_config_update_notifier: 'false' },
  });
  if (ended.code !== 0)
    throw new Error(`${command} ${args.join(' ')}\n${ended.stdout}${ended.stderr}`);
  return ended.stdout;
}

async function pack(folder: string): Promise<{ file: string; files: string[] }> {
  const json = await output('npm', ['pack', '--json', '--ignore-scripts', folder], project);
  const [{ filename, files }] = JSON.parse(json);
  tarball = join(project, filename);
  return {
    file: tarball,
    files: files.map(({ path }: { path: string }) => path).sort(),
  };
}

/** The checkout without what git ignores, but with what the package needs of it. */
function copyCheckout(): string {
  const copy = join(newDir(), 'checkout');
  mkdirSync(copy);
  const left = new Set(['.git', 'node_modules', 'out', 'build', 'prebuilds']);
  for (const entry of readdirSync(root)) {
    if (!left.has(entry)) cpSync(join(root, entry), join(copy, entry), { recursive: true });
  }
  for (const folder of bundled) cpSync(join(root, folder), join(copy, folder), { recursive: true });
  const prebuilds = join(copy, 'prebuilds', platformDir);
  const made = join(root, 'prebuilds', platformDir);
  if (existsSync(made)) {
    cpSync(made, prebuilds, { recursive: true });
  } else {
    // `npm run prebuildify` was not run: what it makes is the same build.
    mkdirSync(prebuilds, { recursive: true });
    for (const file of [addonName, libraryName]) {
      copyFileSync(join(root, 'out', 'sandbox', 'Release', file), join(prebuilds, file));
    }
  }
  return copy;
}

/** The folders of all packages that come with ours. */
function runTimeDependencies(): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { inBundle?: boolean }>;
  };
  return Object.entries(packages)
    .filter(([, { inBundle }]) => inBundle === true)
    .map(([folder]) => folder);
}

beforeAll(async () => {
  project = newDir();
  writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
  const ours = await pack(copyCheckout());
  packed = ours.files;
  await output(
    'npm',
    ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', ours.file],
    project,
  );
  installed = join(project, 'node_modules', 'wework-spec-sdk');
});

describe('the packed package', () => {
  /** Everything that may be in it, and what must be of each. */
  const patterns: [pattern: RegExp, example: string][] = [
    [/^package\.json$/, 'package.json'],
    [/^README(\.zh-CN)?\.md$/, 'README.md'],
    [/^LICENSE$/, 'LICENSE'],
    [/^CMakeLists\.txt$/, 'CMakeLists.txt'],
    [/^scripts\/build-addon\.mjs$/, 'scripts/build-addon.mjs'],
    ...bundled.map((folder): [RegExp, string] => [
      new RegExp(`^${folder}/[\\w./@+-]+$`),
      `${folder}/package.json`,
    ]),
    [/^node_modules\/node-addon-api\//, 'node_modules/node-addon-api/napi.h'],
    [/^node_modules\/node-api-headers\//, 'node_modules/node-api-headers/include/node_api.h'],
    [/^node_modules\/@libsql\/linux-/, `node_modules/@libsql/${platformDir}-gnu/index.node`],
    [/^docs\/[\w.-]+\.md$/, 'docs/sandbox-protocol.md'],
    [/^dist\/(?:[\w-]+\/)*[\w-]+\.(?:js|js\.map|mjs|d\.ts|d\.mts)$/, 'dist/index.js'],
    [/^native\/(?:[\w-]+\/)*[\w-]+\.(?:cc|h|map|json)$/, 'native/addon.cc'],
    [/^native\/sandbox\/CMakeLists\.txt$/, 'native/sandbox/CMakeLists.txt'],
    [
      /^prebuilds\/linux-(?:x64|arm64)\/wework_spec_sandbox\.node$/,
      `prebuilds/${platformDir}/${addonName}`,
    ],
    [
      /^prebuilds\/linux-(?:x64|arm64)\/libWeWorkSpecSandbox\.so$/,
      `prebuilds/${platformDir}/${libraryName}`,
    ],
  ];

  test('contains no file that is not listed here', () => {
    const strange = packed.filter((file) => !patterns.some(([pattern]) => pattern.test(file)));
    expect(strange).toEqual([]);
  });

  test.each(patterns)('contains %s', (_, example) => {
    expect(packed).toContain(example);
  });

  test('contains every source that CMake compiles', async () => {
    const sources = (await output('git', ['ls-files', 'native', 'CMakeLists.txt']))
      .trim()
      .split('\n');
    expect(packed).toEqual(expect.arrayContaining(sources));
  });

  test('contains no file of the vendor', () => {
    expect(packed.filter((file) => file.includes('WeWorkSpecSDK'))).toEqual([]);
  });

  test('has no binding.gyp, which npm ci would build', () => {
    expect(packed.filter((file) => file.endsWith('binding.gyp') && !file.includes('/'))).toEqual(
      [],
    );
  });

  test('runs no script when it is installed', () => {
    const { scripts = {}, gypfile } = JSON.parse(
      readFileSync(join(installed, 'package.json'), 'utf8'),
    );
    expect(gypfile).toBe(false);
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) {
      expect(scripts).not.toHaveProperty(name);
    }
  });

  test('declares every file that its exports name', () => {
    const { exports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    const named = JSON.stringify(exports).match(/\.\/[^"]+\.[a-z]+/g) ?? [];
    expect(named.length).toBeGreaterThan(8);
    for (const file of named) expect(existsSync(join(installed, file))).toBe(true);
  });
});

const program = `
import { SpecCallbackSDK, SpecSdk } from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { withSandbox } from 'wework-spec-sdk/testing';

async function main(): Promise<void> {
  await (await withSandbox(() => {})).stop();
  const platform = await ZoneSandbox.start();
  Object.assign(process.env, platform.env, { WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null' });
  const request = platform.wire.seal({ data: { text: '你好' } });
  const callback = new SpecCallbackSDK(request.method, request.headers, request.body);
  const { headers, body } = callback.BuildResponseHeaderBody(callback.GetData());
  const { ret } = await new SpecSdk('corp', 1).Invoke('sync_msg', '{}');
  console.log(JSON.stringify([platform.wire.open(request, headers, body), ret]));
  await platform.stop();
}
void main();
`;
const roundTrip = [{ kind: 'response', text: '{"text":"你好"}' }, 0];

async function run(...args: string[]): Promise<unknown> {
  const { code, signal, stdout, stderr } = await runProgram(node, args, { cwd: project });
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  return JSON.parse(stdout);
}

describe('a program in an empty folder', () => {
  const body = program.slice(program.indexOf('async function')).replace(': Promise<void>', '');

  test('imports it as ES module', async () => {
    const imports = program.slice(0, program.indexOf('async function'));
    writeFileSync(join(project, 'program.mjs'), imports + body);
    expect(await run('program.mjs')).toEqual(roundTrip);
  });

  test('requires it', async () => {
    const requires = `const { SpecCallbackSDK, SpecSdk } = require('wework-spec-sdk');
const { ZoneSandbox } = require('wework-spec-sdk/sandbox');
const { withSandbox } = require('wework-spec-sdk/testing');\n`;
    writeFileSync(join(project, 'program.cjs'), requires + body);
    expect(await run('program.cjs')).toEqual(roundTrip);
  });

  test('stores and reports a job with the packed package', async () => {
    writeFileSync(
      join(project, 'job.mjs'),
      `import { ZoneProgram } from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
const platform = await ZoneSandbox.start();
Object.assign(process.env, platform.env, { WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null' });
const program = new ZoneProgram().ability('job', (request) => ({ request }));
const { port } = await program.listen({ port: 0, host: '127.0.0.1' });
platform.programs.address = \`http://127.0.0.1:\${port}\`;
const { result } = await platform.callAsync('job', { n: 1 });
const { response_data } = await result();
await program.close();
await platform.stop();
console.log(response_data);
`,
    );
    expect(await run('job.mjs')).toEqual({ request: { n: 1 } });
  });

  // As packed, because vitest takes what is linked for a source of the project: docs/guide/tests.md.
  describe('can be tested by vitest without configuration,', () => {
    const hooks = `import { test, beforeAll, beforeEach, afterAll } from 'vitest';
const before = beforeAll, after = afterAll;`;
    const script = "new URL('./app.js', import.meta.url)";

    async function vitest(pool: string, program: string): Promise<Ended> {
      const folder = join(newDir(), 'project');
      mkdirSync(join(folder, 'node_modules'), { recursive: true });
      symlinkSync(installed, join(folder, 'node_modules', 'wework-spec-sdk'));
      symlinkSync(join(root, 'node_modules', 'vitest'), join(folder, 'node_modules', 'vitest'));
      writeFileSync(join(folder, 'package.json'), '{ "private": true }');
      writeFileSync(join(folder, 'app.js'), PROGRAM);
      writeFileSync(join(folder, 'app.test.mjs'), testFile(program, { hooks, esm: true }));
      const command = join(folder, 'node_modules', 'vitest', 'vitest.mjs');
      return runProgram(process.execPath, [command, 'run', ...(pool ? ['--pool', pool] : [])], {
        cwd: folder,
        env: { CI: 'true', NO_COLOR: '1' },
      });
    }

    test.each([
      ['with the program in the process of the test', '', 'listener'],
      ['with the program in a vm context', 'vmForks', 'listener'],
      ['with the program in a worker thread', 'threads', 'listener'],
      ['with the program in its own process', '', script],
      ['with the program in its own process, started from a worker thread', 'threads', script],
    ])('%s', async (_, pool, program) => {
      const ended = await vitest(pool, program);
      expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/Tests +2 passed/) });
    });
  });

  test('imports it dynamically from CommonJS', async () => {
    const imports = `(async () => {
const { SpecCallbackSDK, SpecSdk } = await import('wework-spec-sdk');
const { ZoneSandbox } = await import('wework-spec-sdk/sandbox');
const { withSandbox } = await import('wework-spec-sdk/testing');\n`;
    writeFileSync(join(project, 'dynamic.cjs'), `${imports}${body}})();\n`);
    expect(await run('dynamic.cjs')).toEqual(roundTrip);
  });

  test.each(['wework-spec-sdk', 'wework-spec-sdk/sandbox', 'wework-spec-sdk/testing'])(
    'gets the same objects from import and require of %s',
    async (name) => {
      writeFileSync(
        join(project, 'same.mjs'),
        `import { createRequire } from 'node:module';
         import * as imported from '${name}';
         const required = createRequire(import.meta.url)('${name}');
         const names = Object.keys(imported).filter((name) => name !== 'default');
         console.log(JSON.stringify({
           names,
           requiredNames: Object.keys(required).sort(),
           different: names.filter((name) => imported[name] !== required[name]),
         }));`,
      );
      const { names, requiredNames, different } = (await run('same.mjs')) as Record<
        string,
        string[]
      >;
      expect(names).not.toEqual([]);
      expect(names).toEqual(requiredNames);
      expect(different).toEqual([]);
    },
  );

  test.each([
    ['nodenext', 'nodenext', 'mts', 'mjs'],
    ['nodenext', 'nodenext', 'cts', 'cjs'],
    ['esnext', 'bundler', 'mts', 'mjs'],
    ['preserve', 'bundler', 'ts', 'mjs'],
    ['commonjs', 'bundler', 'cts', 'cjs'],
  ])(
    'compiles with TypeScript, module %s, resolution %s, as .%s',
    async (module, moduleResolution, extension, ran) => {
      const dir = join(project, `${module}-${moduleResolution}-${extension}`);
      mkdirSync(dir);
      writeFileSync(join(dir, `program.${extension}`), program);
      writeFileSync(
        join(dir, 'tsconfig.json'),
        JSON.stringify({
          compilerOptions: {
            module,
            moduleResolution,
            target: 'es2022',
            lib: ['es2022'],
            strict: true,
            skipLibCheck: false,
            types: ['node'],
            typeRoots: [join(root, 'node_modules', '@types')],
          },
          files: [`program.${extension}`],
        }),
      );
      await output(join(root, 'node_modules', 'typescript', 'bin', 'tsc'), ['-p', dir]);
      const compiled = join(dir, extension === 'ts' ? 'program.js' : `program.${ran}`);
      // "preserve" leaves it to a bundler to make a module of it.
      if (extension === 'ts') copyFileSync(compiled, join(dir, 'program.mjs'));
      expect(await run(join(dir, `program.${ran}`))).toEqual(roundTrip);
    },
  );

  test('has the command wework-spec', async () => {
    const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(await output('npx', ['--offline', 'wework-spec', '--version'], project)).toBe(
      `${version}\n`,
    );
  });

  test('cannot import files that the package does not export', async () => {
    const ended = await runProgram(
      node,
      ['-e', "require('wework-spec-sdk/dist/binding/load.js')"],
      {
        cwd: project,
      },
    );
    expect(ended.stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  test('uses the installed prebuild', async () => {
    const { addonFile, libraryFile } = (await run(
      '-e',
      "process.env.WEWORK_SPEC_SDK = 'sandbox'; console.log(JSON.stringify(require('wework-spec-sdk').GetSdkInfo()))",
    )) as Record<string, string>;
    expect(addonFile).toBe(join(installed, 'prebuilds', platformDir, addonName));
    expect(libraryFile).toBe(join(installed, 'prebuilds', platformDir, libraryName));
  });

  test('builds the addon from the installed sources', async () => {
    const build = join(project, 'build');
    await output(node, [join(installed, 'scripts', 'build-addon.mjs'), '--build-dir', build]);
    const { addonFile } = (await run(
      '-e',
      `process.env.WEWORK_SPEC_SDK = 'sandbox';
       process.env.WEWORK_SPEC_ADDON = ${JSON.stringify(join(build, 'Release', addonName))};
       console.log(JSON.stringify(require('wework-spec-sdk').GetSdkInfo()))`,
    )) as Record<string, string>;
    expect(addonFile).toBe(join(build, 'Release', addonName));
  });
});

describe('with the vendor’s SDK, in a folder that contains only the tarball and the SDK', () => {
  const archive = 'cpp_sdk-1.3.1.tar.gz';
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  let folder: string;
  let sdkDir: string;
  let prefix: string[] = [];
  /** The first build here compiles everything; that the others would too shows nothing new. */
  const compiledBefore = { WEWORK_SPEC_OBJECT_DIR: objectDir };

  /** The block of the README under a marker such as `<!-- vendor.sh -->`. */
  function block(marker: string, text = readme): string[] {
    const start = text.indexOf('\n', text.indexOf('```', text.indexOf(`<!-- ${marker} -->`))) + 1;
    return text.slice(start, text.indexOf('```', start)).trimEnd().split('\n');
  }

  async function shell(line: string, cwd = folder, more: NodeJS.ProcessEnv = {}): Promise<string> {
    const [command = '', ...args] = [...prefix, 'sh', '-c', line];
    const ended = await runProgram(command, args, {
      cwd,
      env: {
        npm_config_cache: join(folder, '.npm'),
        npm_config_ignore_scripts: 'true',
        npm_config_update_notifier: 'false',
        npm_config_fund: 'false',
        npm_config_audit: 'false',
        npm_config_registry: 'http://127.0.0.1:9/',
        npm_config_fetch_retries: '0',
        npm_config_loglevel: 'error',
        ...more,
      },
    });
    expect({ line, ...ended }).toMatchObject({ line, code: 0, signal: null, stderr: '' });
    return ended.stdout;
  }

  /**
   * Runs the program of the README, cuts a request off in the middle of its body, and gives the response to an event that
   * comes after it.
   */
  async function responseOfProgram(file: string): Promise<string> {
    // The port of the zone may be taken here.
    const source = readFileSync(file, 'utf8');
    expect(source).toContain('await program.listen(');
    writeFileSync(
      file,
      source.replace(
        /await program\.listen\(.*\);/,
        "console.log('port', (await program.listen({ port: 0, host: '127.0.0.1' })).port);",
      ),
    );
    const running = startProgram(node, [file], { cwd: newDir() });
    const port = Number(await portOf(running));
    try {
      await cutOffRequest(port);
      const event = { event_type: 'conversation_new_message', timestamp: 1 };
      const content = { conversation_new_message: { token: 't' } };
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        body: JSON.stringify({ ...event, ...content }),
      });
      return await response.text();
    } finally {
      running.process.kill();
      await running.ended;
    }
  }

  /** Sends half of what it announces, and resolves when the program has closed the connection on its side, too. */
  function cutOffRequest(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('POST / HTTP/1.1\r\nHost: program\r\nContent-Length: 100\r\n\r\nhalf');
        socket.end();
      });
      socket
        .on('error', reject)
        .on('close', () => resolve())
        .resume();
    });
  }

  /** The folder of somebody who followed the README up to the image. */
  function readyForImage(): string {
    const context = newDir();
    for (const file of ['package.json', 'package-lock.json', basename(tarball), archive]) {
      copyFileSync(join(folder, file), join(context, file));
    }
    writeFileSync(join(context, 'program.mjs'), `${block('vendor.mjs').join('\n')}\n`);
    return context;
  }

  /**
   * Follows a Dockerfile without an engine: each stage is a folder into which only COPY brings anything. What it installs with
   * apt-get is on this machine.
   *
   * @returns the folder of the last stage, and its start command
   */
  async function follow(dockerfile: readonly string[], context: string) {
    const stages = new Map<string, string>();
    let image = '';
    let workDir = '/';
    let start: string[] = [];
    for (const line of dockerfile) {
      const [instruction = '', ...words] = line.split(' ');
      const rest = line.slice(instruction.length + 1);
      if (instruction === 'FROM') {
        image = newDir();
        workDir = '/';
        stages.set(words[2] ?? 'last', image);
      } else if (instruction === 'WORKDIR') {
        workDir = rest;
        mkdirSync(join(image, workDir), { recursive: true });
      } else if (instruction === 'COPY') {
        const stage = /^--from=(\w+)$/.exec(words[0] ?? '')?.[1];
        const from = stage === undefined ? context : (stages.get(stage) as string);
        const [to = '', ...sources] = words.slice(stage === undefined ? 0 : 1).reverse();
        const target = join(image, to.startsWith('/') ? to : join(workDir, to));
        for (const source of sources) copyInto(from, source, target, to.endsWith('/'));
      } else if (instruction === 'RUN' && /^(npm|npx) /.test(rest)) {
        const command = rest.replace(/ (\/\w+)/g, (_, path) => ` ${join(image, path)}`);
        await shell(command, join(image, workDir), compiledBefore);
      } else if (instruction === 'CMD') {
        start = JSON.parse(rest);
      } else {
        expect(line).toMatch(/^(RUN apt-get .*)?$/);
      }
    }
    return { image, start };
  }

  function copyInto(from: string, pattern: string, target: string, isFolder: boolean): void {
    if (pattern.startsWith('/')) {
      cpSync(join(from, pattern), target, { recursive: true, verbatimSymlinks: true });
      return;
    }
    const name = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
    const files = readdirSync(from).filter((file) => name.test(file));
    // As Docker does: what is to be copied must be there.
    if (files.length === 0) throw new Error(`COPY: nothing is called ${pattern}`);
    if (isFolder) mkdirSync(target, { recursive: true });
    for (const file of files) copyFileSync(join(from, file), join(target, file));
  }

  beforeAll(async () => {
    folder = newDir();
    sdkDir = newDir();
    copyFileSync(tarball, join(folder, basename(tarball)));
    await makeStandinSdk(join(sdkDir, 'cpp_sdk-1.3.1'), {
      switches: ['STANDIN_OPENSSL'],
      compilerArgs: ['-lssl', '-lcrypto'],
    });
    await output('tar', ['-czf', join(folder, archive), '-C', sdkDir, '.'], project);
    // A network of its own, without any other machine, where the system allows that.
    const alone = await runProgram('unshare', ['-rn', 'true']).catch(() => ({ code: 1 }));
    if (alone.code === 0) prefix = ['unshare', '-rn'];
  });

  test('npm install, build, doctor and a program work one after the other, as in the README', async () => {
    expect(block('vendor.sh', readFileSync(join(root, 'README.zh-CN.md'), 'utf8'))).toEqual(
      block('vendor.sh'),
    );
    const [install = '', build = '', doctor = ''] = block('vendor.sh');
    await shell(install);
    const built = await shell(build);
    expect(built).toContain('19 of 19 documented declarations found');
    expect(built).toMatch(/^Next +npx wework-spec doctor$/m);
    const looked = await shell(doctor);
    expect(looked).not.toMatch(/^fail/m);
    expect(looked).toMatch(/^ok +SDK +vendor \(WEWORK_SPEC_SDK is not set\)$/m);
    expect(looked).toMatch(/^ok +install scripts +blocked/m);
    expect(looked).toMatch(/^ok +OpenSSL .*all of the SDK's functions from/m);
    const program = join(folder, 'program.mjs');
    writeFileSync(program, block('vendor.mjs').join('\n'));
    expect(await responseOfProgram(program)).toBe('<{"errcode":0,"errmsg":"ok"}>');
  });

  test('npm ci works with scripts allowed, without CMake and a compiler, and builds nothing', async () => {
    const project = newDir();
    for (const file of ['package.json', 'package-lock.json', basename(tarball)]) {
      copyFileSync(join(folder, file), join(project, file));
    }
    // Where node, npm and a shell are, and nothing that could build.
    const path = newDir();
    for (const command of ['sh', 'env', 'node', 'npm', ...prefix.slice(0, 1)]) {
      const [found = ''] = (await output('sh', ['-c', `command -v ${command}`])).split('\n');
      symlinkSync(command === 'node' ? process.execPath : realpathSync(found), join(path, command));
    }
    await shell('npm ci --foreground-scripts', project, {
      PATH: path,
      npm_config_ignore_scripts: 'false',
    });
    const { ok } = JSON.parse(
      await shell(
        `node -e "console.log(JSON.stringify({ ok: require('wework-spec-sdk').GetSdkInfo().sdk }))"`,
        project,
        { PATH: path, WEWORK_SPEC_SDK: 'sandbox' },
      ),
    );
    expect(ok).toBe('sandbox');
  });

  test('the steps of the Dockerfile make an image whose program runs, without the SDK', async () => {
    const dockerfile = block('Dockerfile');
    expect(block('Dockerfile', readFileSync(join(root, 'README.zh-CN.md'), 'utf8'))).toEqual(
      dockerfile,
    );
    const { image, start } = await follow(dockerfile, readyForImage());
    expect(start).toEqual(['/usr/local/bin/node', expect.stringMatching(/^\/app\//)]);
    expect(existsSync(join(image, 'sdk'))).toBe(false);
    expect(await responseOfProgram(join(image, start[1] as string))).toBe(
      '<{"errcode":0,"errmsg":"ok"}>',
    );
  });

  test('a prebuild packed by a team runs after link has linked the library', async () => {
    const [build = '', pack = '', link = ''] = block('prebuild.sh');
    await shell(build, folder, compiledBefore);
    const file = (await shell(pack)).trim().split('\n').at(-1) as string;
    const listed = await output('tar', ['-tf', join(folder, file)], project);
    expect(listed).toContain(`package/prebuilds/${platformDir}/wework_spec_vendor.node`);
    expect(listed).not.toContain('libWeWorkSpecSDK.so');
    const other = newDir();
    for (const name of [file, archive]) copyFileSync(join(folder, name), join(other, name));
    await shell(`npm install ./${file}`, other);
    await shell(link, other);
    const program = join(other, 'program.mjs');
    writeFileSync(program, block('vendor.mjs').join('\n'));
    expect(await responseOfProgram(program)).toBe('<{"errcode":0,"errmsg":"ok"}>');
  });
});

describe('the addon', () => {
  /** Names in the body of a declaration of native.d.ts. */
  function declared(header: string, member: RegExp): string[] {
    const text = readFileSync(join(root, 'lib', 'binding', 'native.d.ts'), 'utf8');
    const start = text.indexOf(header);
    expect(start).toBeGreaterThan(0);
    const body = text.slice(start, text.indexOf('\n}', start));
    return [...new Set(Array.from(body.matchAll(member), ([, name]) => name as string))].sort();
  }

  test('exports exactly what native.d.ts declares', async () => {
    const addon = join(installed, 'prebuilds', platformDir, addonName);
    const exported = (await run(
      '-e',
      `const module = { exports: {} };
       process.dlopen(module, ${JSON.stringify(addon)});
       const { exports } = module;
       const methods = (of) => Object.getOwnPropertyNames(of.prototype).sort();
       console.log(JSON.stringify({
         binding: Object.keys(exports).sort(),
         CallbackSdk: methods(exports.CallbackSdk),
         SpecSdk: methods(exports.SpecSdk),
         info: Object.keys(exports.GetSdkInfo()).sort(),
         pool: Object.keys(exports.GetSdkInfo().threadPool).sort(),
       }))`,
    )) as Record<string, string[]>;
    const member = /^ {2}(?:readonly )?(\w+)[(:]/gm;
    expect(exported).toEqual({
      binding: declared('interface NativeBinding {', member),
      CallbackSdk: declared('class CallbackSdk {', member),
      SpecSdk: declared('class SpecSdk {', member),
      info: declared('interface SdkInfo {', member),
      pool: declared('threadPool: {', /^ {4}(\w+):/gm),
    });
  });
});

describe.each([addonName, libraryName])('%s', (name) => {
  const isAddon = name === addonName;
  let file: string;
  beforeAll(() => {
    file = join(installed, 'prebuilds', platformDir, name);
  });

  test('finds the SDK library beside it only', async () => {
    const dynamic = await output('readelf', ['-dW', file]);
    const values = (tag: string) =>
      Array.from(
        dynamic.matchAll(new RegExp(`\\(${tag}\\).*\\[(.*)\\]`, 'g')),
        ([, value]) => value,
      );
    expect(values('RPATH')).toEqual([]);
    expect(values('RUNPATH')).toEqual(isAddon ? ['$ORIGIN'] : []);
    expect(values('SONAME').filter((soname) => soname !== addonName)).toEqual(
      isAddon ? [] : [libraryName],
    );
    expect(values('NEEDED').includes(libraryName)).toBe(isAddon);
    expect(values('NEEDED').filter((needed) => needed?.includes('/'))).toEqual([]);
  });

  test('resolves all symbols at load and is never unloaded', async () => {
    const dynamic = await output('readelf', ['-dW', file]);
    expect(dynamic).toMatch(/\(FLAGS\)\s+BIND_NOW/);
    expect(dynamic).toMatch(/\(FLAGS_1\).*\bNOW\b.*\bNODELETE\b/);
  });

  test('has no executable stack, and relocations are read-only after loading', async () => {
    const segments = await output('readelf', ['-lW', file]);
    expect(segments).toMatch(/GNU_STACK.* RW /);
    expect(segments).toContain('GNU_RELRO');
  });

  test('contains no path of the machine that built it', () => {
    const text = readFileSync(file, 'latin1');
    for (const folder of [root, '/tmp/', '/home/', process.cwd()]) {
      expect(text).not.toContain(folder);
    }
  });

  test('needs nothing newer than glibc 2.34 and the libstdc++ of GCC 11', async () => {
    const symbols = await output('objdump', ['-T', file]);
    const newest = (family: string) =>
      Array.from(symbols.matchAll(new RegExp(`\\b${family}_(\\d+)\\.(\\d+)(?:\\.(\\d+))?\\b`, 'g')))
        .map(([, ...parts]) => parts.map((part) => Number(part ?? 0)))
        .reduce((a, b) => (compare(a, b) >= 0 ? a : b));
    expect(compare(newest('GLIBC'), [2, 34, 0])).toBeLessThanOrEqual(0);
    expect(compare(newest('GLIBCXX'), [3, 4, 29])).toBeLessThanOrEqual(0);
    expect(compare(newest('CXXABI'), [1, 3, 13])).toBeLessThanOrEqual(0);
  });

  test('exports only the symbols of its interface', async () => {
    const symbols = await output('nm', ['-DC', '--defined-only', file]);
    const names = symbols
      .trim()
      .split('\n')
      .map((line) => line.replace(/^\S+ \S+ /, ''));
    expect(names).not.toEqual([]);
    const own = isAddon
      ? /^(?:napi_register_module_v1|node_api_module_get_api_version_v1)(?:@|$)/
      : /^(?:wework_spec_sandbox_marker$|wework_spec_sandbox::(?:ParseSettings|SettingsScope)|Tencent::WxWork::)/;
    expect(names.filter((symbol) => !own.test(symbol))).toEqual([]);
  });

  test('imports only Node-API from the node executable', async () => {
    const symbols = await output('nm', ['-DC', '--undefined-only', file]);
    expect(symbols).not.toMatch(/\b(?:v8|node)::|\buv_/);
    expect(/\bnapi_/.test(symbols)).toBe(isAddon);
  });
});

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < 3; ++i) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

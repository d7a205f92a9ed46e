import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Ended, node, root, runProgram } from '../support/child';
import { addonName, libraryName, packedPackage, platformDir } from '../support/packed-package';
import { tempDirs } from '../support/temp-dir';
import { PROGRAM, testFile } from '../support/tested-program';

// What a user installs: the packed package, from a registry, in an empty folder.

jest.setTimeout(300_000);
const newDir = tempDirs();
const packed = packedPackage();

let project: string;
let installed: string;
let files: string[];
let output: typeof packed.current.output;

beforeAll(() => {
  ({ project, installed, files, output } = packed.current);
});

describe('the packed package', () => {
  /** Paths in the checkout, new ones included. */
  async function inCheckout(...folders: string[]): Promise<string[]> {
    const args = ['ls-files', '--cached', '--others', '--exclude-standard', ...folders];
    return (await output('git', args, root)).trim().split('\n');
  }

  /** What scripts/build-lib.mjs makes of lib/. */
  async function built(): Promise<string[]> {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const modules = JSON.stringify(exports).match(/\bdist\/[\w/-]+\.(?:d\.mts|mjs)\b/g);
    const compiled = (await inCheckout('lib')).flatMap((path) => {
      const target = path.replace(/^lib\//, 'dist/');
      if (path.endsWith('.d.ts')) return [target];
      return ['.js', '.js.map', '.d.ts'].map((end) => target.replace(/\.ts$/, end));
    });
    return [...compiled, ...(modules ?? [])];
  }

  test('contains exactly the files that files.txt lists, what is built from lib/, and native/', async () => {
    const list = readFileSync(join(__dirname, 'files.txt'), 'utf8')
      .replaceAll('<platform>', platformDir)
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('#'));
    const expected = [...list, ...(await built()), ...(await inCheckout('native'))];
    expect(files).toEqual(expected.sort());
  });
  test('contains every source that CMake compiles', async () => {
    const sources = (await output('git', ['ls-files', 'native', 'CMakeLists.txt'], root))
      .trim()
      .split('\n');
    expect(files).toEqual(expect.arrayContaining(sources));
  });

  test('contains no file of the vendor', () => {
    expect(files.filter((file) => file.includes('WeWorkSpecSDK'))).toEqual([]);
  });

  test('has no binding.gyp, which npm ci would build', () => {
    expect(files.filter((file) => file.endsWith('binding.gyp') && !file.includes('/'))).toEqual([]);
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

test.each(['wework-spec-sdk', 'wework-spec-sdk/fastify'])(
  'importing %s loads no other package, and nothing of the sandbox and the commands',
  async (name) => {
    const shown = `console.log(JSON.stringify(Object.keys(require.cache)))`;
    const loaded = (await run('-e', `require('${name}'); ${shown}`)) as string[];
    const own = join(installed, 'dist');
    const modules = loaded.map((file) =>
      file.startsWith(own) ? file.slice(own.length + 1) : file,
    );
    const entry = name === 'wework-spec-sdk' ? 'index.js' : `program/${name.split('/')[1]}.js`;
    expect(modules).toContain(entry);
    expect(modules.filter((file) => !/^(?!sandbox|tools)[\w-]/.test(file))).toEqual([]);
  },
);

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

  test('npm ci --offline installs from a filled cache, and the program runs', async () => {
    const folder = newDir();
    for (const file of ['package.json', 'package-lock.json', 'program.cjs']) {
      copyFileSync(join(project, file), join(folder, file));
    }
    await output('npm', ['ci', '--offline', '--registry', 'http://127.0.0.1:9'], folder);
    expect(await run(join(folder, 'program.cjs'))).toEqual(roundTrip);
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

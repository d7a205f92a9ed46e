import {
  chownSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { abortedRequest } from '../support/aborted-request';
import { type Ended, portOf, type Running, root, runProgram, startProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { inRoot, lackOfDebian, run } from '../support/debian-root';
import { type Built, build } from '../support/dockerfile';
import { namedBlock } from '../support/markdown';
import { packedPackage } from '../support/packed-package';
import { makeStandinSdk, weworkSpec } from '../support/standin-sdk';
import { tempDirs } from '../support/temp-dir';

// docs/guide/image.md as a reader follows it: from the packed package to the checked tar file, in root file systems of Debian.

jest.setTimeout(600_000);
const newDir = tempDirs();
const block = (name: string) => namedBlock('docs/guide/image.md', name);
const archive = 'cpp_sdk-1.3.1.tar.gz';
const startCommand = '/bin/sh /app/start.sh';
const addon = 'app/node_modules/wework-spec-sdk/out/vendor/Release/wework_spec_vendor.node';
/** Object files of the addon, kept between runs. */
const objectDir = join(root, 'out', 'debian', 'objects');

const lacking = lackOfDebian();
if (lacking !== undefined) {
  // .ci/run sets the machine up, so that nothing can be lacking there.
  const isOptional = process.env.WEWORK_SPEC_IS_SET_UP !== '1';
  (isOptional ? test.skip : test)(`the image is not tested: ${lacking}`, () => {
    throw new Error(lacking);
  });
}

const withDebian = lacking === undefined ? describe : describe.skip;

/** Builds an image with simulated files of the vendor. */
async function buildImage(
  dockerfile: string,
  context: string,
  npm: { cache: string; env: Record<string, string> },
): Promise<Built> {
  return build(dockerfile, {
    context,
    contexts: { sdk: await sdkFolder() },
    newDir,
    caches: { '/tmp/objects': objectDir, '/tmp/npm': npm.cache },
    variables: {
      ...npm.env,
      npm_config_cache: '/tmp/npm',
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
      WEWORK_SPEC_OBJECT_DIR: '/tmp/objects',
    },
  });
}

/** The folder of the build context `sdk`. */
async function sdkFolder(): Promise<string> {
  const unpacked = newDir();
  const folder = newDir();
  await makeStandinSdk(join(unpacked, 'cpp_sdk-1.3.1'), {
    switches: ['STANDIN_OPENSSL'],
    compilerArgs: ['-lssl', '-lcrypto'],
  });
  await run('tar', ['-czf', join(folder, archive), '-C', unpacked, '.']);
  return folder;
}

/** Lets a program print the port, which is free: that of the zone may be taken here. */
function withFreePort(source: string): string {
  const listen = /(?:const \{ port \} = )?await program\.listen\(\{ signals: true \}\);/;
  expect(source).toMatch(listen);
  return source.replace(
    listen,
    `const { port } = await program.listen({ signals: true, port: 0, host: '127.0.0.1' });
console.log(\`port \${port}\`);`,
  );
}

/** Starts the program with an empty environment. */
function start(image: Built, user: string): Running {
  const running = startProgram(...inRoot(image.root, startCommand.split(' '), { user }));
  onTestEnd(async () => {
    running.process.kill('SIGKILL');
    await running.ended;
  });
  return running;
}

/** The checks that are not ok. */
async function faults(target: string, command = startCommand): Promise<Record<string, string>> {
  const args = ['image', 'check', target, '--start', command, '--json'];
  const { code, stdout } = await weworkSpec(args);
  const { ok, checks } = JSON.parse(stdout) as {
    ok: boolean;
    checks: { name: string; status: string; finding: string }[];
  };
  expect(code).toBe(ok ? 0 : 1);
  const bad = checks.filter(({ status }) => status !== 'ok');
  return Object.fromEntries(bad.map(({ name, finding }) => [name, finding]));
}

function healthCheck(image: Built, port: string): Promise<Ended> {
  const command = image.healthCheck.map((word) => word.replace('8080', port));
  return runProgram(...inRoot(image.root, command, { user: image.user }));
}

withDebian('the image of the guide', () => {
  const packed = packedPackage();
  let image: Built;

  beforeAll(async () => {
    const { npm_config_cache: cache = '', ...env } = packed.current.env as Record<string, string>;
    image = await buildImage(block('Dockerfile'), await readyForImage(), { cache, env });
  });

  /** A project as the guide requires it. */
  async function readyForImage(): Promise<string> {
    const project = newDir();
    const { tarball, output } = packed.current;
    copyFileSync(tarball, join(project, basename(tarball)));
    writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
    await output('npm', ['install', '--ignore-scripts', `./${basename(tarball)}`], project);
    writeFileSync(
      join(project, 'program.mjs'),
      withFreePort(namedBlock('README.md', 'vendor.mjs')),
    );
    writeFileSync(join(project, 'start.sh'), block('start.sh'));
    return project;
  }

  test('contains neither the archive of the SDK nor a compiler', () => {
    for (const path of ['sdk', 'usr/bin/g++', 'app/wework-spec-sdk-0.1.0.tgz']) {
      expect(existsSync(join(image.root, path))).toBe(false);
    }
    expect(image.user).toBe('node');
    expect(image.command.join(' ')).toBe(startCommand);
  });

  test('passes wework-spec image check, as the tar file of docker export', async () => {
    const check = block('image.sh').trim().split('\n').at(-1) as string;
    expect(check).toMatch(/^npx wework-spec image check image\.tar --start '(.*)'$/);
    expect(check).toContain(`'${startCommand}'`);
    const folder = newDir();
    const tar = join(folder, 'image.tar');
    await run('tar', ['-cf', tar, '-C', image.root, '.']);
    expect(await faults(tar)).toEqual({});
    rmSync(tar);
  });

  test.each(['root', 'node'])(
    'serves when it is started as %s, without any variable',
    async (user) => {
      const running = start(image, user);
      const port = await portOf(running);
      const status = readFileSync(`/proc/${running.process.pid}/status`, 'utf8');
      expect(status).toMatch(/^Uid:\t1000\t1000\t1000\t1000$/m);
      await abortedRequest(Number(port));
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        headers: { 'ww-standin-ok': 'yes' },
        body: JSON.stringify({
          event_type: 'conversation_new_message',
          timestamp: 1,
          conversation_new_message: { token: 't' },
        }),
      });
      expect(await response.text()).toBe('<{"errcode":0,"errmsg":"ok"}>');
      expect(await healthCheck(image, port)).toMatchObject({ code: 0, stderr: '' });
      running.process.kill('SIGTERM');
      expect(await running.ended).toMatchObject({ code: 0, signal: null });
      expect((await healthCheck(image, port)).code).toBe(1);
    },
  );

  describe.each<[what: string, spoil: () => () => void, found: RegExp, code: string]>([
    [
      'without libssl.so.3',
      () => without('usr/lib/x86_64-linux-gnu/libssl.so.3'),
      /^needs libssl\.so\.3: not in the image/,
      'ERR_SPEC_OPENSSL_MISSING',
    ],
    ['without the addon', () => without(addon), /^addon: none/, 'ERR_SPEC_NOT_BUILT'],
    [
      'without the database',
      () => without('app/node_modules/@libsql/linux-x64-gnu/index.node'),
      /^database: @libsql\/linux-x64-gnu is not installed/,
      'ERR_SPEC_STORE_INSTALLATION',
    ],
    [
      'whose data folder belongs to root',
      () => {
        chownSync(join(image.root, 'data'), 0, 0);
        return () => chownSync(join(image.root, 'data'), 1000, 1000);
      },
      /^data folder: node cannot write to \/data/,
      'ERR_SPEC_STORE',
    ],
  ])('%s', (_, spoil, found, code) => {
    let mend: () => void = () => {};
    beforeAll(() => {
      mend = spoil();
    });
    afterAll(() => mend());

    test('fails the check', async () => {
      const lines = Object.entries(await faults(image.root)).map((entry) => entry.join(': '));
      expect(lines).toEqual([expect.stringMatching(found)]);
    });

    test('does not start, and says why', async () => {
      const running = start(image, 'node');
      await expect(portOf(running)).rejects.toThrow('no port');
      const ended = await running.ended;
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain(code);
    });
  });

  function without(path: string): () => void {
    const file = join(image.root, path);
    const aside = `${file}.aside`;
    renameSync(file, aside);
    return () => renameSync(aside, file);
  }

  test.each(['/bin/sh app/start.sh', 'sh /app/start.sh', '/app/start.sh'])(
    'fails the check when it is started by %s',
    async (command) => {
      expect(Object.keys(await faults(image.root, command))).toEqual([
        expect.stringMatching(/^start: (?:app\/start\.sh|sh|\/app\/start\.sh)$/),
      ]);
    },
  );
});

withDebian('the image of npm create wework-program', () => {
  let image: Built;

  beforeAll(async () => {
    const cache = join(root, 'out', 'debian', 'npm');
    const folder = newDir();
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder, root]);
    const created = await weworkSpec(
      ['init', 'my-program', '--yes'],
      {
        npm_config_cache: cache,
        npm_config_prefer_offline: 'true',
        // npm's default, with which `npm ci` needs nothing but the tarballs.
        npm_config_omit_lockfile_registry_resolved: 'false',
      },
      folder,
    );
    expect(created).toMatchObject({ code: 0 });
    const project = join(folder, 'my-program');
    const main = join(project, 'src', 'main.ts');
    writeFileSync(main, withFreePort(readFileSync(main, 'utf8').replace(/^console\.log.*\n/m, '')));
    const dockerfile = readFileSync(join(project, 'Dockerfile'), 'utf8');
    image = await buildImage(dockerfile, project, { cache, env: {} });
  });

  test('passes wework-spec image check, and serves without any variable', async () => {
    expect(await faults(image.root)).toEqual({});
    const running = start(image, 'root');
    const port = await portOf(running);
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(await response.json()).toEqual({ status: 'ok' });
    running.process.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0, signal: null });
  });
});

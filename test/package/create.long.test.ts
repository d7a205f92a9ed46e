import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withSandbox } from 'wework-spec-sdk/testing';
import { root, runProgram, startProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { copyCheckout } from '../support/packed-package';
import { makeStandinSdk, objectDir } from '../support/standin-sdk';
import { tempDirs } from '../support/temp-dir';

// `npm create wework-program`, as somebody follows it who has the two tarballs and nothing else. Development dependencies come from
// the registry that npm is configured for.

jest.setTimeout(300_000);
const newDir = tempDirs();

let folder: string;
let env: Record<string, string>;

async function output(line: string, cwd = folder): Promise<string> {
  const ended = await runProgram('sh', ['-c', line], { cwd, env });
  if (ended.code !== 0) throw new Error(`${line}\n${ended.stdout}${ended.stderr}`);
  return ended.stdout;
}

beforeAll(async () => {
  const home = newDir();
  env = { XDG_RUNTIME_DIR: newDir(), npm_config_update_notifier: 'false' };
  const checkout = copyCheckout(join(newDir(), 'checkout'));
  await output('node scripts/build-create.mjs', checkout);
  for (const source of [checkout, join(checkout, 'create-wework-program')]) {
    await output(`npm pack --ignore-scripts --silent --pack-destination '${home}'`, source);
  }
  await output(
    'npx --yes --package ./create-wework-program-0.1.0.tgz -- create-wework-program my-program --abilities who_wrote,greet',
    home,
  );
  folder = join(home, 'my-program');
});

test('the small package has no dependencies, and only its own files', async () => {
  const listed = await output('tar -tzf ../create-wework-program-*.tgz');
  const names = listed
    .trim()
    .replaceAll(/^package\//gm, '')
    .split('\n');
  const expected = /^(?:package\.json|README\.md|LICENSE|dist\/(?:common|tools)\/.+\.(?:js|tmpl))$/;
  expect(names.filter((name) => !expected.test(name))).toEqual([]);
  expect(names).toEqual(expect.arrayContaining(['README.md', 'LICENSE']));
  const { dependencies, version } = JSON.parse(
    readFileSync(join(root, 'create-wework-program', 'package.json'), 'utf8'),
  );
  const sdk = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect({ dependencies, version }).toEqual({ dependencies: undefined, version: sdk.version });
});

test('a released package takes the SDK from the registry, if nothing else is said', async () => {
  const released = newDir();
  await output(`tar -xzf ../create-wework-program-*.tgz -C '${released}'`);
  const dist = join(released, 'package', 'dist', 'tools');
  writeFileSync(join(dist, 'create', 'published.json'), '{ "range": "^4.5.6" }');
  const cwd = newDir();
  await output(`node '${join(dist, 'cli', 'create-main.js')}' p --no-install`, cwd);
  const { dependencies } = JSON.parse(readFileSync(join(cwd, 'p', 'package.json'), 'utf8'));
  expect(dependencies).toEqual({ 'wework-spec-sdk': '^4.5.6' });
  expect(readFileSync(join(cwd, 'p', 'Dockerfile'), 'utf8')).toContain(
    'COPY package.json package-lock.json ./\n',
  );
});

test('the program says truly where the SDK comes from: the tarball beside it', () => {
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  expect(dependencies).toEqual({ 'wework-spec-sdk': 'file:wework-spec-sdk-0.1.0.tgz' });
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  expect(lock.packages['node_modules/wework-spec-sdk'].resolved).toBe(
    'file:wework-spec-sdk-0.1.0.tgz',
  );
});

test.each(['npm test', 'npm run lint', 'npm run build', 'sh -n start.sh'])('%s', async (line) => {
  await output(line);
});

test('its tests fail when the program is wrong', async () => {
  const broken = newDir();
  cpSync(folder, broken, { recursive: true, verbatimSymlinks: true });
  await output(`sed -i 's/errcode: 0, senders/errcode: 1, senders/' src/program.ts`, broken);
  await expect(output('npm test', broken)).rejects.toThrow(/not ok 1 - who_wrote/);
  await output(`sed -i 's/limit }, call/limits }, call/' src/program.ts`, broken);
  await expect(output('npm test', broken)).rejects.toThrow(/TS2339/);
});

test('npm run dev serves calls, events and jobs', async () => {
  const dev = startProgram('npm', ['run', 'dev'], { cwd: folder, env, detached: true });
  onTestEnd(async () => {
    process.kill(-(dev.process.pid as number));
    await dev.ended;
  });
  await new Promise<void>((resolve, reject) => {
    dev.process.stderr?.on('data', (text) => {
      if (String(text).includes('src/main.ts listens at')) resolve();
    });
    dev.ended.then((how) => reject(new Error(JSON.stringify(how))), reject);
  });
  const call = (args: string) => output(`npx wework-spec ${args}`);
  const senders = expect.arrayContaining([expect.any(String)]);
  for (const ability of ['who_wrote', 'greet']) {
    const response = JSON.parse(await call(`call ${ability} '{"limit":5}'`));
    expect(response).toEqual({ errcode: 0, senders });
  }
  expect(JSON.parse(await call("call count_messages '{}' --async"))).toMatchObject({ errcode: 0 });
  await call('emit conversation_new_message');
  expect(await call('logs')).toContain('100 new messages');
});

// image.long.test.ts builds the whole image.
describe('the Dockerfile', () => {
  const lines = () => readFileSync(join(folder, 'Dockerfile'), 'utf8').split('\n');
  /** What the instructions copy from the project, not from another stage or context. */
  const copied = () =>
    lines()
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1));
  const commands = () =>
    lines()
      .filter((line) => /^RUN (?:npm |node_modules\/\.bin\/)/.test(line))
      .map((line) => line.slice(4));

  test('copies files that exist, and all that the start script names', () => {
    expect(copied().filter((name) => !existsSync(join(folder, name)))).toEqual([]);
    const script = readFileSync(join(folder, 'start.sh'), 'utf8');
    expect(script.match(/\/app\/\S+\.js/g)).toEqual(['/app/dist/main.js']);
    expect(lines().at(-2)).toBe('CMD ["/bin/sh", "/app/start.sh"]');
  });

  test('builds a program that runs without development dependencies', async () => {
    const app = newDir();
    for (const name of copied()) {
      cpSync(join(folder, name), join(app, name), { recursive: true });
    }
    const [install, build, vendor, doctor, ...others] = commands();
    expect(others).toEqual([]);
    await output(install as string, app);
    await output(build as string, app);
    expect(existsSync(join(app, 'node_modules', 'typescript'))).toBe(false);
    const sdk = newDir();
    await makeStandinSdk(sdk);
    expect(vendor).toContain(' --sdk-dir /sdk ');
    await output(`${vendor} --object-dir '${objectDir}'`.replace('/sdk', sdk), app);
    expect(await output(doctor as string, app)).toMatch(/failures: 0$/m);
    await using sandbox = await withSandbox(join(app, 'dist', 'main.js'), { output: false });
    const { response } = await sandbox.call('who_wrote', { limit: 5 });
    expect(response).toMatchObject({ errcode: 0 });
  });
});

import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { root, runProgram } from '../support/child';
import {
  addon,
  asNode,
  database,
  installed,
  libraries,
  library,
  makeImage,
  program,
  put,
  putScript,
  startCommand,
} from '../support/image-folder';
import { buildVendorAddon, makeStandinSdk, weworkSpec } from '../support/standin-sdk';
import { tempDirs } from '../support/temp-dir';

// `wework-spec image check` on root file systems that are made of files of this machine, with an addon for the stand-in SDK.

jest.setTimeout(120_000);
const newDir = tempDirs();
let built: string;
let good: string;
beforeAll(async () => {
  const sdk = newDir();
  built = newDir();
  await makeStandinSdk(sdk, {
    switches: ['STANDIN_OPENSSL'],
    compilerArgs: ['-lssl', '-lcrypto'],
  });
  const ended = await buildVendorAddon(built, ['--sdk-dir', sdk, '--copy-library']);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  good = newDir();
  makeImage(good, built);
});

interface Result {
  readonly ok: boolean;
  readonly checks: { name: string; status: string; finding: string; fix?: string }[];
}

async function check(image: string, command: string = startCommand): Promise<Result> {
  const args = command === '' ? [] : ['--start', command];
  const { code, stdout, stderr } = await weworkSpec(['image', 'check', image, '--json', ...args]);
  expect(stderr).toBe('');
  const result = JSON.parse(stdout) as Result;
  expect(code).toBe(result.ok ? 0 : 1);
  return result;
}

/** The checks that are not ok, by name. */
function faults({ checks }: Result): Record<string, string> {
  const bad = checks.filter(({ status }) => status !== 'ok');
  for (const { fix } of bad) expect(fix).toBeTruthy();
  return Object.fromEntries(
    bad.map(({ name, status, finding }) => [name, `${status}: ${finding}`]),
  );
}

/** A copy of the image that passes, whose files are links to the same content: replace them, never change them. */
async function copy(): Promise<string> {
  const image = join(newDir(), 'root');
  expect(await runProgram('cp', ['-al', good, image])).toMatchObject({ code: 0 });
  return image;
}

/** @param owner - of all files */
async function exported(image: string, owner = 1000): Promise<string> {
  const tar = join(newDir(), 'image.tar');
  const owners = [`--owner=:${owner}`, `--group=:${owner}`];
  const ended = await runProgram('tar', ['-cf', tar, ...owners, '-C', image, '.']);
  expect(ended).toMatchObject({ code: 0 });
  return tar;
}

test.each(['folder', 'tar'])('an image with everything passes, as a %s', async (form) => {
  const result = await check(form === 'tar' ? await exported(good) : good);
  expect(faults(result)).toEqual({});
  expect(result.checks.map(({ name, finding }) => [name, finding])).toEqual([
    ['start: /bin/sh', 'exists'],
    ['start: /app/start.sh', 'uses no command of PATH'],
    ['Node.js', '/usr/local/bin/node'],
    ['package', installed],
    ['addon', addon],
    ['SDK library', library],
    ['needed libraries', expect.stringMatching(/^\d+ found in the image$/)],
    ['user', 'node'],
    ['data folder', '/data'],
    ['unwanted files', 'none'],
  ]);
});

test('for people, each check is one line', async () => {
  const { code, stdout } = await weworkSpec(['image', 'check', good]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^warn +start command +not checked\. Fix: pass it: --start/m);
  expect(stdout).toMatch(/^ok +addon +\/app\//m);
  expect(stdout).toMatch(/^7 checks; warnings: 1, failures: 0$/m);
});

const key = ['-----BEGIN', 'PRIVATE KEY-----'].join(' ');
test.each<
  [what: string, spoil: (image: string) => void, found: Record<string, RegExp>, start?: string]
>([
  [
    'without libssl.so.3',
    (image) => rmSync(join(image, libraries, 'libssl.so.3')),
    { 'needs libssl.so.3': /^fail: not in the image; required by .*libWeWorkSpecSDK\.so$/ },
  ],
  [
    "without the addon for the vendor's SDK",
    (image) => rmSync(join(image, addon)),
    { addon: /^fail: none for the vendor's SDK/ },
  ],
  [
    'with a link in place of the library',
    (image) => {
      rmSync(join(image, library));
      symlinkSync(join(built, 'libWeWorkSpecSDK.so'), join(image, library));
    },
    {
      'SDK library': /is not in the image$/,
      'needs libWeWorkSpecSDK.so': /^fail: not in the image/,
    },
  ],
  [
    'with another library than the addon was built for',
    (image) => put(image, library, 'another one'),
    { 'SDK library': /is not the one that the addon was built for$/ },
  ],
  [
    'without the package',
    (image) => rmSync(join(image, installed), { recursive: true }),
    { package: /^fail: wework-spec-sdk is not installed$/ },
  ],
  [
    'without Node.js',
    (image) => rmSync(join(image, 'usr/local/bin/node')),
    { 'Node.js': /^fail: not found$/ },
  ],
  [
    'whose Node.js is cut off',
    (image) => put(image, 'usr/local/bin/node', '\x7fELF', 0o755),
    { 'Node.js': /^fail: / },
  ],
  [
    'without the start script',
    (image) => renameSync(join(image, 'app/start.sh'), join(image, 'app/run.sh')),
    { 'start: /app/start.sh': /^fail: is not in the image$/ },
  ],
  [
    'whose start script uses PATH',
    (image) => putScript(image, `cd /app\n${asNode} node program.mjs`),
    { 'start: /app/start.sh': /^fail: runs node by PATH, which may be lost$/ },
  ],
  [
    'whose start script names a program that is missing',
    (image) => putScript(image, `${asNode} /usr/local/bin/node /app/dist/program.mjs`),
    {
      'start: /app/start.sh': /^fail: names \/app\/dist\/program\.mjs, which is not in the image$/,
    },
  ],
  [
    'whose start script runs a command that is missing',
    (image) => rmSync(join(image, 'usr/bin/setpriv')),
    { 'start: /app/start.sh': /^fail: names \/usr\/bin\/setpriv, which is not in the image$/ },
  ],
  [
    'whose start script depends on the working directory',
    (image) => putScript(image, `${asNode} /usr/local/bin/node program.mjs`),
    { 'start: /app/start.sh': /^fail: names program\.mjs by a relative path$/ },
  ],
  [
    'whose start script has Windows line endings',
    (image) => putScript(image, `cd /app\r\n${asNode} ${program}\r`),
    { 'start: /app/start.sh': /^fail: has Windows line endings/ },
  ],
  [
    'whose start script does not change the user',
    (image) => putScript(image, `exec ${program}`),
    { user: /^warn: .*docker export drops USER$/ },
  ],
  [
    'whose start script changes to a user that is missing',
    (image) => putScript(image, `${asNode.replace('reuid=node', 'reuid=zone')} ${program}`),
    { user: /^fail: zone is not in \/etc\/passwd of the image$/ },
  ],
  [
    'whose data folder is a relative path',
    (image) => put(image, '/app/start.sh', `WEWORK_SPEC_DATA_DIR=data ${asNode} ${program}`),
    { 'data folder': /^fail: WEWORK_SPEC_DATA_DIR=data is a relative path$/ },
  ],
  [
    'without the database',
    (image) => rmSync(join(image, database)),
    { database: /^fail: @libsql\/linux-x64-gnu is not installed/ },
  ],
  [
    'whose database is cut off',
    (image) => {
      const half = readFileSync(join(image, database)).subarray(0, 100_000);
      rmSync(join(image, database));
      writeFileSync(join(image, database), half);
    },
    { database: /^fail: .*index\.node is damaged, so neither jobs nor events can be stored$/ },
  ],
  [
    'whose database is for another processor',
    (image) => {
      const bytes = readFileSync(join(image, database));
      bytes.writeUInt16LE(183, 18);
      rmSync(join(image, database));
      writeFileSync(join(image, database), bytes);
    },
    { database: /^fail: .*index\.node is for arm64, so/ },
  ],
  [
    'with an addon of another package whose library is missing',
    (image) => {
      mkdirSync(join(image, 'app/node_modules/other'));
      copyFileSync(
        join(built, 'wework_spec_vendor.node'),
        join(image, 'app/node_modules/other/a.node'),
      );
    },
    { 'needs libWeWorkSpecSDK.so': /^warn: not in the image; required by .*other\/a\.node$/ },
  ],
  [
    'whose start script selects the sandbox',
    (image) => putScript(image, `export WEWORK_SPEC_SDK=sandbox\n${asNode} ${program}`),
    { WEWORK_SPEC_SDK: /^fail: the start script selects the sandbox/ },
  ],
  [
    'started by PATH',
    () => {},
    {
      'start: node': /^fail: is not an absolute path$/,
      'start: program.mjs': /relative path$/,
    },
    'node program.mjs',
  ],
  [
    'started by a file that is not executable',
    () => {},
    { 'start: /app/start.sh': /^fail: is not executable$/ },
    '/app/start.sh',
  ],
  [
    'started by a script whose interpreter is missing',
    (image) => put(image, '/app/start.sh', `#!/bin/bash\n${asNode} ${program}\n`, 0o755),
    { 'start: /app/start.sh': /^fail: needs \/bin\/bash, which is not in the image$/ },
    '/app/start.sh',
  ],
  [
    'with files that must not be in it',
    (image) => {
      put(image, '/app/keys/corp.pem', `${key}\nsecret\n`);
      put(image, '/app/.npmrc', '//registry.example.com/:_authToken=x\n');
      put(image, '/app/.env', 'A=1\n');
      put(image, '/app/.git/HEAD', '');
      put(image, '/app/keys.mjs', `export const key = \`${key}\\n${'MIIE'.repeat(16)}\`;`);
      put(image, '/app/log.mjs', `log('${key} expected');`);
      put(image, '/root/.netrc', '');
      put(image, '/app/wework-spec-data/store.db', 'SQLite format 3\0');
      put(image, '/app/cpp_sdk-1.3.1.tar.gz', '');
    },
    {
      'private keys': /^fail: (?=.*\/app\/keys\/corp\.pem)(?=.*\/app\/keys\.mjs)(?!.*log\.mjs)/,
      'credentials of other tools': /^fail: \/root\/\.netrc$/,
      'jobs and events of another machine': /^fail: \/app\/wework-spec-data\/store\.db$/,
      'credentials of npm': /^fail: \/app\/\.npmrc$/,
      'variables of a development machine': /^warn: \/app\/\.env$/,
      'the git history': /^warn: \/app\/\.git\/HEAD$/,
      "archives of the vendor's SDK": /^warn: \/app\/cpp_sdk-1\.3\.1\.tar\.gz$/,
    },
  ],
])('an image %s fails', async (_, spoil, found, command = startCommand) => {
  const image = await copy();
  spoil(image);
  const result = faults(await check(image, command));
  expect(result).toEqual(
    Object.fromEntries(
      Object.entries(found).map(([name, text]) => [name, expect.stringMatching(text)]),
    ),
  );
});

test.each([
  ['a continued line', `exec /usr/bin/setpriv --reuid=node \\\n  ${program}`],
  ['a comment with a file name', `${asNode} ${program} # not app.js or /app/other.sh`],
  ['the folder of the script', `cd "$(dirname "$0")"\n${asNode} /usr/local/bin/node program.mjs`],
  ['a variable', `APP=/app\n${asNode} /usr/local/bin/node "$APP/program.mjs"`],
  ['an optional file', `if [ -f /app/more.sh ]; then . /app/more.sh; fi\n${asNode} ${program}`],
  [
    'a file that it writes',
    `echo A=1 > /app/made.sh\n. /tmp/a.sh\n. /app/made.sh\n${asNode} ${program}`,
  ],
  ['a user of gosu', `exec gosu node:node ${program}`],
  ['a user of su', `exec su -s /bin/sh node -c '${program}'`],
  ['a user in a variable', `exec /usr/bin/setpriv --reuid="$RUN_AS" ${program}`],
])('a start script with %s passes', async (_, text) => {
  const image = await copy();
  putScript(image, text);
  expect(faults(await check(image))).toEqual({});
});

test('a start command without a script passes, if it changes the user', async () => {
  expect(faults(await check(good, `${asNode.replace('exec ', '')} ${program}`))).toEqual({});
});

test.each<[what: string, spoil: (image: string) => void, found: Record<string, RegExp>]>([
  [
    'whose data folder belongs to root',
    () => {},
    { 'data folder': /^fail: node cannot write to \/data, so/ },
  ],
  [
    'whose data folder would be made in a folder of root',
    (image) => rmSync(join(image, 'data'), { recursive: true }),
    { 'data folder': /^fail: node cannot write to \/, so no job can be stored$/ },
  ],
  [
    'whose program only root can read',
    (image) => put(image, '/app/program.mjs', '', 0o600),
    { user: /^fail: node cannot read \/app\/program\.mjs$/, 'data folder': /^fail: / },
  ],
])('an image %s fails, as a tar', async (_, spoil, found) => {
  const image = await copy();
  spoil(image);
  expect(faults(await check(await exported(image, 0)))).toEqual(
    Object.fromEntries(
      Object.entries(found).map(([name, text]) => [name, expect.stringMatching(text)]),
    ),
  );
});

test('the archive of docker save is named', async () => {
  const image = newDir();
  put(image, '/manifest.json', '[]');
  put(image, '/layer.tar');
  expect(faults(await check(await exported(image)))).toEqual({
    format: expect.stringContaining('docker save'),
  });
});

test.each([
  ['a file that is no tar archive', () => join(root, 'package.json'), /package\.json/],
  ['a path where nothing is', () => join(newDir(), 'nothing'), /does not exist/],
])('%s is an error', async (_, target, message) => {
  const { code, stderr } = await weworkSpec(['image', 'check', target()]);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
});

test.each([[[]], [['check']], [['verify', 'x']], [['check', 'a', 'b']]])(
  '%p is a usage error',
  async (args) => {
    expect((await weworkSpec(['image', ...args])).code).toBe(2);
  },
);

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { makeStandinSdk, refusedBuild } from '../support/standin-sdk';
import { tempDirs } from '../support/temp-dir';

// Archives that `wework-spec build` refuses; build-command.long.test.ts has those that it accepts.

jest.setTimeout(300_000);
const newDir = tempDirs();
const libraryName = 'libWeWorkSpecSDK.so';

let sdkDir: string;
beforeAll(async () => {
  sdkDir = newDir();
  await makeStandinSdk(sdkDir);
});

type EntryType = 'File' | 'Directory' | 'NextFileHasLongPath';

/** An entry as it stands in a tar archive. */
function entry(fields: ConstructorParameters<typeof Header>[0], content = Buffer.alloc(0)) {
  const block = Buffer.alloc(512);
  new Header({ mode: 0o644, size: content.length, type: 'File', ...fields }).encode(block);
  return Buffer.concat([block, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** An entry with a size as nobody would pack it, and with a correct check sum. */
function sized(type: EntryType, size: string): Buffer {
  const header = entry({ path: 'a', type });
  header.fill(0, 124, 136).write(size, 124, 'latin1');
  const sum = header.fill(' ', 148, 156).reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

const end = Buffer.alloc(1024);
const sdk = () => [
  entry({ path: 'cpp_sdk.h' }, readFileSync(join(sdkDir, 'cpp_sdk.h'))),
  entry({ path: libraryName }, readFileSync(join(sdkDir, libraryName))),
];
const link = (path: string, linkpath: string) => entry({ path, linkpath, type: 'SymbolicLink' });
const hardLink = (path: string, linkpath: string) => entry({ path, linkpath, type: 'Link' });
const gzip = (...blocks: Buffer[]) => gzipSync(Buffer.concat(blocks), { level: 1 });
const mebibytes = (count: number) =>
  Buffer.concat(new Array<Buffer>(count).fill(gzipSync(Buffer.alloc(2 ** 20))));

/** Builds with an archive. Nothing may stay of it, neither where it was unpacked nor beside that. */
async function refused(...archive: Buffer[]) {
  const [dir, TMPDIR] = [newDir(), newDir()];
  const file = join(dir, 'cpp_sdk-1.tar.gz');
  writeFileSync(file, Buffer.concat(archive));
  const { exit, code, message } = await refusedBuild(newDir(), ['--sdk-dir', file], { TMPDIR });
  expect({ exit, code }).toEqual({ exit: 1, code: 'ERR_SPEC_SDK_DIR' });
  expect(message).toContain(`${file}: it cannot be unpacked (`);
  expect(readdirSync(TMPDIR)).toEqual([]);
  expect(readdirSync(dir)).toEqual(['cpp_sdk-1.tar.gz']);
  return message;
}

test.each<[string, () => Buffer[]]>([
  ['a name that contains ..', () => [entry({ path: '../outside' })]],
  ['a name that contains .. but stays inside', () => [entry({ path: 'lib/../../sdk/inside' })]],
  ['an absolute name', () => [entry({ path: '/tmp/wework-spec-outside' })]],
  ['a link to an absolute name', () => [link('outside', '/etc/passwd')]],
  ['a link to a path above the folder', () => [link('lib/outside', '../../outside')]],
  [
    'a link that leads out of the folder through another link',
    () => [entry({ path: 'a/b/c' }), link('up', 'a/b'), link('outside', 'up/../../../outside')],
  ],
  [
    'a link that leads outside once a later link exists',
    () => [link('outside', 'a/up/..'), entry({ path: 'a/b' }), link('a/up', '..')],
  ],
  ['a hard link to an absolute name', () => [hardLink('outside', '/etc/passwd')]],
  ['a hard link to a path above the folder', () => [hardLink('outside', '../../outside')]],
  ['a file below a link', () => [link('outside', '.'), entry({ path: 'outside/file' })]],
])('an archive with %s is refused and writes nothing outside', async (_, entries) => {
  expect(existsSync('/tmp/wework-spec-outside')).toBe(false);
  expect(await refused(gzip(...sdk(), ...entries(), end))).toMatch(/outside|inside/);
  expect(existsSync('/tmp/wework-spec-outside')).toBe(false);
});

test.each<[string, () => Buffer]>([
  ['a negative size', () => gzip(...sdk(), sized('File', '-0000001000'), end)],
  [
    'a negative size in binary',
    () => gzip(...sdk(), sized('File', `${'\xff'.repeat(10)}\xfe\0`), end),
  ],
  ['a size that is not a number', () => gzip(...sdk(), sized('File', 'twelve'), end)],
  ['a wrong checksum in a header', () => gzip(...sdk(), entry({ path: 'a' }).fill('b', 0, 1), end)],
  ['a truncated file', () => gzip(Buffer.concat(sdk()).subarray(0, -1024))],
  ['truncated compressed data', () => gzip(...sdk(), end).subarray(0, -1000)],
  [
    'a wrong checksum of its compressed data',
    () => {
      const packed = gzip(...sdk(), end);
      const sum = packed.length - 8;
      packed.writeUInt32LE(~packed.readUInt32LE(sum) >>> 0, sum);
      return packed;
    },
  ],
  ['two layers of compression', () => gzip(gzip(...sdk(), end))],
])('an archive with %s is refused', async (_, archive) => {
  await refused(archive());
});

test.each<EntryType>(['Directory', 'NextFileHasLongPath'])(
  'a negative size of an entry of type %s, which has no content, is ignored',
  async (type) => {
    const archive = join(newDir(), 'cpp_sdk-1.tar');
    writeFileSync(archive, Buffer.concat([sized(type, '-0000001000'), end]));
    expect((await refusedBuild(newDir(), ['--sdk-dir', archive])).message).toContain(
      'does not contain cpp_sdk.h',
    );
  },
);

test('an archive with more than 512 MiB, in one file, in many, or after its end, is refused', async () => {
  const many = Array.from({ length: 9 }, (_, index) => [
    gzip(entry({ path: `${index}`, size: 2 ** 26 }).subarray(0, 512)),
    mebibytes(64),
  ]).flat();
  for (const archive of [
    [gzip(...sdk(), entry({ path: 'zeros', size: 2 ** 29 + 1 }).subarray(0, 512))],
    many,
    [gzip(...sdk(), end), mebibytes(513)],
  ]) {
    expect(await refused(...archive)).toContain('more than 512 MiB');
  }
});

test('an archive with more than 10000 entries is refused', async () => {
  const entries = Array.from({ length: 10_001 }, (_, index) => entry({ path: `${index}` }));
  expect(await refused(gzip(...entries, end))).toContain('more than 10000 entries');
});

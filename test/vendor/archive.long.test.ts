import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Header } from 'tar';
import { root } from '../support/child';
import { tempDirs } from '../support/temp-dir';
import type { Coded } from '../support/thrown';

// Archives with changed bytes; build-archives.long.test.ts has those that are made for a purpose.

const newDir = tempDirs();
const { findSdk } = jest.requireActual<typeof import('../../lib/tools/vendor-build/sdk-files')>(
  join(root, 'dist/tools/vendor-build/sdk-files.js'),
);

function entry(fields: ConstructorParameters<typeof Header>[0], content = Buffer.alloc(0)): Buffer {
  const block = Buffer.alloc(512);
  new Header({ mode: 0o644, size: content.length, type: 'File', ...fields }).encode(block);
  return Buffer.concat([block, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

const archive = Buffer.concat([
  entry({ path: 'sdk/', type: 'Directory' }),
  entry({ path: 'sdk/cpp_sdk.h' }, Buffer.from('// the header\n')),
  entry({ path: 'sdk/libWeWorkSpecSDK.so.1' }, Buffer.from('\x7fELF\x02\x01\x01')),
  entry({
    path: 'sdk/libWeWorkSpecSDK.so',
    linkpath: 'libWeWorkSpecSDK.so.1',
    type: 'SymbolicLink',
  }),
  Buffer.alloc(1024),
]);

const dir = newDir();
const place = join(dir, 'cpp_sdk.tar.gz');

/** Looks for the SDK in an archive. The outcome is the SDK or an error with a code, and nothing is written elsewhere. */
async function look(bytes: Uint8Array): Promise<void> {
  writeFileSync(place, bytes);
  const workDir = join(dir, 'work');
  try {
    await findSdk(place, workDir);
  } catch (error) {
    const { code } = error as Coded;
    if (code === undefined || !code.startsWith('ERR_SPEC_')) throw error;
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
  expect(readdirSync(dir)).toEqual(['cpp_sdk.tar.gz']);
}

const changes = fc.array(fc.tuple(fc.nat(archive.length - 1), fc.uint8Array({ maxLength: 12 })), {
  maxLength: 4,
});
const size = fc.option(fc.nat(archive.length));

function changed(list: [number, Uint8Array][], length: number | null): Buffer {
  const bytes = Buffer.from(archive);
  for (const [start, piece] of list) bytes.set(piece.subarray(0, bytes.length - start), start);
  return length === null ? bytes : bytes.subarray(0, length);
}

/** With a correct check sum in each header, so that the fields behind it are read. */
function withSums(bytes: Buffer): Buffer {
  for (let start = 0; start + 512 <= bytes.length; start += 512) {
    const header = bytes.subarray(start, start + 512);
    if (header.toString('latin1', 257, 262) !== 'ustar') continue;
    const sum = header.fill(' ', 148, 156).reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  }
  return bytes;
}

test('an unchanged archive is unpacked and its library is inspected', async () => {
  writeFileSync(place, gzipSync(archive));
  await expect(findSdk(place, join(dir, 'work'))).rejects.toMatchObject({
    code: 'ERR_SPEC_FILE_TRUNCATED',
  });
  rmSync(join(dir, 'work'), { recursive: true });
});

test('a changed tar archive is read or refused with an error code', async () => {
  await fc.assert(
    fc.asyncProperty(changes, size, fc.boolean(), (list, length, sums) => {
      const bytes = changed(list, length);
      return look(sums ? withSums(bytes) : bytes);
    }),
    { numRuns: 400 },
  );
});

test('a changed compressed archive is read or refused with an error code', async () => {
  const packed = gzipSync(archive);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(packed.length - 1),
      fc.nat(255),
      fc.nat(packed.length),
      (at, byte, end) => {
        const bytes = Buffer.from(packed);
        bytes[at] = byte;
        return look(bytes.subarray(0, end < at ? packed.length : end));
      },
    ),
    { numRuns: 200 },
  );
});

test('arbitrary bytes are refused with an error code', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), look), { numRuns: 200 });
});

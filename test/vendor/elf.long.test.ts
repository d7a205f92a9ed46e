import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { node, root } from '../support/child';
import { tempDirs } from '../support/temp-dir';
import { type Coded, thrownBy } from '../support/thrown';

const newDir = tempDirs();
const elf = join(root, 'dist/binding/elf.js');
const { defectOf, readElf } = jest.requireActual<typeof import('../../lib/binding/elf')>(elf);

const library = readFileSync(join(root, 'out/sandbox/Release/libWeWorkSpecSandbox.so'));
const tag = { symbols: 6n, gnuHash: 0x6ffffef5n, requiredCount: 0x6fffffffn } as const;

/** Offset and size of the dynamic section, which PT_DYNAMIC names. */
const dynamic = ((): { start: number; size: number } => {
  const [headers, count] = [Number(library.readBigUInt64LE(32)), library.readUInt16LE(56)];
  for (let at = headers; at < headers + count * 56; at += 56) {
    if (library.readUInt32LE(at) !== 2) continue;
    return {
      start: Number(library.readBigUInt64LE(at + 8)),
      size: Number(library.readBigUInt64LE(at + 32)),
    };
  }
  throw new Error('no dynamic section');
})();

/** A copy of the library with another value of an entry of the dynamic section. */
function withEntry(wanted: bigint, value: bigint): string {
  const bytes = Buffer.from(library);
  for (let at = dynamic.start; at < dynamic.start + dynamic.size; at += 16) {
    if (bytes.readBigUInt64LE(at) === wanted) bytes.writeBigUInt64LE(value, at + 8);
  }
  return written(bytes);
}

const folder = newDir();
function written(bytes: Uint8Array): string {
  const file = join(folder, 'library.so');
  writeFileSync(file, bytes);
  return file;
}

test('a library with 2 ** 48 required versions is reported as damaged, without a hang', () => {
  const file = withEntry(tag.requiredCount, 2n ** 48n);
  // In a process of its own: code that follows the claim does not return.
  const script = `process.exit(require(${JSON.stringify(elf)}).readElf(process.argv[1]) === undefined ? 0 : 1)`;
  expect(spawnSync(node, ['-e', script, file], { timeout: 30_000 }).status).toBe(0);
});

test.each([
  ['points beyond the file', tag.symbols, BigInt(library.length - 30)],
  ['has its hash table beyond the file', tag.gnuHash, BigInt(library.length - 4)],
])('a symbol table that %s is reported as damaged', (_, wanted, value) => {
  const file = withEntry(wanted, value);
  const error = thrownBy(() => readElf(file)?.symbols());
  expect(error.code).toBe('ERR_SPEC_FILE_DAMAGED');
  expect(error.message).toContain(file);
});

test('a wrong size of the program headers is reported as damage', () => {
  for (const size of [0, 1, 55, 57, 0xffff]) {
    const bytes = Buffer.from(library);
    bytes.writeUInt16LE(size, 54);
    expect(defectOf(written(bytes))).toEqual({ kind: 'damaged' });
  }
});

test('program headers beyond the end of the file are reported as truncation', () => {
  const bytes = Buffer.from(library);
  bytes.writeBigUInt64LE(2n ** 63n, 32);
  expect(defectOf(written(bytes))).toEqual({ kind: 'cut-off' });
});

// What the readers look at: the header, the program headers, and the dynamic section.
const places = fc.oneof(
  fc.nat(64 + 56 * 12),
  fc.nat(dynamic.size - 1).map((offset) => dynamic.start + offset),
  fc.nat(library.length - 1),
);
const word = fc.oneof(
  fc.bigInt(0n, 2n ** 64n - 1n),
  fc.bigInt(0n, 300n),
  fc.constantFrom(2n ** 63n, 2n ** 53n, 2n ** 48n, 2n ** 31n, BigInt(library.length)),
);
const change = fc.tuple(places, fc.constantFrom(1, 2, 4, 8), word);

test('a changed library is described, or refused as no library or with an error code', () => {
  const read = (file: string): void => {
    try {
      defectOf(file);
      readElf(file)?.symbols();
    } catch (error) {
      if ((error as Coded).code !== 'ERR_SPEC_FILE_DAMAGED') throw error;
    }
  };
  fc.assert(
    fc.property(
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.option(fc.nat(library.length)),
      (changes, size) => {
        const bytes = Buffer.from(library);
        for (const [place, width, value] of changes) {
          for (let index = 0; index < width && place + index < bytes.length; index += 1) {
            bytes[place + index] = Number((value >> BigInt(8 * index)) & 0xffn);
          }
        }
        read(written(size === null ? bytes : bytes.subarray(0, size)));
      },
    ),
    { numRuns: 500 },
  );
});

test('arbitrary bytes are described, or refused as no library or with an error code', () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const anyFile = fc.oneof(
    bytes,
    bytes.map((rest) => Buffer.concat([library.subarray(0, 20), rest])),
  );
  fc.assert(
    fc.property(anyFile, (content) => {
      const file = written(content);
      const elf = readElf(file);
      if (defectOf(file)?.kind === 'not-elf') expect(elf).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

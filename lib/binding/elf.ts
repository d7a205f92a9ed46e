import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

const headerSize = 64;
const magic = Buffer.from('7f454c460201', 'hex'); // ELF, 64 bits, little endian
const loadable = 1;

/**
 * Whether a shared library was cut off: a part that the loader would map lies beyond the end of the file. The loader does not
 * look for that, and the process dies of SIGBUS when it touches the part. Files of another kind are left to the loader,
 * which refuses them in its own words.
 */
export function isCutOff(file: string): boolean {
  if (!statSync(file).isFile()) return false;
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const header = read(descriptor, 0, headerSize);
    if (header.length < headerSize || !header.subarray(0, magic.length).equals(magic)) return false;
    const start = Number(header.readBigUInt64LE(32));
    const entrySize = header.readUInt16LE(54);
    const count = header.readUInt16LE(56);
    const table = read(descriptor, start, entrySize * count);
    if (table.length < entrySize * count) return true;
    for (let entry = 0; entry < table.length; entry += entrySize) {
      if (table.readUInt32LE(entry) !== loadable) continue;
      const offset = Number(table.readBigUInt64LE(entry + 8));
      const length = Number(table.readBigUInt64LE(entry + 32));
      if (offset + length > size) return true;
    }
    return false;
  } finally {
    closeSync(descriptor);
  }
}

function read(descriptor: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(descriptor, buffer, 0, length, position));
}

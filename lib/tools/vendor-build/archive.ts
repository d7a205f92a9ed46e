import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';

const block = 512;

/**
 * Unpacks a `.tar.gz` (or a plain `.tar`) into a folder: files, folders and links that stay inside it. There may be no tar where
 * this runs, and of the format no more is needed than what archives of an SDK hold.
 *
 * @throws Error in plain words when the archive is damaged or leads out of the folder
 */
export function unpack(archive: string, into: string): void {
  const packed = readFileSync(archive);
  const bytes = packed[0] === 0x1f && packed[1] === 0x8b ? gunzipSync(packed) : packed;
  let longName: string | undefined;
  let at = 0;
  while (at + block <= bytes.length) {
    const header = bytes.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) return;
    checkSum(header);
    const size = Number.parseInt(text(header, 124, 12), 8) || 0;
    const content = bytes.subarray(at + block, at + block + size);
    if (content.length < size) throw new Error('the archive is cut off');
    at += block + Math.ceil(size / block) * block;

    const type = String.fromCharCode(header[156] ?? 0);
    // GNU's and POSIX's way to a name that is longer than its field.
    if (type === 'L') {
      longName = text(content, 0, size);
      continue;
    }
    if (type === 'x') {
      longName = /^\d+ path=(.*)$/m.exec(content.toString('utf8'))?.[1] ?? longName;
      continue;
    }
    const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : '';
    const name = longName ?? (prefix === '' ? '' : `${prefix}/`) + text(header, 0, 100);
    longName = undefined;
    const place = inside(into, name);
    if (type === '5') {
      mkdirSync(place, { recursive: true });
    } else if (type === '0' || type === '\0') {
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, content, { flag: 'wx' });
      chmodSync(place, Number.parseInt(text(header, 100, 8), 8) & 0o777);
    } else if (type === '2') {
      const target = text(header, 157, 100);
      if (target.startsWith('/')) throw new Error(`the link ${name} leads out of the archive`);
      inside(into, join(dirname(name), target));
      mkdirSync(dirname(place), { recursive: true });
      symlinkSync(target, place);
    }
  }
}

function text(bytes: Buffer, at: number, length: number): string {
  return bytes
    .toString('utf8', at, at + length)
    .replace(/\0.*$/s, '')
    .trim();
}

function checkSum(header: Buffer): void {
  const expected = Number.parseInt(text(header, 148, 8), 8);
  let sum = 0;
  // The field itself counts as spaces.
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 32 : byte;
  if (sum !== expected) throw new Error('this is no tar archive, or it is damaged');
}

function inside(folder: string, name: string): string {
  const relative = normalize(name);
  if (relative.startsWith('..') || relative.startsWith(sep)) {
    throw new Error(`the name ${name} leads out of the archive`);
  }
  return join(folder, relative);
}

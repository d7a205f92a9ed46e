import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { resolveImages } from '../../lib/binding/linker';
import { root } from './child';

/** A root file system with a program, made of files of this machine: as `wework-spec image check` accepts it. */

export const installed = '/app/node_modules/wework-spec-sdk';
export const addon = `${installed}/out/vendor/Release/wework_spec_vendor.node`;
export const library = `${installed}/out/vendor/Release/libWeWorkSpecSDK.so`;
export const startCommand = '/bin/sh /app/start.sh';
export const libraries = '/usr/lib/x86_64-linux-gnu';
export const database = '/app/node_modules/@libsql/linux-x64-gnu/index.node';
export const asNode = 'exec /usr/bin/setpriv --reuid=node --regid=node --init-groups';
export const program = '/usr/local/bin/node /app/program.mjs';

/** Replaces a file of an image. */
export function put(image: string, path: string, text = '', mode = 0o644): void {
  mkdirSync(dirname(join(image, path)), { recursive: true });
  rmSync(join(image, path), { force: true });
  writeFileSync(join(image, path), text);
  chmodSync(join(image, path), mode);
}

/**
 * Fills an empty folder.
 *
 * @param built - the folder with the addon
 */
export function makeImage(image: string, built: string): void {
  for (const folder of [
    'etc',
    'usr/local/bin',
    libraries,
    'usr/lib64',
    'usr/bin',
    'data',
    dirname(addon),
    dirname(database),
  ]) {
    mkdirSync(join(image, folder), { recursive: true });
  }
  for (const name of ['bin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(image, name));
  copyFileSync(process.execPath, join(image, 'usr/local/bin/node'));
  copyFileSync(realpathSync('/bin/sh'), join(image, 'usr/bin/dash'));
  // Absolute, as alternatives are: it must be followed inside the image.
  symlinkSync('/usr/bin/dash', join(image, 'usr/bin/sh'));
  for (const file of readdirSync(built))
    cpSync(join(built, file), join(image, dirname(addon), file));
  const sqlite = require.resolve('@libsql/linux-x64-gnu');
  copyFileSync(sqlite, join(image, database));
  const opened = [process.execPath, join(built, 'wework_spec_vendor.node'), sqlite];
  for (const { path, name } of resolveImages(opened, {})) {
    if (path !== undefined && !opened.includes(name) && !path.startsWith(built)) {
      copyFileSync(realpathSync(path), join(image, libraries, name));
    }
  }
  copyFileSync(
    realpathSync('/lib64/ld-linux-x86-64.so.2'),
    join(image, 'usr/lib64/ld-linux-x86-64.so.2'),
  );
  copyFileSync(join(root, 'package.json'), join(image, installed, 'package.json'));
  put(image, '/app/program.mjs', '');
  put(image, '/usr/bin/setpriv', '\x7fELF', 0o755);
  put(image, '/etc/passwd', 'root:x:0:0:::\nnode:x:1000:1000:::\n');
  put(image, '/etc/group', 'root:x:0:\nnode:x:1000:\n');
  chmodSync(image, 0o755);
  if (process.getuid?.() === 0) chownSync(join(image, 'data'), 1000, 1000);
  putScript(image, `cd /app\n# As node.\n${asNode} ${program}`);
}

/** Replaces the start script of an image. */
export function putScript(image: string, text: string): void {
  put(image, '/app/start.sh', `export WEWORK_SPEC_DATA_DIR=/data\n${text}\n`);
}

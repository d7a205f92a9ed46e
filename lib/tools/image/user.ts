import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Check, fail, ok, warn } from '../diagnosis/check';
import type { ImageFiles } from './image-files';
import type { Start } from './start-command';

/** The account that runs the program. */
interface User {
  /** As the start script names it. */
  readonly name: string;
  readonly uid: number;
  readonly gids: ReadonlySet<number>;
}

/** How start scripts change the user. */
const changesOfUser = [
  /\bsetpriv\b.*--reuid[= ](\S+)/,
  /\brunuser\b.*(?:-u|--user[= ]?)\s*(\S+)/,
  /\b(?:gosu|su-exec)\s+(\S+)/,
  /\bsudo\s.*(?:-u|--user[= ]?)\s*(\S+)/,
  /\bsu\s+(?:-s\s+\S+\s+|-\w*\s+|--\s+)*([a-z_][\w-]*)/,
];

/**
 * Checks as whom the program runs, what that user may read, and whether it can write to the data folder. `docker export` drops the
 * USER of the Dockerfile, so only the start script can change the user.
 *
 * @param needed - files that the program loads
 */
export function checkUser(
  image: ImageFiles,
  { text, named }: Start,
  needed: readonly (string | undefined)[],
): Check[] {
  const name = changesOfUser
    .map((pattern) => pattern.exec(text)?.[1]?.replaceAll(/["']/g, '').split(':')[0])
    .find((found) => found !== undefined);
  // Only the shell knows the value of a variable.
  if (name?.includes('$')) return checkDataFolder(image, text, undefined);
  const user = name === undefined ? undefined : findUser(image, name);
  if (name !== undefined && user === undefined) {
    const fix = `add the user in the Dockerfile (RUN useradd ${name}), or use its number`;
    return [fail('user', `${name} is not in /etc/passwd of the image`, fix)];
  }
  const folder = checkDataFolder(image, text, user);
  if (user === undefined || user.uid === 0) {
    const finding = 'the start command does not change the user, and docker export drops USER';
    const fix = 'it may run as root: start Node.js with setpriv, see docs/guide/image.md';
    return [warn('user', finding, fix), ...folder];
  }
  const unreadable = unreadableFiles(image, user, [...named, ...needed]);
  if (unreadable.length > 0) {
    const fix = 'RUN chmod -R a+rX on its folder';
    return [fail('user', `${name} cannot read ${unreadable.join(', ')}`, fix), ...folder];
  }
  return [ok('user', user.name), ...folder];
}

function findUser(image: ImageFiles, name: string): User | undefined {
  const fields = (file: string) => {
    const found = image.locate(file);
    const text = found === undefined ? '' : readFileSync(found, 'utf8');
    return text.split('\n').map((line) => line.split(':'));
  };
  const entry = fields('/etc/passwd').find(([login, , uid]) => login === name || uid === name);
  if (entry === undefined) {
    if (!/^\d+$/.test(name)) return undefined;
    return { name, uid: Number(name), gids: new Set() };
  }
  const [login = name, , uid, gid] = entry;
  const others = fields('/etc/group').filter(([, , , members = '']) =>
    members.split(',').includes(login),
  );
  return {
    name,
    uid: Number(uid),
    gids: new Set([Number(gid), ...others.map(([, , id]) => Number(id))]),
  };
}

function unreadableFiles(
  image: ImageFiles,
  user: User,
  paths: readonly (string | undefined)[],
): string[] {
  if (!image.hasOwners) return [];
  return [...new Set(paths)].filter(
    (path): path is string =>
      path !== undefined && image.find(path)?.kind === 'file' && !may(image, path, user, 4),
  );
}

/** The folder that the start script sets. One that a program sets in its code is not known here. */
function checkDataFolder(image: ImageFiles, script: string, user: User | undefined): Check[] {
  const name = 'data folder';
  const folder = /\bWEWORK_SPEC_DATA_DIR=["']?([^\s"';]+)/.exec(script)?.[1];
  if (folder === undefined || folder.includes('$')) return [];
  if (!folder.startsWith('/')) {
    const finding = `WEWORK_SPEC_DATA_DIR=${folder} is a relative path`;
    return [fail(name, finding, 'use an absolute path, because the working directory may differ')];
  }
  const found = nearest(image, folder);
  if (image.find(found)?.kind !== 'folder') {
    return [fail(name, `${found} is not a folder`, 'correct WEWORK_SPEC_DATA_DIR')];
  }
  const isWritable =
    user === undefined || user.uid === 0 || !image.hasOwners || may(image, found, user, 3);
  if (isWritable) return [ok(name, folder)];
  const fix = `RUN install -d -o ${user.name} -m 700 ${folder}`;
  return [fail(name, `${user.name} cannot write to ${found}, so no job can be stored`, fix)];
}

/** The path itself, or the nearest of its parents that exists: the program creates the rest. */
function nearest(image: ImageFiles, path: string): string {
  return image.find(path) === undefined ? nearest(image, dirname(path)) : path;
}

/** @param wanted - bits of a mode: 4 to read, 2 to write, 1 to enter a folder */
function may(image: ImageFiles, path: string, user: User, wanted: number): boolean {
  const real = image.realPath(path);
  const file = real === undefined ? undefined : image.find(real);
  if (real === undefined || file === undefined) return false;
  const shift = file.uid === user.uid ? 6 : user.gids.has(file.gid) ? 3 : 0;
  if (((file.mode >> shift) & wanted) !== wanted) return false;
  return real === '/' || may(image, dirname(real), user, 1);
}

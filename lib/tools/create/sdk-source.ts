import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CreateError } from './create-error';

const SDK = 'wework-spec-sdk';

/**
 * Written by scripts/release.mjs into the packages that it publishes. Packages that were made by `npm pack` do not have it, so that
 * their programs never depend on a name on the public registry that may belong to somebody else.
 */
const PUBLISHED = join(__dirname, 'published.json');

/** Where a program gets the SDK from. */
export interface SdkSource {
  /** What package.json says: a version range, or `file:` and the name of the tarball. */
  readonly spec: string;
  /** A tarball, which is copied into the program. */
  readonly tarball?: string;
}

/**
 * Determines where a program gets the SDK from: what the user says; else from where the project in this folder or above gets it;
 * else from a tarball in this folder; else from the registry, if this package was published there.
 *
 * @param given - a tarball, a version range, or undefined
 * @returns undefined if there is no source
 */
export function findSdk(given: string | undefined, cwd: string): SdkSource | undefined {
  if (given !== undefined) return checkedSource(given, cwd);
  return sourceOfProject(cwd) ?? tarballIn(cwd) ?? published();
}

function checkedSource(given: string, cwd: string): SdkSource {
  if (isRange(given)) return { spec: given };
  const file = resolve(cwd, given.replace(/^file:/, ''));
  if (given.endsWith('.tgz') && isFile(file)) return fromTarball(file);
  throw new CreateError(
    'usage',
    given.endsWith('.tgz')
      ? `there is no file ${file}`
      : `--sdk takes a tarball that npm pack has made of ${SDK}, or a version range such as ^1.0.0, not "${given}"`,
  );
}

function sourceOfProject(cwd: string): SdkSource | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const spec = dependencyIn(folder);
    if (spec !== undefined) {
      if (isRange(spec)) return { spec };
      const file = resolve(folder, spec.replace(/^file:/, ''));
      return spec.startsWith('file:') && spec.endsWith('.tgz') && isFile(file)
        ? fromTarball(file)
        : undefined;
    }
    if (dirname(folder) === folder) return undefined;
  }
}

function dependencyIn(folder: string): string | undefined {
  try {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    );
    const spec = { ...devDependencies, ...dependencies }[SDK];
    return typeof spec === 'string' ? spec : undefined;
  } catch {
    // No package.json, or none that can be read: npm will say so if it matters.
    return undefined;
  }
}

function tarballIn(folder: string): SdkSource | undefined {
  const isTarball = (name: string) => name.startsWith(`${SDK}-`) && name.endsWith('.tgz');
  const [file, ...others] = readdirSync(folder).filter(isTarball);
  return file === undefined || others.length > 0 ? undefined : fromTarball(join(folder, file));
}

function published(): SdkSource | undefined {
  if (!isFile(PUBLISHED)) return undefined;
  const { range } = JSON.parse(readFileSync(PUBLISHED, 'utf8'));
  return { spec: range };
}

const fromTarball = (tarball: string): SdkSource => ({
  spec: `file:${basename(tarball)}`,
  tarball,
});

const isRange = (spec: string): boolean => /^(?:[\^~]|>=)?\d+\.\d+\.\d+[\w.+-]*$/.test(spec);

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

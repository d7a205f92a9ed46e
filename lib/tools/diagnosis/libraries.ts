import { readElf } from '../../binding/elf';
import {
  isOpenSsl,
  missingVersions,
  newestVersion,
  resolveImages,
  unresolvedSymbols,
} from '../../binding/linker';
import { type LoadResult, tryLoad } from '../vendor-build/load-check';
import { type Check, fail, ok, warn } from './check';
import type { NativeBuild } from './native-build';

/**
 * Checks whether all libraries, versions and symbols that the addon requires are available, without loading anything.
 *
 * @param library - the addon's SDK library, or the one in the SDK's folder if no addon is built yet
 */
export function libraryChecks(
  { addon, library = '' }: Partial<Pick<NativeBuild, 'addon' | 'library'>>,
  env: NodeJS.ProcessEnv,
): Check[] {
  const first = addon ?? library;
  if (!first || process.platform !== 'linux') return [];
  const images = resolveImages([process.execPath, first], env);
  const own = images.filter(({ path }) => path === addon || path === library);
  const image = (name: string) =>
    images.find((candidate) => candidate.name === name || candidate.elf?.soname === name);
  const checks: Check[] = [];

  const missing = images.filter(({ path }) => path === undefined);
  if (missing.length === 0) {
    const needed = new Set(own.flatMap(({ elf }) => elf?.needed ?? []));
    const paths = [...needed].map((name) => image(name)?.path ?? name);
    checks.push(ok('needed libraries', paths.join(', ') || 'none'));
  }
  for (const { name, neededBy } of missing) {
    checks.push(fail(`needs ${name}`, `not found; required by ${neededBy}`, packageWith(name)));
  }

  const versions = missingVersions(images);
  for (const [family, provider, title, fix] of [
    [
      'GLIBC',
      'libc.so.6',
      'glibc floor',
      'use a newer base image, or an SDK that was built for this one',
    ],
    [
      'GLIBCXX',
      'libstdc++.so.6',
      'libstdc++ floor',
      'install a newer libstdc++6, or build the addon with the compiler of this system',
    ],
  ] as const) {
    const lacking = versions.find(({ version }) => version.startsWith(`${family}_`));
    if (lacking !== undefined) {
      const { neededBy, version, path, newest } = lacking;
      const found = `${neededBy} requires ${version}, ${path} provides ${newest ?? 'none'}`;
      checks.push(fail(title, found, fix));
      continue;
    }
    const wanted = own.flatMap(({ elf }) => [...(elf?.requiredVersions.values() ?? [])].flat());
    const needs = newestVersion(wanted, family) ?? 'no version';
    const has = newestVersion(image(provider)?.elf?.definedVersions ?? [], family) ?? 'none';
    checks.push(ok(title, `needs ${needs}, found ${has}`));
  }
  for (const { neededBy, version, path } of versions) {
    if (/^GLIBC(?:XX)?_/.test(version)) continue;
    checks.push(
      fail(
        `version ${version}`,
        `required by ${neededBy}, not provided by ${path}`,
        'install a newer version of this library',
      ),
    );
  }

  const unresolved = own.flatMap((file) => unresolvedSymbols(file, images));
  if (missing.length === 0) {
    checks.push(
      unresolved.length === 0
        ? ok('symbols', 'all required symbols are defined')
        : fail(
            'symbols',
            `missing: ${unresolved.slice(0, 5).join(', ')}${unresolved.length > 5 ? ', …' : ''}`,
            'header and library must have the same version; rebuild with a matching pair',
          ),
    );
  }
  return checks;
}

/** Loads the SDK in a child process, and checks which library provides OpenSSL there. */
export async function loadChecks(
  { sdk, addon, library }: NativeBuild,
  env: NodeJS.ProcessEnv,
): Promise<Check[]> {
  if (addon === undefined) return [openSslAtRest(library)];
  const loaded = await tryLoad(sdk, env, addon);
  if (!loaded.ok) {
    return [
      fail(
        'load',
        `${loaded.code}: ${loaded.message}`,
        `see docs/errors.md, section ${loaded.code}`,
      ),
      openSslAtRest(library),
    ];
  }
  return [ok('load', `${loaded.info.libraryFile}, in a child process`), openSsl(loaded)];
}

function openSsl({ info }: Extract<LoadResult, { ok: true }>): Check {
  const { version, files } = info.openssl;
  if (files.length === 0) {
    return ok('OpenSSL', `${version}; the SDK library imports none of its functions`);
  }
  return files.length === 1
    ? ok('OpenSSL', `${version}, all of the SDK's functions from ${files[0]}`)
    : fail(
        'OpenSSL',
        `two copies are used at the same time: ${files.join(', ')}`,
        'use Node.js from nodejs.org or its Docker images, and no other OpenSSL in LD_LIBRARY_PATH',
      );
}

/** Predicts which library provides OpenSSL, if nothing could be loaded. */
function openSslAtRest(library: string | undefined): Check {
  const wanted = (library && readElf(library)?.symbols()) || [];
  const names = wanted.filter(({ version }) => version?.startsWith('OPENSSL_'));
  const exported = new Set<string>();
  for (const { name, defined } of readElf(process.execPath)?.symbols() ?? []) {
    if (defined) exported.add(name);
  }
  const served = names.filter(({ name }) => exported.has(name)).length;
  const found = `node has ${process.versions.openssl}`;
  if (names.length === 0) return ok('OpenSSL', `${found}; no SDK library to compare with`);
  return served === names.length || served === 0
    ? ok('OpenSSL', `${found}, which has ${served} of the SDK's ${names.length} functions`)
    : warn(
        'OpenSSL',
        `${found}, which has ${served} of the SDK's ${names.length} functions: two copies would be used at the same time`,
        'use Node.js from nodejs.org or its Docker images',
      );
}

function packageWith(name: string): string {
  return isOpenSsl(name)
    ? 'apt-get install libssl3 (Debian 12, Ubuntu 22.04), libssl3t64 (Debian 13, Ubuntu 24.04), dnf install openssl-libs (RHEL 9)'
    : `install the package that contains it: apt-file search ${name}, dnf provides '*/${name}'`;
}

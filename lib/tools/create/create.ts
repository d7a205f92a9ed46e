import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CreateError } from './create-error';
import type { SdkSource } from './sdk-source';
import { render, type TemplateValues } from './template';

/** Copied from create-wework-program/template, so that both packages have the same files. */
const TEMPLATE = join(__dirname, 'template');
const SUFFIX = '.tmpl';

/** What a program is created from; names are checked by the caller. */
export interface ProgramDescription {
  /** An absolute path. */
  readonly folder: string;
  readonly name: string;
  readonly abilities: readonly string[];
  /** The ability that is called asynchronously. */
  readonly job: string;
  readonly sdk: SdkSource;
  /** Language of the README. */
  readonly language: 'en' | 'zh';
}

/** Throws a {@link CreateError} unless a program can be created in a folder: one that does not exist, or is empty except for `.git`. */
export function checkFolder(folder: string): void {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isDirectory()) throw new CreateError('failure', `${folder} is not a folder`);
  const [entry] = readdirSync(folder).filter((name) => name !== '.git');
  if (entry !== undefined) {
    throw new CreateError('failure', `the folder ${folder} is not empty: it has ${entry}`);
  }
}

/** Writes a program. @returns the files, relative to its folder */
export function createProgram(description: ProgramDescription): string[] {
  const { folder, sdk, language } = description;
  checkFolder(folder);
  const values = valuesOf(description);
  const files: string[] = [];
  const add = (name: string, write: (file: string) => void) => {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    write(file);
    files.push(name);
  };
  for (const [name, template] of templates(language)) {
    add(name, (file) => {
      writeFileSync(file, render(readFileSync(template, 'utf8'), values), { flag: 'wx' });
      if (name.endsWith('.sh')) chmodSync(file, 0o755);
    });
  }
  const { tarball } = sdk;
  if (tarball !== undefined) add(basename(tarball), (file) => copyFileSync(tarball, file));
  return files.sort();
}

function valuesOf({ name, abilities, job, sdk }: ProgramDescription): TemplateValues {
  // Quoted only where it must be, as formatters want it.
  const key = (id: string) => (/^\w+$/.test(id) ? id : `'${id}'`);
  return {
    name,
    // Names of images and containers have neither a scope nor "@".
    image: name.replace(/^@.*\//, ''),
    abilities: abilities.map((id) => ({ id, key: key(id) })),
    firstId: abilities[0] ?? job,
    job,
    jobKey: key(job),
    sdk: sdk.spec,
    tarball: sdk.tarball === undefined ? '' : basename(sdk.tarball),
  };
}

/** The files of the template by the names that they get. */
function templates(language: 'en' | 'zh'): [name: string, template: string][] {
  return readdirSync(TEMPLATE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(SUFFIX))
    .map((path): [string, string] => [path.slice(0, -SUFFIX.length), join(TEMPLATE, path)])
    .filter(([name]) => !name.startsWith('README.') || name === `README.${language}.md`)
    .map(([name, template]) => [name.startsWith('README.') ? 'README.md' : name, template]);
}

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { specErrorCodes } from 'wework-spec-sdk';

import { errcodeMeaning, serverInterfaces, zoneInterfaces, zoneTasks } from '../../lib/interfaces';
import { MALFORMED_REQUEST } from '../../lib/sandbox/common/platform-error';
import { root, runProgram } from '../support/child';

// Places that nothing else misses when they are forgotten: see the recipes of CONTRIBUTING.md.

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const committed = (...patterns: string[]) =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .filter((file) => existsSync(join(root, file)));
const pages = committed('README*.md', 'docs/*.md').filter((file) => !file.startsWith('docs/api/'));

describe('an error code', () => {
  const codes = new Set<string>(specErrorCodes);
  const sources = committed('lib', 'native', 'examples');
  const codesIn = (file: string) =>
    read(file).match(/\bERR_(?:SPEC|SANDBOX)_[A-Z0-9_]*[A-Z0-9]\b/g);

  test('that code or docs name is in the catalogue', () => {
    const unknown = [...sources, ...pages].flatMap((file) =>
      (codesIn(file) ?? []).filter((code) => !codes.has(code)).map((code) => `${file}: ${code}`),
    );
    expect(unknown).toEqual([]);
  });

  test('of the catalogue is used somewhere', () => {
    const made = sources
      .filter((file) => !file.startsWith('lib/errors/'))
      .map(read)
      .join('\n');
    expect([...codes].filter((code) => !new RegExp(`['"\`]${code}['"\`]`).test(made))).toEqual([]);
  });

  // These need a system out of threads, a text of 512 MB, or a wait of many seconds.
  const NOT_PROVOKED = [
    'ERR_SANDBOX_PROGRAM_SILENT',
    'ERR_SPEC_NO_THREAD',
    'ERR_SPEC_STORE_LOCKED',
    'ERR_SPEC_TEXT_TOO_LONG',
  ];

  test('of the catalogue is named by a test', () => {
    const tests = committed('test/*.ts', 'test/*.mjs', 'test/*.cjs')
      .filter((file) => file !== 'test/package/places.test.ts')
      .map(read)
      .join('\n');
    const unnamed = [...codes].filter((code) => !new RegExp(`\\b${code}\\b`).test(tests));
    expect(unnamed.sort()).toEqual(NOT_PROVOKED);
  });
});

describe('an interface', () => {
  test('names errcodes whose meaning is known', () => {
    const named = [
      ...zoneInterfaces.map(({ name, errcodes }) => ({ name, errcodes })),
      ...serverInterfaces.map(({ path, errcodes }) => ({ name: path, errcodes })),
    ].flatMap(({ name, errcodes }) => errcodes.map((errcode) => ({ name, errcode })));
    const unknown = named.filter(
      // The sandbox's own choice where no page names an errcode.
      ({ errcode }) => errcode !== MALFORMED_REQUEST && errcodeMeaning(errcode) === undefined,
    );
    expect(unknown).toEqual([]);
  });

  test('that responds with a jobid is a task of runTask', () => {
    const creating = zoneInterfaces.filter(
      ({ successor, response }) =>
        successor === undefined && Object.hasOwn(response.fields, 'jobid'),
    );
    expect(creating.map(({ name }) => name).sort()).toEqual(
      zoneTasks.map(({ create }) => create).sort(),
    );
  });

  test('is counted in every place of the docs that gives their number', () => {
    const counts = pages.flatMap((file) =>
      [...read(file).matchAll(/\b[Aa]ll (\d+) interfaces|全部 ?(\d+) ?个接口/g)].map(
        ([, english, chinese]) => `${file}: ${english ?? chinese}`,
      ),
    );
    expect(counts.length).toBeGreaterThan(0);
    expect(counts).toEqual(
      counts.map((count) => count.replace(/\d+$/, `${zoneInterfaces.length}`)),
    );
  });
});

test.each(['docs/sandbox-zone.md', 'docs/zh/sandbox-zone.md'])(
  '%s describes every store of the state',
  (page) => {
    const members = /const stores: [^{]*\{([\s\S]*?)\n {4}\};/.exec(
      read('lib/sandbox/interfaces/zone-state.ts'),
    )?.[1];
    const stores = [...(members ?? '').matchAll(/^ +(\w+): this\.\1,$/gm)].map(([, name]) => name);
    expect(stores.length).toBeGreaterThan(5);
    const [, table = ''] =
      /^\| (?:store \| content|存储 \| 内容) \|\n([\s\S]*?)\n\n/m.exec(read(page)) ?? [];
    const described = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(described.sort()).toEqual(stores.sort());
  },
);

describe('an option of ZoneProgram', () => {
  const source = read('lib/program/options.ts');
  const optionsOf = (type: string, prefix: string) => {
    const [, body = ''] =
      new RegExp(`^export interface ${type} \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(source) ?? [];
    return [...body.matchAll(/^ {2}readonly (\w+)\?:/gm)].map(
      ([, name]) => [`${prefix}${name}`, name as string] as const,
    );
  };
  const options = [...optionsOf('ZoneProgramOptions', ''), ...optionsOf('JobOptions', 'jobs.')];
  const guide = committed('docs/guide/*.md').map(read).join('\n');
  const code = [...guide.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].join('\n');
  const tests = committed('test/program/*.ts').map(read).join('\n');

  test.each(options)('%s is in docs/guide and in a test of test/program', (_, name) => {
    const places = { 'docs/guide': code, 'test/program': tests };
    const word = new RegExp(`\\b${name}\\b`);
    const missing = Object.entries(places).filter(([, text]) => !word.test(text));
    expect(missing.map(([place]) => place)).toEqual([]);
  });
});

describe('a command', () => {
  const commands = committed('lib/tools/cli/commands/*.ts')
    .filter((file) => /\bdefineCommand\(/.test(read(file)))
    .map((file) => basename(file, '.ts'));

  test('that has a file is in the list of commands', async () => {
    const main = join(root, 'dist', 'tools', 'cli', 'main.js');
    const { stdout } = await runProgram(process.execPath, [main, '--help']);
    const [, list = ''] = /Commands:\n([\s\S]*?)\nOptions:/.exec(stdout) ?? [];
    const listed = [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(commands.sort());
  });

  test.each(commands)('%s is named on a page of the docs', (name) => {
    expect(pages.filter((page) => read(page).includes(`wework-spec ${name}`))).not.toEqual([]);
  });

  test.each(commands)('%s is started by a test of test/cli or test/vendor', (name) => {
    const tests = committed('test/cli/*.ts', 'test/vendor/*.ts').map(read).join('\n');
    expect(new RegExp(`(\\[|main, )'${name}'[,\\]]`).test(tests)).toBe(true);
  });
});

describe('a variant of the vendor’s header', () => {
  const variants = committed('test/standin-sdk/variants/*.h');
  const base = committed('test/standin-sdk/*.h', 'test/standin-sdk/*.cc')
    .filter((file) => !variants.includes(file))
    .map(read)
    .join('\n');

  test.each(variants)('%s uses only switches that the stand-in knows', (file) => {
    const text = read(file);
    const wishes = [...text.matchAll(/^\/\/ standin: (\S+)/gm)].map(([, wish]) => wish);
    const known = read('test/support/standin-variants.ts');
    expect(
      wishes.filter((wish) => !known.includes(`'${wish}'`) && !known.includes(`standin: ${wish}$`)),
    ).toEqual([]);
    const macros = [...text.matchAll(/^#define (STANDIN_\w+)/gm)].map(
      ([, macro]) => macro as string,
    );
    expect(
      macros.filter(
        (macro) =>
          !new RegExp(`\\b${macro}\\b`).test(base + text.replaceAll(`#define ${macro}`, '')),
      ),
    ).toEqual([]);
  });
});

describe('an entry of the package', () => {
  const { exports } = JSON.parse(read('package.json')) as {
    exports: Record<string, string | Record<string, Record<string, string>>>;
  };
  const entries = Object.entries(exports).flatMap(([entry, target]) =>
    typeof target === 'string' ? [] : [[entry, target] as const],
  );

  test.each(entries)('%s has all of its files in the build', (_, conditions) => {
    const files = Object.values(conditions).flatMap((condition) => Object.values(condition));
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  test.each(entries)('%s is mapped to the build in jest.config.cjs', (entry, conditions) => {
    const { moduleNameMapper } = jest.requireActual(join(root, 'jest.config.cjs'));
    const name = entry.replace(/^\./, 'wework-spec-sdk');
    const file = conditions.require?.default;
    expect(moduleNameMapper[`^${name}$`]).toBe(file?.replace(/^\./, '<rootDir>'));
  });
});

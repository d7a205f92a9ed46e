import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { root, runProgram } from '../support/child';
import { runTimePackages } from '../support/registry';
import { tempDirs } from '../support/temp-dir';

// A release that is not made: in a repository of its own, with the files of this one.

jest.setTimeout(120_000);
const newDir = tempDirs();
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
let checkout: string;

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], {
    cwd: checkout,
    encoding: 'utf8',
  });
const release = (...args: string[]) =>
  runProgram(process.execPath, [join(checkout, 'scripts', 'release.mjs'), ...args]);
const dryRun = () => release('--dry-run', '--skip-checks');

function write(file: string, text: string): void {
  mkdirSync(dirname(join(checkout, file)), { recursive: true });
  writeFileSync(join(checkout, file), text);
}

const changelog = (...sections: string[]) => `# Changelog\n\n${sections.join('\n\n')}\n`;
const released = changelog(
  '## [Unreleased]',
  `## [${version}] - 2026-01-05\n\n### Added\n\n- All.`,
);

beforeEach(() => {
  checkout = newDir();
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of files.trim().split('\n')) {
    // What neither the package nor the script needs.
    if (/^(?:test|bench|examples)\//.test(file)) continue;
    cpSync(join(root, file), join(checkout, file));
  }
  write('CHANGELOG.md', released);
  // What is built is looked for and not at.
  write('dist/index.js', '');
  write('dist/tools/cli/create-main.js', '');
  write('dist/tools/create/template/package.json.tmpl', '');
  write('prebuilds/linux-x64/wework_spec_sandbox.node', '');
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'all');
});

test('a dry run packs and prints what it would publish and tag, but does neither', async () => {
  const { code, stdout, stderr } = await dryRun();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('- All.');
  expect(stdout).toContain(`npm publish ./out/release/wework-spec-sdk-${version}.tgz `);
  expect(stdout).toContain(`npm publish ./out/release/create-wework-program-${version}.tgz `);
  expect(stdout).toContain(`git tag --annotate v${version} `);
  expect(git('tag')).toBe('');
  expect(git('status', '--porcelain')).toBe('');
});

test('only the released packages say that the SDK is on the registry', async () => {
  expect(await dryRun()).toMatchObject({ code: 0 });
  const published = 'dist/tools/create/published.json';
  for (const name of ['wework-spec-sdk', 'create-wework-program']) {
    const tarball = join(checkout, 'out', 'release', `${name}-${version}.tgz`);
    const text = execFileSync('tar', ['-xzOf', tarball, `package/${published}`], {
      encoding: 'utf8',
    });
    expect(JSON.parse(text)).toEqual({ range: `^${version}` });
  }
  expect(existsSync(join(checkout, published))).toBe(false);
});

test('the version of create-wework-program must be the same', async () => {
  const manifest = JSON.parse(
    readFileSync(join(checkout, 'create-wework-program/package.json'), 'utf8'),
  );
  write('create-wework-program/package.json', JSON.stringify({ ...manifest, version: '0.0.1' }));
  const { code, stderr } = await dryRun();
  expect(code).toBe(1);
  expect(stderr).toContain(`has version 0.0.1, not ${version}`);
});

test('a dry run writes a bill of materials with each package that is installed at run time, and no other', async () => {
  expect(await dryRun()).toMatchObject({ code: 0 });
  const file = join(checkout, 'out', 'release', `wework-spec-sdk-${version}.cdx.json`);
  const { bomFormat, metadata, components } = JSON.parse(readFileSync(file, 'utf8'));
  expect({ bomFormat, purl: metadata.component.purl, name: metadata.component.name }).toEqual({
    bomFormat: 'CycloneDX',
    purl: `pkg:npm/wework-spec-sdk@${version}`,
    name: 'wework-spec-sdk',
  });
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const expected = runTimePackages().map((folder) => ({
    name: folder.split('node_modules/').at(-1),
    version: packages[folder].version,
    hashes: 1,
    licenses: 1,
  }));
  const { dependencies, optionalDependencies } = packages[''];
  expect(expected.map(({ name }) => name)).toEqual(
    expect.arrayContaining(Object.keys({ ...dependencies, ...optionalDependencies })),
  );
  const listed = (components as { name: string; version: string; hashes: []; licenses: [] }[]).map(
    ({ name, version, hashes, licenses }) => ({
      name,
      version,
      hashes: hashes.length,
      licenses: licenses.length,
    }),
  );
  const byName = (a: { name: string | undefined }, b: { name: string | undefined }) =>
    String(a.name) < String(b.name) ? -1 : 1;
  expect(listed.sort(byName)).toEqual(expected.sort(byName));
});

test.each<[what: string, message: RegExp, spoil: () => void]>([
  [
    'an uncommitted change',
    /uncommitted changes:\n M README\.md/,
    () => appendFileSync(join(checkout, 'README.md'), '\n'),
  ],
  ['a tagged version', /The tag v.* already exists/, () => git('tag', `v${version}`)],
  [
    'a lock file of another version',
    /package-lock\.json does not have version/,
    () => {
      const lock = readFileSync(join(checkout, 'package-lock.json'), 'utf8');
      write('package-lock.json', lock.replace(`"version": "${version}"`, '"version": "0.0.1"'));
    },
  ],
  [
    'a changelog without the version',
    /has no section/,
    () => write('CHANGELOG.md', changelog('## [Unreleased]\n\n- All.')),
  ],
  [
    'a version without a date',
    /has no section/,
    () => write('CHANGELOG.md', released.replace(' - 2026-01-05', '')),
  ],
  [
    'a version without entries',
    /has no section/,
    () => write('CHANGELOG.md', changelog(`## [${version}] - 2026-01-05`)),
  ],
  [
    'an entry that is still under Unreleased',
    /still has entries/,
    () => write('CHANGELOG.md', released.replace('[Unreleased]', '[Unreleased]\n\n- More.')),
  ],
  [
    'a missing build',
    /dist\/index\.js is not in the package/,
    () => rmSync(join(checkout, 'dist'), { recursive: true }),
  ],
  [
    'a file of the vendor build',
    /files of the vendor build: .*wework_spec_vendor\.node/,
    () => write('prebuilds/linux-x64/wework_spec_vendor.node', ''),
  ],
])('%s is reported with exit code 1', async (_, message, spoil) => {
  spoil();
  const { code, stdout, stderr } = await dryRun();
  expect(stderr).toMatch(message);
  expect({ code, end: stdout.slice(stdout.indexOf('== Problems')) }).toMatchObject({
    code: 1,
    end: expect.stringMatching(message),
  });
});

test('--skip-checks is refused without --dry-run', async () => {
  const { code, stdout, stderr } = await release('--skip-checks');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('--skip-checks requires --dry-run');
});

test('a release stops at the first problem', async () => {
  appendFileSync(join(checkout, 'README.md'), '\n');
  const { code, stdout } = await release();
  expect(code).toBe(1);
  expect(stdout).not.toContain('Packing');
  expect(git('tag')).toBe('');
});

describe('a release', () => {
  /** As the script runs it, but the checks end as is said, and nothing is published: `npm publish` is written down. */
  async function releaseWith({ checks = 0, publishing = 0 }) {
    write('.ci/run', `#!/bin/sh\nexit ${checks}\n`);
    git('commit', '--quiet', '--all', '--message', 'checks');
    const bin = newDir();
    const npm = execFileSync('which', ['npm'], { encoding: 'utf8' }).trim();
    writeFileSync(
      join(bin, 'npm'),
      `#!/bin/sh\n[ "$1" = publish ] || exec "${npm}" "$@"\necho "npm $*" >> "${bin}/published"\nexit ${publishing}\n`,
      { mode: 0o755 },
    );
    writeFileSync(join(bin, 'published'), '');
    const ended = await runProgram(process.execPath, [join(checkout, 'scripts', 'release.mjs')], {
      env: {
        PATH: `${bin}:${process.env.PATH}`,
        GIT_COMMITTER_NAME: 'test',
        GIT_COMMITTER_EMAIL: 'test@example.com',
      },
    });
    return { ...ended, published: readFileSync(join(bin, 'published'), 'utf8') };
  }

  test('publishes the tarballs, then tags', async () => {
    const { code, published } = await releaseWith({});
    expect(code).toBe(0);
    expect(published).toBe(
      ['wework-spec-sdk', 'create-wework-program']
        .map(
          (name) =>
            `npm publish ./out/release/${name}-${version}.tgz --access public --tag latest --ignore-scripts\n`,
        )
        .join(''),
    );
    expect(git('tag')).toBe(`v${version}\n`);
  });

  test('that fails to publish is not tagged', async () => {
    const { code, stderr } = await releaseWith({ publishing: 1 });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '! npm publish failed.\n' });
    expect(git('tag')).toBe('');
  });

  test('whose checks fail is neither published nor tagged', async () => {
    const { code, stderr, published } = await releaseWith({ checks: 1 });
    expect({ code, stderr, published }).toEqual({
      code: 1,
      stderr: '! .ci/run failed.\n',
      published: '',
    });
    expect(git('tag')).toBe('');
  });
});

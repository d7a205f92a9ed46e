#!/usr/bin/env node
// Releases the version in package.json: checks the working tree and the changelog, runs .ci/run, packs, publishes, tags.
//   node scripts/release.mjs --dry-run                 do everything except publishing and tagging; print these commands
//   node scripts/release.mjs --dry-run --skip-checks   … without .ci/run, with the existing dist/ and prebuilds/
//   node scripts/release.mjs                           release; does not push the tag
// Exit code: 0 without problems, 1 with problems, 2 for an invalid command line.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { isDryRun, skipsChecks } = commandLine();
const read = (file) => readFileSync(join(root, file), 'utf8');
const { name, version } = JSON.parse(read('package.json'));
const tag = `v${version}`;
/** Prereleases such as 1.0.0-rc.1 get another dist-tag, so that `npm install` does not select them by default. */
const distTag = version.includes('-') ? 'next' : 'latest';

const problems = [];
/** A dry run collects all problems; a release stops at the first one. */
function problem(text) {
  problems.push(text);
  console.error(`! ${text}`);
  if (!isDryRun) process.exit(1);
}

const step = (text) => console.log(`\n== ${text}`);

step(`${name} ${version}`);
checkTree();
const notes = checkVersion();
if (skipsChecks) console.log('Skipping .ci/run.');
else if (run('.ci/run') !== 0) problem('.ci/run failed.');
else checkTree();
const tarballs = packAll();

step('Release notes');
console.log(notes);
const commands = [
  ...tarballs.map((file) => [
    ...['npm', 'publish', file, '--access', 'public', '--tag', distTag, '--ignore-scripts'],
  ]),
  ['git', 'tag', '--annotate', tag, '--message', `${name} ${version}`],
];
step(isDryRun ? 'Commands of a release' : 'Publishing');
for (const command of commands) {
  console.log(command.map((word) => (/[\s]/.test(word) ? `'${word}'` : word)).join(' '));
  if (!isDryRun && run(...command) !== 0) problem(`${command.slice(0, 2).join(' ')} failed.`);
}
console.log(`git push origin ${tag}    (run this yourself)`);
if (problems.length > 0) {
  step('Problems');
  for (const text of problems) console.log(`- ${text}`);
  process.exitCode = 1;
}

function commandLine() {
  try {
    const { values } = parseArgs({
      options: {
        'dry-run': { type: 'boolean', default: false },
        'skip-checks': { type: 'boolean', default: false },
      },
    });
    if (values['skip-checks'] && !values['dry-run']) {
      throw new Error(
        '--skip-checks requires --dry-run, because a release is never published unchecked',
      );
    }
    return { isDryRun: values['dry-run'], skipsChecks: values['skip-checks'] };
  } catch (error) {
    console.error(`release: ${error.message}`);
    process.exit(2);
  }
}

function run(command, ...args) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

function output(command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}`);
  return stdout;
}

/** Ensures that the published files are committed. */
function checkTree() {
  const changed = output('git', 'status', '--porcelain').trimEnd();
  if (changed !== '') problem(`The working tree has uncommitted changes:\n${changed}`);
}

/** Checks lock file, tag and changelog. @returns the release notes */
function checkVersion() {
  const lock = JSON.parse(read('package-lock.json'));
  if (lock.version !== version || lock.packages[''].version !== version) {
    problem(
      `package-lock.json does not have version ${version}: run npm install --ignore-scripts.`,
    );
  }
  if (output('git', 'tag', '--list', tag).trim() !== '') {
    problem(`The tag ${tag} already exists: increase "version" in package.json.`);
  }
  const sections = read('CHANGELOG.md').split(/^(?=## )/m);
  const section = sections.find((text) => text.startsWith(`## [${version}]`));
  const [heading = '', ...lines] = section?.split('\n') ?? [];
  const notes = lines.join('\n').trim();
  if (!/^## \[[^\]]+\] - \d{4}-\d{2}-\d{2}$/.test(heading) || notes === '') {
    problem(
      `CHANGELOG.md has no section "## [${version}] - <date>", or it is empty: move the entries from [Unreleased] to it.`,
    );
  }
  const unreleased = sections.find((text) => text.startsWith('## [Unreleased]'));
  if (section !== undefined && /^- /m.test(unreleased ?? '')) {
    problem(`CHANGELOG.md still has entries in [Unreleased]: move them to ${version}.`);
  }
  return notes || '(none)';
}

/** Packs this package, and the one that creates programs. @returns the paths of the tarballs */
function packAll() {
  // Says that the packages are on the registry, so that programs which they create get the SDK from there.
  const published = join(root, 'dist', 'tools', 'create', 'published.json');
  const range = version.includes('-') ? version : `^${version}`;
  mkdirSync(dirname(published), { recursive: true });
  writeFileSync(published, `${JSON.stringify({ range })}\n`);
  try {
    return [pack(), packCreate()];
  } finally {
    rmSync(published);
  }
}

/** Packs create-wework-program into out/release/. @returns the path of the tarball */
function packCreate() {
  const folder = join(root, 'create-wework-program');
  const create = JSON.parse(read('create-wework-program/package.json'));
  if (create.version !== version) {
    problem(`create-wework-program/package.json has version ${create.version}, not ${version}.`);
  }
  if (run(process.execPath, join(root, 'scripts', 'build-create.mjs')) !== 0) {
    problem('scripts/build-create.mjs failed: run scripts/test first.');
  }
  const release = join(root, 'out', 'release');
  output('npm', 'pack', folder, '--ignore-scripts', '--pack-destination', release);
  return `./out/release/${create.name}-${create.version}.tgz`;
}

/** Packs into out/release/, checks the content, and writes the bill of materials. @returns the path of the tarball */
function pack() {
  step('Packing');
  const folder = join(root, 'out', 'release');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const json = output('npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder);
  const [{ filename, files, size, unpackedSize, shasum }] = JSON.parse(json);
  const paths = files.map(({ path }) => path);
  const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  console.log(
    `${filename}: ${files.length} files, ${megabytes(size)}, unpacked ${megabytes(unpackedSize)}`,
  );
  console.log(`sha1 ${shasum}`);
  for (const needed of ['dist/index.js', 'prebuilds/linux-x64/wework_spec_sandbox.node']) {
    if (!paths.includes(needed))
      problem(`${needed} is not in the package: run scripts/test first.`);
  }
  // The vendor's library must not be redistributed, and an addon that was built for it works on this machine only.
  const foreign = paths.filter((path) => /libWeWorkSpecSDK|wework_spec_vendor/.test(path));
  if (foreign.length > 0) {
    problem(`The package contains files of the vendor build: ${foreign.join(', ')}.`);
  }
  const file = join(folder, filename);
  if (!existsSync(file)) throw new Error(`npm pack did not write ${file}`);
  const bill = file.replace(/\.tgz$/, '.cdx.json');
  if (run(process.execPath, join(root, 'scripts', 'sbom.mjs'), '--out', bill) !== 0) {
    problem('scripts/sbom.mjs failed.');
  } else console.log(`bill of materials: ${relative(root, bill)}`);
  // Without the dot, npm could take the path for a GitHub repository.
  return `./${relative(root, file)}`;
}

#!/usr/bin/env node
// Writes docs/api/<entry>.api.md: every exported name of every entry in package.json "exports", with signature and members, from dist/
// (npm run build:lib). The reports are committed, so that reviews show each change of the public API.
//   node scripts/api-report.mjs            write the reports
//   node scripts/api-report.mjs --check    print differences instead; exit code 1 if there are any
//   … --folder DIR                         use DIR instead of docs/api
// Both fail if a report contains a warning, or if an exported name or one of its members has no documentation.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const packageFile = join(root, 'package.json');
const { name: packageName, exports } = JSON.parse(readFileSync(packageFile, 'utf8'));
const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    folder: { type: 'string', default: join(root, 'docs', 'api') },
  },
});

/** The declarations of every entry; './package.json' has none. */
const entries = Object.entries(exports).flatMap(([path, target]) =>
  typeof target === 'string'
    ? []
    : [{ name: path.replace(/^\.\/?/, ''), types: join(root, target.require.types) }],
);

/** What the compiler and API Extractor report as errors, with file and line. */
const problems = [];

const fileOf = ({ name }) => `${(name || 'index').replaceAll('/', '-')}.api.md`;

function reportOf(entry, workDir) {
  if (!existsSync(entry.types)) {
    throw new Error(`${entry.types} does not exist: run npm run build:lib first`);
  }
  const reported = (addToApiReportFile) => ({ logLevel: 'warning', addToApiReportFile });
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: entry.types,
      compiler: {
        overrideTsconfig: {
          // API Extractor's compiler is older than the one in package.json, but it reads declarations only.
          compilerOptions: {
            target: 'es2022',
            lib: ['es2022'],
            module: 'nodenext',
            moduleResolution: 'nodenext',
            types: ['node'],
            strict: true,
            exactOptionalPropertyTypes: true,
            skipLibCheck: true,
          },
          files: [entry.types],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: fileOf(entry),
        reportFolder: join(workDir, 'made'),
        reportTempFolder: join(workDir, 'temporary'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: reported(false) },
        extractorMessageReporting: {
          default: reported(true),
          'ae-missing-release-tag': { logLevel: 'none' },
          // The report would only mark these names as "(undocumented)".
          'ae-undocumented': { logLevel: 'error' },
          // TypeScript resolves {@link member} in a class; the full form of TSDoc would be harder to read in editors.
          'ae-unresolved-link': { logLevel: 'none' },
        },
        tsdocMessageReporting: { default: reported(true) },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: packageFile,
  });
  Extractor.invoke(config, {
    // A local build writes the report without comparing it; compare() does that.
    localBuild: true,
    messageCallback: (message) => {
      // The report already contains the relevant messages; the others are progress.
      message.handled = true;
      if (message.category === 'Compiler' || message.logLevel === 'error') {
        problems.push(message.formatMessageWithLocation(root));
      }
    },
  });
  const title = entry.name ? `${packageName}/${entry.name}` : packageName;
  return readFileSync(join(workDir, 'made', fileOf(entry)), 'utf8')
    .replace(`"${packageName}"`, `"${title}"`)
    .replace('// (No @packageDocumentation comment for this package)\n\n', '');
}

/**
 * Removes warnings about types that another entry exports: API Extractor analyses each entry separately. The remaining warnings are
 * about types that users cannot import at all.
 */
function withoutNamesOfOtherEntries(reports) {
  const exported = new Set(
    [...reports.values()].flatMap((report) =>
      [
        ...report.matchAll(
          /^export (?:abstract )?(?:class|const|enum|function|interface|type) (\w+)/gm,
        ),
      ].map(([, name]) => name),
    ),
  );
  return new Map(
    [...reports].map(([file, report]) => [
      file,
      report
        .replace(
          /^ *\/\/ Warning: \(ae-forgotten-export\) The symbol "(\w+)" .*\n/gm,
          (line, name) => (exported.has(name) ? '' : line),
        )
        // The empty comment line after a removed warning.
        .replace(/(?<!^ *\/\/.*\n)^ *\/\/\n/gm, ''),
    ]),
  );
}

const workDir = mkdtempSync(join(realpathSync(tmpdir()), 'wework-spec-api-'));
mkdirSync(join(workDir, 'made'));
try {
  const reports = withoutNamesOfOtherEntries(
    new Map(entries.map((entry) => [fileOf(entry), reportOf(entry, workDir)])),
  );
  const present = existsSync(values.folder) ? readdirSync(values.folder) : [];
  const stale = present.filter((file) => file.endsWith('.api.md') && !reports.has(file));
  const defects = new Set([...problems, ...[...reports].flatMap(warningsOf)]);
  for (const defect of defects) console.error(defect);
  if (defects.size > 0) process.exitCode = 1;
  else if (values.check) process.exitCode = compare(reports, stale);
  else write(reports, stale);
} finally {
  rmSync(workDir, { recursive: true, force: true });
}

function warningsOf([file, report]) {
  return [...report.matchAll(/^ *\/\/ (Warning: .*)$/gm)].map(([, text]) => `${file}: ${text}`);
}

function write(reports, stale) {
  mkdirSync(values.folder, { recursive: true });
  for (const file of stale) rmSync(join(values.folder, file));
  for (const [file, text] of reports) writeFileSync(join(values.folder, file), text);
}

/** Prints the differences and returns the exit code. */
function compare(reports, stale) {
  let isDifferent = stale.length > 0;
  for (const file of stale) console.error(`${file} belongs to no entry of package.json "exports".`);
  for (const [file, text] of reports) {
    const committed = join(values.folder, file);
    if (!existsSync(committed)) {
      console.error(`${file} is missing.`);
      isDifferent = true;
    } else if (readFileSync(committed, 'utf8') !== text) {
      const { stdout } = spawnSync(
        'diff',
        ['-u', '--label', file, '--label', file, committed, '-'],
        {
          input: text,
          encoding: 'utf8',
        },
      );
      console.error(stdout);
      isDifferent = true;
    }
  }
  if (isDifferent) {
    console.error(
      'The public API differs from docs/api. If this is intended, run npm run api and commit the reports.',
    );
  }
  return isDifferent ? 1 : 0;
}

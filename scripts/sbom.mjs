#!/usr/bin/env node
// Prints the bill of materials (CycloneDX, JSON): every package that is installed with this one, at the version of package-lock.json.
//   node scripts/sbom.mjs [--out FILE]
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const { values } = parseArgs({ options: { out: { type: 'string' } } });

// In this folder `npm sbom --omit dev` would leave out every dependency that a development tool needs, too: undici and tar, for example.
const { devDependencies: _, ...manifest } = read('package.json');
const lock = read('package-lock.json');
delete lock.packages[''].devDependencies;
for (const [path, { dev, devOptional, peer }] of Object.entries(lock.packages)) {
  if (dev || devOptional || peer) delete lock.packages[path];
}

const temporary = mkdtempSync(join(tmpdir(), 'wework-spec-sbom-'));
try {
  // npm takes the name of the folder for that of the package.
  const folder = join(temporary, manifest.name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  const args = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) {
    console.error(`npm ${args.join(' ')} failed: ${stderr}`);
    process.exitCode = 1;
  } else if (values.out === undefined) process.stdout.write(stdout);
  else writeFileSync(values.out, stdout);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

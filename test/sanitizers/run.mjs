// Runs exercise.cjs with the runtime of a sanitizer preloaded. Only that process gets it, because npm and compilers have
// unrelated findings.
//
//   node test/sanitizers/run.mjs address|thread
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const sanitizer = process.argv[2];
const runtime = { address: 'libasan.so', thread: 'libtsan.so' }[sanitizer];
const library = execFileSync('g++', [`-print-file-name=${runtime}`], { encoding: 'utf8' }).trim();
const reports = mkdtempSync(join(tmpdir(), 'wework-spec-sanitizer-'));

const { status, signal } = spawnSync(
  process.execPath,
  ['--expose-gc', join(here, 'exercise.cjs')],
  {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      LD_PRELOAD: library,
      WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null',
      ASAN_OPTIONS: 'detect_leaks=1:exitcode=99:detect_stack_use_after_return=1',
      UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1:exitcode=99',
      LSAN_OPTIONS: `suppressions=${join(here, 'lsan.supp')}:print_suppressions=0`,
      TSAN_OPTIONS: `exitcode=0:log_path=${join(reports, 'report')}`,
    },
  },
);
const races = readRaces();
rmSync(reports, { recursive: true });

for (const race of races) console.error(race);
if (status !== 0 || races.length > 0) {
  console.error(
    `Failed under ${runtime}: ${signal ?? `exit code ${status}`}, ${races.length} races.`,
  );
  process.exit(1);
}
console.log(`Clean under ${runtime}.`);

/**
 * The reports of ThreadSanitizer in which at least one of the two accesses was made by the addon, by the sandbox library, or
 * by code that they called, except V8. node is not compiled for ThreadSanitizer, so it reports races among V8's own threads.
 */
function readRaces() {
  return readdirSync(reports)
    .flatMap((file) => readFileSync(join(reports, file), 'utf8').split(/^={10,}$/m))
    .filter((report) => {
      const accesses = report.split(/^ {2}(?:Location|Thread|Mutex|As if)/m)[0];
      return accesses.split(/^ {2}\S/m).some((stack) => {
        const called = stack.split(/wework_spec_sandbox\.node|libWeWorkSpecSandbox\.so/);
        return called.length > 1 && !called[0].includes('v8::');
      });
    });
}

import type { Check } from '../diagnosis/check';
import type { Writer } from './command';
import { styleFor, table, writeJson, writeLine, writeText } from './output';

const colours = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

/** Prints the results of checks. @returns the exit code: 0 if no check failed, else 1 */
export function writeChecks(
  checks: readonly Check[],
  { json, stdout, env }: { json: boolean; stdout: Writer; env: NodeJS.ProcessEnv },
): number {
  const failed = checks.filter(({ status }) => status === 'fail').length;
  if (json) {
    writeJson(stdout, { ok: failed === 0, checks });
  } else {
    const style = styleFor(stdout, env);
    const rows = checks.map(({ name, status, finding, fix }) => [
      status,
      name,
      // One line for each check.
      `${finding}${fix === undefined ? '' : `. Fix: ${fix}`}`.replace(/\s*\n\s*/g, ' '),
    ]);
    writeText(
      stdout,
      table(rows, (cell, column, [status]) =>
        column === 0 ? style(colours[status as keyof typeof colours], cell) : cell,
      ),
    );
    const warned = checks.filter(({ status }) => status === 'warn').length;
    writeLine(stdout, `${checks.length} checks; warnings: ${warned}, failures: ${failed}`);
  }
  return failed === 0 ? 0 : 1;
}

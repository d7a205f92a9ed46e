import { diagnose } from '../../diagnosis/diagnose';
import { defineCommand } from '../command';
import { styleFor, table, writeJson, writeLine } from '../output';

const colours = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

/** Finds out why the SDK does not load, or that nothing stands in the way. */
export const doctor = defineCommand({
  name: 'doctor',
  summary: 'check everything that a program needs to run with the SDK',
  description: `Loads nothing in its own process; a load is tried in another one. Exit code 0 when no check fails, else 1.
The checks follow WEWORK_SPEC_SDK, as programs do: unset means vendor.`,
  options: {
    'sdk-dir': {
      type: 'string',
      value: 'DIR',
      description:
        'folder or archive of the SDK (default: $WEWORK_SPEC_SDK_DIR, or where the addon was linked to)',
    },
    json: {
      type: 'boolean',
      description: 'for machines: { ok, checks: [{ name, status, finding, fix }] }',
    },
  },
  examples: [
    ['npx wework-spec doctor', 'after a build, and whenever a program does not start'],
    ['WEWORK_SPEC_SDK=sandbox npx wework-spec doctor', 'the same for offline work'],
    ['npx wework-spec doctor --json --sdk-dir ./cpp_sdk', 'for a report to the authors'],
  ],
  async run({ values, env, cwd, stdout }) {
    const checks = await diagnose(values['sdk-dir'], env, cwd);
    const failed = checks.filter(({ status }) => status === 'fail').length;
    if (values.json) {
      writeJson(stdout, { ok: failed === 0, checks });
    } else {
      const style = styleFor(stdout, env);
      const rows = checks.map(({ name, status, finding, fix }) => [
        status,
        name,
        // One line for each check.
        `${finding}${fix === undefined ? '' : `. Fix: ${fix}`}`.replace(/\s*\n\s*/g, ' '),
      ]);
      stdout.write(
        table(rows, (cell, column, [status]) =>
          column === 0 ? style(colours[status as keyof typeof colours], cell) : cell,
        ),
      );
      const warned = checks.filter(({ status }) => status === 'warn').length;
      writeLine(stdout, `${checks.length} checks; warnings: ${warned}, failures: ${failed}`);
    }
    return failed === 0 ? 0 : 1;
  },
});

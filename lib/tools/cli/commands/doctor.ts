import { diagnose } from '../../diagnosis/diagnose';
import { writeChecks } from '../checks';
import { defineCommand } from '../command';

/** Checks everything that loading the SDK depends on. */
export const doctor = defineCommand({
  name: 'doctor',
  summary: 'check whether programs can load the SDK',
  description: `Checks the machine, the addon and the SDK, and the database of jobs, and loads them in child processes. Exit code 0 if no check
fails, else 1.
WEWORK_SPEC_SDK selects the SDK, as for programs: vendor (default) or sandbox.`,
  options: {
    'sdk-dir': {
      type: 'string',
      value: 'DIR',
      description:
        'folder or archive of the SDK (default: $WEWORK_SPEC_SDK_DIR, or the folder that the addon is linked to)',
    },
    json: {
      type: 'boolean',
      description: 'print JSON: { ok, checks: [{ name, status, finding, fix }] }',
    },
  },
  examples: [
    ['npx wework-spec doctor', 'after a build, or if a program does not start'],
    ['WEWORK_SPEC_SDK=sandbox npx wework-spec doctor', 'check the sandbox instead'],
    ['npx wework-spec doctor --json --sdk-dir ./cpp_sdk', 'for a bug report'],
  ],
  async run({ values, env, cwd, stdout }) {
    const checks = await diagnose(values['sdk-dir'], env, cwd);
    return writeChecks(checks, { json: values.json ?? false, stdout, env });
  },
});

import { nearestOf, runningSandboxes } from '../../../sandbox/control/find-sandbox';
import { defineCommand } from '../command';
import { localTime, table, writeJson, writeLine, writeText } from '../output';

/** Lists the running sandboxes of this user. */
export const ps = defineCommand({
  name: 'ps',
  summary: 'list the running sandboxes',
  description: `Commands connect to the sandbox that was started in this folder or its nearest parent, or whose program lies there; the newest of
several. It is marked with "*". If no folder matches, they connect to the only sandbox that runs; with more than one, they
require --url.`,
  options: {
    json: {
      type: 'boolean',
      description: 'print JSON: [{ url, pid, startedAt, folder, script, isDefault }]',
    },
  },
  examples: [['wework-spec ps', 'list the sandboxes; * marks the one of this folder']],
  async run({ values, env, cwd, stdout }) {
    const running = await runningSandboxes(env);
    const byDefault = nearestOf(running, cwd) ?? (running.length === 1 ? running[0] : undefined);
    if (values.json) {
      writeJson(
        stdout,
        running.map((sandbox) => {
          const { token: _, startedAt, ...shown } = sandbox;
          return {
            ...shown,
            startedAt: new Date(startedAt).toISOString(),
            isDefault: sandbox === byDefault,
          };
        }),
      );
    } else if (running.length === 0) {
      writeLine(stdout, 'no running sandbox');
    } else {
      const rows = running.map((sandbox) => {
        const { url, pid, startedAt, folder, script = '' } = sandbox;
        const mark = sandbox === byDefault ? '*' : '';
        return [mark, url, String(pid), localTime(startedAt), folder, script];
      });
      writeText(stdout, table([['', 'URL', 'PID', 'STARTED', 'FOLDER', 'PROGRAM'], ...rows]));
    }
    return 0;
  },
});

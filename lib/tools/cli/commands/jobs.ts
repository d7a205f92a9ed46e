import { resolve } from 'node:path';
import { EmbeddedQueue } from '../../../program/jobs/embedded-queue';
import { EmbeddedStore } from '../../../program/store/embedded-store';
import { ControlClient } from '../../../sandbox/control/control-client';
import { nearestOf, runningSandboxes } from '../../../sandbox/control/find-sandbox';
import { type Context, defineCommand, UsageError } from '../command';
import { styleFor, table, writeJson, writeLine, writeText } from '../output';

/** Lists the jobs of a program that could not be reported, and retries or discards them. */
export const jobs = defineCommand({
  name: 'jobs',
  summary: 'list, retry or discard jobs that could not be reported',
  positionals: 'list|retry|discard [id …]',
  choices: ['list', 'retry', 'discard'],
  description: `Works on the program's folder, also while the program runs: it attempts a retried job within a second. "retry" reports the
stored result again, or runs the handler if there is none. "discard" deletes request and result. Neither is ever printed. Exit code 1 if
an id is unknown.

The folder is the one of --data-dir or $WEWORK_SPEC_DATA_DIR. Without them, it is the folder that the sandbox of this folder (see
wework-spec help ps) has given to its program, or wework-spec-data; the command then says on the standard error which one it uses.`,
  options: {
    'data-dir': {
      type: 'string',
      value: 'DIR',
      description:
        "the program's folder; default: $WEWORK_SPEC_DATA_DIR, that of the sandbox, or wework-spec-data",
    },
    json: { type: 'boolean', description: 'print JSON' },
  },
  examples: [
    ['wework-spec jobs list', 'show the jobs and the reasons'],
    ['wework-spec jobs retry 0123456789abcdef0123456789abcdef', 'report a job again'],
  ],
  async run(context) {
    const { values, positionals, stdout, stderr, env } = context;
    const [verb, ...ids] = positionals;
    if (verb !== 'list' && verb !== 'retry' && verb !== 'discard') {
      throw new UsageError(
        'jobs: expected "list", "retry ID" or "discard ID"; see wework-spec help jobs',
      );
    }
    if ((verb === 'list') !== (ids.length === 0)) {
      throw new UsageError(`jobs: ${verb} ${verb === 'list' ? 'takes no id' : 'needs an id'}`);
    }
    const { folder, origin } = await folderOf(context);
    const store = new EmbeddedStore(() => folder);
    const queue = new EmbeddedQueue(store, 0);
    const place = origin === undefined ? folder : `${folder} (${origin})`;
    if (!queue.mayHaveJobs()) throw new UsageError(`jobs: no program has stored jobs in ${place}`);
    if (origin !== undefined) writeLine(stderr, styleFor(stderr, env)('dim', `jobs in ${place}`));
    try {
      if (verb === 'list') {
        const dead = await queue.listDead();
        if (values.json) writeJson(stdout, dead);
        else if (dead.length === 0) writeLine(stdout, 'no dead jobs');
        else {
          writeText(
            stdout,
            table(
              dead.map(({ id, diedAt, abilityId = '(damaged)', hasReport, reason }) => [
                id,
                new Date(diedAt).toISOString(),
                abilityId,
                hasReport ? 'result stored' : 'no result',
                reason,
              ]),
            ),
          );
        }
        return 0;
      }
      const results: Record<string, boolean> = {};
      for (const id of ids) {
        results[id] = verb === 'retry' ? await queue.retryDead(id) : await queue.discardDead(id);
      }
      const unknown = ids.filter((id) => !results[id]);
      if (values.json) writeJson(stdout, results);
      else if (unknown.length > 0) writeLine(stderr, `wework-spec: no such job: ${unknown}`);
      return unknown.length === 0 ? 0 : 1;
    } finally {
      await store.close();
    }
  },
});

/** The program's folder, and why it is this one unless the user has named it. */
async function folderOf({
  values,
  env,
  cwd,
}: {
  readonly values: { readonly 'data-dir'?: string };
  readonly env: Context['env'];
  readonly cwd: string;
}): Promise<{ folder: string; origin?: string }> {
  const named = values['data-dir'] ?? (env.WEWORK_SPEC_DATA_DIR || undefined);
  if (named !== undefined) return { folder: resolve(cwd, named) };
  const sandbox = nearestOf(await runningSandboxes(env), cwd);
  if (sandbox !== undefined) {
    const { dataDir } = await new ControlClient(sandbox).send('info', {});
    return { folder: dataDir, origin: `of the program in the sandbox at ${sandbox.url}` };
  }
  return { folder: resolve(cwd, 'wework-spec-data'), origin: 'the default' };
}

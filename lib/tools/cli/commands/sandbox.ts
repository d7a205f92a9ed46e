import { once } from 'node:events';
import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { writePrivateFile } from '../../../common/private-file';
import { announce } from '../../../sandbox/control/running';
import { formatSeenRequest } from '../../../sandbox/wire/seen-request';
import { ZoneSandbox } from '../../../sandbox/zone-sandbox';
import { defineCommand, UsageError } from '../command';
import { styleFor, writeJson, writeLine, writeText } from '../output';
import { descriptionOf, explanationOf } from '../sandbox/explanation';
import { endOfProcess } from '../sandbox/other-process';
import { startOptions, startOptionsOf, usageErrorOf } from '../sandbox/start-options';
import { watchProgram } from '../sandbox/watch-program';

/** Starts a sandbox and runs it until it is interrupted. */
export const sandbox = defineCommand({
  name: 'sandbox',
  summary: 'start a sandbox: a local simulation of the zone',
  description: `Runs until Ctrl-C. Prints the environment variables for a program, and those for applications and for the curl commands in
docs/server-interfaces.md. With --watch, it also runs the program, and restarts it when a source file in its folder changes. The
program can listen on port 8080 or $PORT; the sandbox assigns it a free port. The other commands find the sandbox by
the folder in which it was started: see wework-spec help ps. A line for each request is printed on the standard error.

In a script or in CI, start it with "--exit-with $$ &": it stops when the script ends, however it ends.`,
  options: {
    watch: {
      type: 'string',
      value: 'SCRIPT',
      description: 'run this program, and restart it when a source file changes',
    },
    ...startOptions,
    'private-key-file': {
      type: 'string',
      value: 'FILE',
      description: "file to which the corp's private key is written, as PEM, readable by you alone",
    },
    'exit-with': {
      type: 'string',
      value: 'PID',
      description:
        'stop when this process ends, or "parent": $$ for the script that starts the sandbox',
    },
    json: { type: 'boolean', description: 'print one JSON document when the sandbox is ready' },
  },
  examples: [
    ['wework-spec sandbox --watch dist/app.js', 'develop a program, with restarts on changes'],
    [
      'wework-spec sandbox --corp staff=50,customers=2000 --seed 7 --limits taskMs=0 --watch app.js',
      'with a larger corp, and tasks that take no time',
    ],
    ['wework-spec sandbox', 'for a program that you start yourself on port 8080'],
    [
      'wework-spec sandbox --port 9000 --app-callback http://127.0.0.1:3000/data',
      'with an application that receives notifications',
    ],
  ],
  async run(context) {
    const { values, stdout, stderr, env, cwd } = context;
    const { watch } = values;
    const options = startOptionsOf(context);
    const script = watch === undefined ? undefined : await scriptArgument(resolve(cwd, watch));
    const other = values['exit-with'];
    const ended = other === undefined ? [] : [endOfProcess(other)];
    const signal = AbortSignal.any([context.interrupted(), ...ended]);
    const zone = await ZoneSandbox.start(options).catch((error: unknown) => {
      throw usageErrorOf(error);
    });
    const { controlToken: token } = zone;
    const url = zone.urls.server;
    let withdraw = (): void => {};
    const style = styleFor(stderr, env);
    const say = (text: string): void => writeLine(stderr, style('dim', `sandbox: ${text}`));
    try {
      await writeKey(zone, values['private-key-file'], cwd);
      withdraw = await announce(
        {
          ...{ url, token, pid: process.pid, folder: cwd, startedAt: Date.now() },
          ...(script === undefined ? {} : { script: await realpath(script) }),
        },
        env,
      );
      if (values.json) writeJson(stdout, descriptionOf(zone));
      else writeText(stdout, ...explanationOf(zone, script !== undefined, styleFor(stdout, env)));
      zone.on('request', (request) => say(formatSeenRequest(request)));
      if (script !== undefined) {
        await watchProgram(zone, script, {
          signal,
          cwd,
          say,
          output: {
            stdout: (text) => writeText(stdout, text),
            stderr: (text) => writeText(stderr, text),
          },
        });
      } else if (!signal.aborted) {
        await once(signal, 'abort');
      }
      return 0;
    } finally {
      withdraw();
      await zone.stop();
    }
  },
});

/** The file that node runs for a path, which may lack the extension or be a folder. Throws {@link UsageError} if there is none. */
async function scriptArgument(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return path;
  try {
    return require.resolve(path);
  } catch {
    throw new UsageError(`sandbox: --watch: there is no program ${path}`);
  }
}

async function writeKey(zone: ZoneSandbox, file: string | undefined, cwd: string): Promise<void> {
  if (file === undefined) return;
  const { privateKeyPem } = await zone.corp.keyPair();
  await writePrivateFile(resolve(cwd, file), privateKeyPem).catch((error: Error) => {
    throw new UsageError(`sandbox: --private-key-file: ${error.message}`);
  });
}

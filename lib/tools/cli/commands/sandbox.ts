import { once } from 'node:events';
import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AppCallback } from '../../../sandbox/application/app-callback';
import { announce } from '../../../sandbox/control/running';
import { ZoneSandbox } from '../../../sandbox/zone-sandbox';
import { integerArgument, urlArgument } from '../arguments';
import { defineCommand, UsageError } from '../command';
import { type Printed, styleFor, writeJson, writeLine, writeText } from '../output';
import { watchProgram } from '../sandbox/watch-program';

/** Starts a sandbox and runs it until it is interrupted. */
export const sandbox = defineCommand({
  name: 'sandbox',
  summary: 'start a sandbox: a local simulation of the zone',
  description: `Runs until Ctrl-C. Prints the environment variables for a program, and those for applications and for the curl commands in
docs/server-interfaces.md. With --watch, it also runs the program, and restarts it when a source file in its folder changes. The
program can listen on port 8080 or $PORT; the sandbox assigns it a free port. The other commands find the sandbox by
the folder in which it was started: see wework-spec help ps.`,
  options: {
    watch: {
      type: 'string',
      value: 'SCRIPT',
      description: 'run this program, and restart it when a source file changes',
    },
    program: {
      type: 'string',
      value: 'URL',
      description: 'address of the program (default: http://127.0.0.1:8080)',
    },
    port: {
      type: 'string',
      value: 'PORT',
      description: 'port of the server for applications (default: a free port)',
    },
    'app-callback': {
      type: 'string',
      value: 'URL',
      description:
        "application's URL for program_notify; encrypted if $WEWORK_SPEC_APP_TOKEN and $WEWORK_SPEC_APP_AES_KEY are set",
    },
    'debug-server': {
      type: 'string',
      value: 'URL',
      description: 'target of calls and events in debug mode (default: the program)',
    },
    json: { type: 'boolean', description: 'print one JSON document when the sandbox is ready' },
  },
  examples: [
    ['wework-spec sandbox --watch dist/app.js', 'develop a program, with restarts on changes'],
    ['wework-spec sandbox', 'for a program that you start yourself on port 8080'],
    [
      'wework-spec sandbox --port 9000 --app-callback http://127.0.0.1:3000/data',
      'with an application that receives notifications',
    ],
  ],
  async run(context) {
    const { values, stdout, stderr, env, cwd } = context;
    const { watch, program } = values;
    if (watch !== undefined && program !== undefined) {
      throw new UsageError(
        'sandbox: --watch and --program cannot be used together; --program is for a program that is already running',
      );
    }
    const script = watch === undefined ? undefined : await scriptArgument(resolve(cwd, watch));
    const port =
      values.port === undefined
        ? undefined
        : integerArgument('sandbox: --port', values.port, 0, 65_535);
    for (const name of ['program', 'debug-server', 'app-callback'] as const) {
      if (values[name] !== undefined) urlArgument(`sandbox: --${name}`, values[name]);
    }
    const signal = context.interrupted();
    const zone = await ZoneSandbox.start({
      ...(watch === undefined ? { program: program ?? 'http://127.0.0.1:8080' } : {}),
      ...(port === undefined ? {} : { serverPort: port }),
      ...(values['debug-server'] === undefined ? {} : { debugServer: values['debug-server'] }),
      ...(values['app-callback'] === undefined
        ? {}
        : { appCallback: appCallback(values['app-callback'], env) }),
    });
    const { controlToken: token } = zone;
    const url = zone.urls.server;
    let withdraw = (): void => {};
    try {
      withdraw = await announce(
        {
          ...{ url, token, pid: process.pid, folder: cwd, startedAt: Date.now() },
          ...(script === undefined ? {} : { script: await realpath(script) }),
        },
        env,
      );
      if (values.json) writeJson(stdout, descriptionOf(zone));
      else writeText(stdout, ...explanationOf(zone, script !== undefined, styleFor(stdout, env)));
      if (script !== undefined) {
        const style = styleFor(stderr, env);
        await watchProgram(zone, script, {
          signal,
          cwd,
          say: (text) => writeLine(stderr, style('dim', `sandbox: ${text}`)),
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

/** Secrets come from the environment, because the list of processes shows command lines. */
function appCallback(url: string, env: NodeJS.ProcessEnv): string | AppCallback {
  const { WEWORK_SPEC_APP_TOKEN: token, WEWORK_SPEC_APP_AES_KEY: encodingAESKey } = env;
  if (!token && !encodingAESKey) return url;
  if (!token || !encodingAESKey) {
    throw new UsageError(
      'sandbox: encrypted callbacks require both WEWORK_SPEC_APP_TOKEN and WEWORK_SPEC_APP_AES_KEY',
    );
  }
  return { url, token, encodingAESKey };
}

/** The variables that the curl commands in docs/server-interfaces.md use. */
function applicationOf(zone: ZoneSandbox): Record<string, string> {
  return {
    BASE: zone.urls.server,
    TOKEN: zone.application.accessToken,
    CORPID: zone.application.corpId,
    CORPSECRET: zone.application.corpSecret,
    PROGRAM_ID: zone.programs.ownId,
    DEBUG_TOKEN: zone.programs.debugToken(),
    USERID: zone.corp.staff[0] ?? '',
  };
}

function descriptionOf(zone: ZoneSandbox): object {
  return {
    serverUrl: zone.urls.server,
    platform: zone.urls.platform,
    programId: zone.programs.ownId,
    controlToken: zone.controlToken,
    env: zone.env,
    application: applicationOf(zone),
  };
}

function explanationOf(
  zone: ZoneSandbox,
  runsProgram: boolean,
  style: ReturnType<typeof styleFor>,
): Printed[] {
  const exports = (variables: Readonly<Record<string, string>>): string =>
    Object.entries(variables)
      .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
      .join('');
  return [
    style('bold', 'The sandbox is running.'),
    ` Server for applications: ${zone.urls.server}. Press Ctrl-C to stop.\n\n`,
    ...(runsProgram
      ? []
      : [
          style('bold', 'For a program'),
          ` that listens at ${zone.programs.address?.href} (contains a private key):\n\n${exports(zone.env)}\n`,
        ]),
    style('bold', 'For an application'),
    `, and for the curl commands in docs/server-interfaces.md:\n\n${exports(applicationOf(zone))}\n`,
    style('bold', 'For wework-spec commands'),
    ` of another user or machine, together with --url:\n\n${exports({ WEWORK_SPEC_SANDBOX_TOKEN: zone.controlToken })}`,
    `\nNext, in another terminal: wework-spec call <ability> '{}'\n`,
  ];
}

import { once } from 'node:events';
import { resolve } from 'node:path';
import type { AppCallback } from '../../../sandbox/application/app-callback';
import { announce } from '../../../sandbox/control/running';
import { ZoneSandbox } from '../../../sandbox/zone-sandbox';
import { defineCommand, UsageError } from '../command';
import { styleFor, writeJson, writeLine } from '../output';
import { watchProgram } from '../sandbox/watch-program';

/** Starts a sandbox and runs it until it is told to end. */
export const sandbox = defineCommand({
  name: 'sandbox',
  summary: 'start a sandbox: the zone on this machine',
  description: `Runs until Ctrl-C, and prints what to export: for a program, and for applications and the curl lines of
docs/server-interfaces.md. With --watch it runs the program, too, and starts it anew when a source in its folder changes; the
program may listen on port 8080 or on $PORT, it gets a free port either way. The commands call, emit, logs, fault and
state find the sandbox by themselves.`,
  options: {
    watch: {
      type: 'string',
      value: 'SCRIPT',
      description: 'run this program and start it anew when it changes',
    },
    program: {
      type: 'string',
      value: 'URL',
      description: 'where the program listens; default http://127.0.0.1:8080',
    },
    port: {
      type: 'string',
      value: 'PORT',
      description: 'of the server for applications; default: any free one',
    },
    'app-callback': {
      type: 'string',
      value: 'URL',
      description:
        'where the application takes program_notify; encrypted with $WEWORK_SPEC_APP_TOKEN and $WEWORK_SPEC_APP_AES_KEY',
    },
    'debug-server': {
      type: 'string',
      value: 'URL',
      description: 'where calls and events go in debug mode; default: to the program',
    },
    json: { type: 'boolean', description: 'print one JSON document when it runs, for scripts' },
  },
  examples: [
    ['wework-spec sandbox --watch dist/app.js', 'run a program in a sandbox while you work on it'],
    ['wework-spec sandbox', 'a sandbox for a program that you start yourself, on port 8080'],
    [
      'wework-spec sandbox --port 9000 --app-callback http://127.0.0.1:3000/data',
      'with an application',
    ],
  ],
  async run(context) {
    const { values, stdout, stderr, env, cwd } = context;
    const { watch, program } = values;
    if (watch !== undefined && program !== undefined) {
      throw new UsageError(
        'sandbox: --watch runs the program itself; --program is for one that runs',
      );
    }
    const signal = context.interrupted();
    const zone = await ZoneSandbox.start({
      ...(watch === undefined ? { program: program ?? 'http://127.0.0.1:8080' } : {}),
      ...(values.port === undefined ? {} : { serverPort: Number(values.port) }),
      ...(values['debug-server'] === undefined ? {} : { debugServer: values['debug-server'] }),
      ...(values['app-callback'] === undefined
        ? {}
        : { appCallback: appCallback(values['app-callback'], env) }),
    });
    const { controlToken: token } = zone;
    const url = zone.urls.server;
    let withdraw = (): void => {};
    try {
      withdraw = announce({ url, token, pid: process.pid }, env);
      if (values.json) writeJson(stdout, descriptionOf(zone));
      else stdout.write(explanationOf(zone, watch !== undefined, styleFor(stdout, env)));
      if (watch !== undefined) {
        const style = styleFor(stderr, env);
        await watchProgram(zone, resolve(cwd, watch), {
          signal,
          cwd,
          say: (text) => writeLine(stderr, style('dim', `sandbox: ${text}`)),
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

/** Secrets come from the environment, where no list of processes shows them. */
function appCallback(url: string, env: NodeJS.ProcessEnv): string | AppCallback {
  const { WEWORK_SPEC_APP_TOKEN: token, WEWORK_SPEC_APP_AES_KEY: encodingAESKey } = env;
  if (!token && !encodingAESKey) return url;
  if (!token || !encodingAESKey) {
    throw new UsageError(
      'sandbox: encrypted callbacks need both WEWORK_SPEC_APP_TOKEN and WEWORK_SPEC_APP_AES_KEY',
    );
  }
  return { url, token, encodingAESKey };
}

/** The variables that the curl lines of docs/server-interfaces.md name. */
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
): string {
  const exports = (variables: Readonly<Record<string, string>>): string =>
    Object.entries(variables)
      .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
      .join('');
  return [
    style('bold', 'The sandbox runs.'),
    ` Applications reach it at ${zone.urls.server}; Ctrl-C ends it.\n`,
    runsProgram
      ? ''
      : `\n${style('bold', 'For a program')} that listens at ${zone.programs.address?.href} (these hold a key: keep them here):\n\n${exports(zone.env)}`,
    `\n${style('bold', 'For an application')}, and for the lines of docs/server-interfaces.md:\n\n${exports(applicationOf(zone))}`,
    `\n${style('bold', 'Elsewhere')} than on this machine's account, commands need:\n\n${exports({ WEWORK_SPEC_SANDBOX_TOKEN: zone.controlToken })}`,
    `\nNow, in another terminal: wework-spec call <ability> '{}'\n`,
  ].join('');
}

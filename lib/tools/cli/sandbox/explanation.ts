import type { ZoneSandbox } from '../../../sandbox/zone-sandbox';
import { type Printed, shellQuoted, type styleFor } from '../output';

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

/** What `wework-spec sandbox --json` prints. */
export function descriptionOf(zone: ZoneSandbox): object {
  return {
    serverUrl: zone.urls.server,
    platform: zone.urls.platform,
    programId: zone.programs.ownId,
    controlToken: zone.controlToken,
    env: zone.env,
    application: applicationOf(zone),
  };
}

/** What `wework-spec sandbox` prints. */
export function explanationOf(
  zone: ZoneSandbox,
  runsProgram: boolean,
  style: ReturnType<typeof styleFor>,
): Printed[] {
  const exports = (variables: Readonly<Record<string, string>>): string =>
    Object.entries(variables)
      .map(([name, value]) => `export ${name}=${shellQuoted(value)}\n`)
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

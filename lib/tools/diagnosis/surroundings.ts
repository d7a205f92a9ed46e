import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { type Check, ok, warn } from './check';
import type { NativeBuild } from './native-build';

/** Checks npm, the port that the platform calls, and environment variables. */
export async function surroundingChecks(
  build: NativeBuild,
  env: NodeJS.ProcessEnv,
): Promise<Check[]> {
  const [scripts, port] = await Promise.all([installScripts(env), portFree(8080)]);
  return [scripts, port, debugMode(build, env), sandboxSettings(build, env)].filter(
    (check) => check !== undefined,
  );
}

async function installScripts(env: NodeJS.ProcessEnv): Promise<Check> {
  const none = 'this package has none, so this has no effect';
  try {
    const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'ignore-scripts'], {
      env,
      timeout: 10_000,
    });
    const blocked = stdout.trim() === 'true';
    return ok(
      'install scripts',
      `${blocked ? 'blocked' : 'not blocked'} by ignore-scripts; ${none}`,
    );
  } catch {
    return ok('install scripts', `npm could not be run; ${none}`);
  }
}

function portFree(port: number): Promise<Check> {
  const name = `port ${port}`;
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(
        warn(
          name,
          code === 'EADDRINUSE' ? 'in use' : `cannot be opened (${code})`,
          'the platform calls the program on 0.0.0.0:8080; stop the process that uses the port, unless it is the program',
        ),
      ),
    );
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(ok(name, 'free'))));
  });
}

function debugMode({ sdk, record }: NativeBuild, env: NodeJS.ProcessEnv): Check {
  if (record?.missing.includes('SpecOpenDebugMode')) {
    return warn(
      'debug mode',
      'the SDK that the addon was built with has no SpecOpenDebugMode()',
      'get the newest C++ SDK and rebuild; not required in the zone itself',
    );
  }
  const tokens = ['WEWORK_SPEC_DEBUG_TOKEN', 'WEWORK_SPEC_ACCESS_TOKEN'];
  const set = tokens.filter((name) => env[name]);
  const settings =
    set.length === 0
      ? `${tokens.join(' and ')} are not set`
      : `${set.join(' and ')} ${set.length === 1 ? 'is' : 'are'} set`;
  if (set.length === 1) {
    return warn('debug mode', settings, `set both: ${tokens.join(', ')}`);
  }
  const sides = 'the application must also call open_debug_mode';
  return ok('debug mode', sdk === 'vendor' ? `${settings}; ${sides}` : settings);
}

function sandboxSettings({ sdk }: NativeBuild, env: NodeJS.ProcessEnv): Check | undefined {
  const names = Object.keys(env).filter((name) => name.startsWith('WEWORK_SPEC_SANDBOX_'));
  if (sdk === 'vendor') {
    return names.length === 0
      ? undefined
      : warn(
          'sandbox settings',
          `${names.sort().join(', ')} set, without effect on the vendor's SDK`,
          'set WEWORK_SPEC_SDK=sandbox to use the sandbox, or unset them',
        );
  }
  const needed = ['WEWORK_SPEC_SANDBOX_KEY', 'WEWORK_SPEC_SANDBOX_PLATFORM'];
  const lacking = needed.filter((name) => !env[name]);
  return lacking.length === 0
    ? ok('sandbox settings', 'key and platform are set')
    : warn(
        'sandbox settings',
        `${lacking.join(', ')} not set: a program started with this environment would refuse every request`,
        'start it with the variables that `wework-spec sandbox` prints (ZoneSandbox.env)',
      );
}

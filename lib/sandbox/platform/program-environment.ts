import type { SandboxKey } from '../wire/protocol/sandbox-key';

/** What the environment of a program consists of. */
export interface ProgramEnvironment {
  readonly key: SandboxKey;
  readonly platformUrl: string;
  /** Seconds by which a timestamp may differ. */
  readonly window: number;
  /** The file from which the log is collected. */
  readonly logFile: string;
  readonly dataDir: string;
  /** Further variables. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The variables that a program needs for its sandbox (section 9 of docs/sandbox-protocol.md). */
export function environmentOf(environment: ProgramEnvironment): Record<string, string> {
  const { key, platformUrl, window, logFile, dataDir, variables } = environment;
  return {
    WEWORK_SPEC_SDK: 'sandbox',
    WEWORK_SPEC_SANDBOX_KEY: key.toBase64(),
    WEWORK_SPEC_SANDBOX_KEY_VER: String(key.version),
    WEWORK_SPEC_SANDBOX_PLATFORM: platformUrl,
    WEWORK_SPEC_SANDBOX_WINDOW: String(window),
    WEWORK_SPEC_SANDBOX_LOG_COLLECT: logFile,
    WEWORK_SPEC_DATA_DIR: dataDir,
    ...variables,
  };
}

/** The host of the URLs of a server that listens on `host`. */
export function hostIn(host: string): string {
  // Nobody can connect to "every address"; a program on another machine needs its own choice.
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return name.includes(':') ? `[${name}]` : name;
}

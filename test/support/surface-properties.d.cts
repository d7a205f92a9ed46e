import type * as spec from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';

export function surfaceProperties(
  sdk: typeof spec,
  sandbox: ZoneSandbox,
  readLog: () => string,
): Record<string, (runs: number) => void | Promise<void>>;

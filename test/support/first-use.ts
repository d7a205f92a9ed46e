import { runChild } from './child';

interface Thrown {
  value?: unknown;
  name: string;
  code: string;
  message: string;
  isSpecError: boolean;
}

/** The results of the first uses of the package. */
export interface FirstUse {
  first: Thrown;
  second: Thrown;
  callback: Thrown;
  client: Thrown;
  debugMode: { value?: unknown; code?: string };
}

/** Imports the package in a separate process and uses it. The process itself must not fail. */
export async function firstUse(env: NodeJS.ProcessEnv, ...args: string[]): Promise<FirstUse> {
  const ended = await runChild('first-use.mjs', args, {
    // The refusal of an empty request would be logged on standard output.
    env: { WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null', ...env },
  });
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  return JSON.parse(ended.stdout) as FirstUse;
}

/** The error, which must be the same for every use. */
export async function loadFailure(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Thrown> {
  const { first, second, callback, client, debugMode } = await firstUse(env, ...args);
  expect(first.isSpecError).toBe(true);
  expect([second, callback, client]).toEqual([first, first, first]);
  expect(debugMode).toEqual({ code: first.code });
  return first;
}

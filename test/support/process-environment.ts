import { onTestEnd } from './clean-up';

/** Sets environment variables until the returned function is called. The SDK treats an empty variable as unset. */
export function setEnvironment(variables: Record<string, string>): () => void {
  const before = Object.fromEntries(
    Object.keys(variables).map((name) => [name, process.env[name] ?? '']),
  );
  Object.assign(process.env, variables);
  let restored = false;
  return () => {
    if (!restored) Object.assign(process.env, before);
    restored = true;
  };
}

/** The same for the rest of a test. */
export function setEnvironmentForTest(variables: Record<string, string>): () => void {
  const restore = setEnvironment(variables);
  onTestEnd(restore);
  return restore;
}

/** Removes the SDK's log, which has a record for every refusal, from the output of a test file. */
export function silenceLog(): void {
  let restore: () => void;
  beforeAll(() => {
    restore = setEnvironment({ WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null' });
  });
  afterAll(() => restore());
}

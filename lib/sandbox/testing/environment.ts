import { runInThisContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import { sandboxError } from '../../errors';

type Variables = Readonly<Record<string, string>>;

/**
 * Sets variables where the SDK library reads them, in the process itself, until the returned function is called.
 *
 * Test runners that give each file a realm of its own (Jest, vitest with `vmForks`) also give it a copy of `process.env`, of which the
 * process learns nothing. The main realm's is the real one.
 *
 * @throws SandboxError `ERR_SANDBOX_THREAD` in a Worker, which has no way to the environment of the process.
 */
export function setEnvironment(variables: Variables): () => void {
  if (!isMainThread) {
    throw sandboxError('ERR_SANDBOX_THREAD');
  }
  const real = (runInThisContext('process') as NodeJS.Process).env;
  const restores = [...new Set([real, process.env])].map((env) => assign(env, variables));
  return () => {
    for (const restore of restores) restore();
  };
}

function assign(env: NodeJS.ProcessEnv, variables: Variables): () => void {
  const before = Object.keys(variables).map((name) => [name, env[name]] as const);
  Object.assign(env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete env[name];
      else env[name] = value;
    }
  };
}

import { runInThisContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import { sandboxError } from '../../errors';

type Variables = Readonly<Record<string, string>>;

/**
 * Sets environment variables of the process itself, where the SDK library reads them, until the returned function is called.
 *
 * Test runners that give each file its own realm (Jest, vitest with `vmForks`) also give it a copy of `process.env`. Changes of that
 * copy do not reach the process; those of the main realm's `process.env` do.
 *
 * @throws SandboxError `ERR_SANDBOX_THREAD` in a Worker, which cannot set the environment of the process.
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

import { join } from 'node:path';
import { root } from './child';

/**
 * The environment of a process whose HTTP clients use a proxy, as with `NODE_USE_ENV_PROXY` of Node.js 24. Before that, a preloaded
 * module sets the same proxy for fetch() and the global agents.
 */
export function proxyEnvironment(url: string): Record<string, string> {
  return {
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: url,
    http_proxy: url,
    HTTPS_PROXY: url,
    https_proxy: url,
    NO_PROXY: '',
    no_proxy: '',
    NODE_OPTIONS: `--require ${join(root, 'test', 'children', 'env-proxy.cjs')}`,
  };
}

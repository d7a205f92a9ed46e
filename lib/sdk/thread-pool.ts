import { checkOptions } from '../common/options';
import { binding } from './binding';

/** The limits of the pool that runs `Invoke` and `SpecOpenDebugMode`. */
export interface ThreadPoolOptions {
  /** Calls that run at once, 1 to 256; each has a thread. 16 if nothing else is set. */
  size?: number;
  /** Calls that wait for a thread, 0 to 2147483647; further ones are rejected. 4096 if nothing else is set. */
  queueLimit?: number;
}

/**
 * Changes the limits of this process's or Worker's pool; what is left out stays as it is. The environment sets them
 * too: `WEWORK_SPEC_THREADS`, `WEWORK_SPEC_QUEUE_LIMIT`.
 *
 * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`; RangeError `ERR_SPEC_OUT_OF_RANGE`
 */
export function configureThreadPool(options: ThreadPoolOptions): void {
  checkOptions(options);
  const { native, poolLimits } = binding();
  const { size = poolLimits.size, queueLimit = poolLimits.queueLimit } = options;
  native.configureThreadPool(size, queueLimit);
  Object.assign(poolLimits, { size, queueLimit });
}

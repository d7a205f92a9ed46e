import { checkOptions } from '../common/options';
import { binding } from './binding';

/**
 * Limits of the thread pool, which runs `Invoke`, `SpecOpenDebugMode` and the decryption of many secret keys. They hold as well for
 * the separate threads that verify large requests and build large responses, of which there is one fewer than processors.
 */
export interface ThreadPoolOptions {
  /** The maximum number of threads, and so of concurrent calls: 1 to 256; default 16. */
  size?: number;
  /**
   * The maximum number of calls that wait for a thread, 0 to 2147483647; default 4096. Further calls are rejected with
   * `ERR_SPEC_QUEUE_FULL`.
   */
  queueLimit?: number;
}

/**
 * Changes the limits of the thread pool of this process or Worker; an omitted option keeps its value. The variables
 * `WEWORK_SPEC_THREADS` and `WEWORK_SPEC_QUEUE_LIMIT` set the initial values.
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

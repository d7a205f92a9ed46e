import { makeError } from '../errors';

/** Throws `ERR_SPEC_INVALID_ARG_TYPE` unless `options` is an object. */
export function checkOptions(options: unknown): asserts options is object {
  if (typeof options !== 'object' || options === null) {
    throw makeError('ERR_SPEC_INVALID_ARG_TYPE', 'options', 'an object');
  }
}

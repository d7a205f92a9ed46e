import { PlatformError } from '../platform-error';
import type { JsonObject } from './interface';

/**
 * A text that must be there and not be empty.
 *
 * @throws PlatformError 40058, the sandbox's own choice: the pages name no code for a missing
 * or malformed field.
 */
export function requiredText(request: JsonObject, name: string): string {
  const value = request[name];
  if (value === undefined) throw new PlatformError(40058, `${name} is missing`);
  if (typeof value !== 'string' || value === '') {
    throw new PlatformError(40058, `${name} must be a text that is not empty`);
  }
  return value;
}

/** An integer from `min` to `max`, or `undefined` when absent; else throws PlatformError 40058. */
export function optionalInteger(
  request: JsonObject,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const value = request[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw new PlatformError(40058, `${name} must be an integer from ${min} to ${max}`);
  }
  return value;
}

/** True for a text of 1 to `maxBytes` bytes of UTF-8. */
export function isShortText(value: unknown, maxBytes: number): value is string {
  return typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= maxBytes;
}

import type { InvokeCall } from '../wire/invoke-call';
import type { ZoneState } from './zone-state';

/** A JSON object. */
export type JsonObject = Record<string, unknown>;

/** What a handler gets besides the request. */
export interface InvokeContext extends InvokeCall {
  /** The state of the platform. */
  readonly state: ZoneState;
}

/**
 * Handles the requests of one interface.
 *
 * It returns an object, which is sent as JSON, or a string, which is sent unchanged. An exception results in errcode -1,
 * the platform's "system busy" (P90313).
 */
export type InterfaceHandler<Request = JsonObject> = (
  request: Request,
  context: InvokeContext,
) => object | string | Promise<object | string>;

/** True for what JSON calls an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

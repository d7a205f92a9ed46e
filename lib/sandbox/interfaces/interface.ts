import type { ZoneInterfaceName, ZoneInterfaces } from '../../interfaces/types';
import type { ZoneState } from '../state/state';
import type { InvokeCall } from '../wire/invoke-call';

/** A JSON object. */
export type JsonObject = Record<string, unknown>;

/** What a handler learns beside the request. */
export interface InvokeContext extends InvokeCall {
  /** The corp and all else that the platform knows. */
  readonly state: ZoneState;
}

/**
 * One interface of the platform.
 *
 * An object is answered as JSON; a string is sent as it is, JSON or not. What it throws becomes
 * `errcode` -1, the platform's "system busy" (P90313).
 */
export type InterfaceHandler<Request = JsonObject> = (
  request: Request,
  context: InvokeContext,
) => object | string | Promise<object | string>;

/**
 * One of the documented interfaces, as the sandbox brings it along. The request has passed the checks
 * of its definition (lib/interfaces); errcodes are thrown as PlatformError.
 */
export type ZoneHandler<Name extends ZoneInterfaceName> = (
  request: ZoneInterfaces[Name]['request'],
  context: InvokeContext,
) => ZoneAnswer<Name> | Promise<ZoneAnswer<Name>>;

/** A good answer, without `errcode` and `errmsg`. */
export type ZoneAnswer<Name extends ZoneInterfaceName> = ReadonlyDeep<
  Omit<ZoneInterfaces[Name]['response'], 'errcode' | 'errmsg'>
>;

/** A type of the zone's responses for what is only read: the state of the sandbox is handed out as it is. */
export type ReadonlyDeep<T> = T extends readonly (infer Item)[]
  ? readonly ReadonlyDeep<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: ReadonlyDeep<T[Key]> }
    : T;

/** True for what JSON calls an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { ZoneInterfaceName, ZoneInterfaces } from '../../../interfaces/types';
import type { InvokeCall } from '../../wire/invoke-call';

/**
 * The sandbox's implementation of a documented interface. The request has passed the checks of its definition
 * (lib/interfaces); errcodes are thrown as PlatformError.
 */
export type ZoneHandler<Name extends ZoneInterfaceName> = (
  request: ZoneInterfaces[Name]['request'],
  call: InvokeCall,
) => InterfaceResponse<Name> | Promise<InterfaceResponse<Name>>;

/** The response of an interface to a successful request, without `errcode` and `errmsg`. */
export type InterfaceResponse<Name extends ZoneInterfaceName> = ReadonlyDeep<
  Omit<ZoneInterfaces[Name]['response'], 'errcode' | 'errmsg'>
>;

/** A response type in which all fields are read-only: handlers may return parts of the state without copying them. */
export type ReadonlyDeep<T> = T extends readonly (infer Item)[]
  ? readonly ReadonlyDeep<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: ReadonlyDeep<T[Key]> }
    : T;

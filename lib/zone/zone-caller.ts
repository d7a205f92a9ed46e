import type { ZoneInterfaceName, ZoneInterfaces } from '../interfaces/types';
import type { InvokeOptions } from './options';

/** The arguments behind an interface's name; a request without required fields may be left out. */
export type RequestArguments<Request> =
  Record<never, never> extends Request
    ? [request?: Request, options?: InvokeOptions]
    : [request: Request, options?: InvokeOptions];

/** What calls interfaces: what pages, messages and tasks need of a {@link ZoneClient}. */
export interface ZoneCaller {
  invoke<Name extends ZoneInterfaceName>(
    name: Name,
    ...args: RequestArguments<ZoneInterfaces[Name]['request']>
  ): Promise<ZoneInterfaces[Name]['response']>;
  // A known name with a wrong request must not end here, so it is no string for this overload; unless both types are given.
  invoke<Request extends object, Response extends object = object, Name extends string = string>(
    name: Name extends ZoneInterfaceName ? never : Name,
    request: Request,
    options?: InvokeOptions,
  ): Promise<Response>;
}

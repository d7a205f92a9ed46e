import type { InvokeOptions } from './options';

/** The part of a ZoneClient that pagination, messages and tasks use. */
export interface ZoneCaller {
  invoke<Request extends object, Response extends object>(
    name: string,
    request: Request,
    options?: InvokeOptions,
  ): Promise<Response>;
}

import { binding } from './binding';

/**
 * Opens debug mode on the side of the SDK: the platform then sends the program's requests to the developer's machine. The
 * application must call `open_debug_mode` as well. Runs on the thread pool.
 *
 * @param debugToken - the debug token from the program's page on the admin site; valid for 3 days
 * @param accessToken - the access token of the application; valid for about 2 hours
 * @returns whether the platform has opened it; rejected with `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`,
 * `ERR_SPEC_UNSUPPORTED_BY_SDK`, `ERR_SPEC_QUEUE_FULL`, `ERR_SPEC_NO_THREAD` or `ERR_SPEC_SDK_EXCEPTION`
 * @see the debug guide: https://developer.work.weixin.qq.com/document/path/100086
 */
export async function SpecOpenDebugMode(debugToken: string, accessToken: string): Promise<boolean> {
  const { native, calls } = binding();
  return (await calls.start(() => native.SpecOpenDebugMode(debugToken, accessToken))) as boolean;
}

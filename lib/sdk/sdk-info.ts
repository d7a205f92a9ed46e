import type { SdkInfo } from '../binding/native';
import { binding } from './binding';

export type { SdkInfo };

/**
 * Describes the loaded SDK, its OpenSSL and the thread pool of this process or Worker.
 *
 * @throws the errors of loading the addon: docs/errors.md
 */
export function GetSdkInfo(): SdkInfo {
  return binding().native.GetSdkInfo();
}

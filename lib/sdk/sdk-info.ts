import type { SdkInfo } from '../binding/native';
import { binding } from './binding';

export type { SdkInfo };

/** Tells which SDK this process runs with, and the state of the thread pool. */
export function GetSdkInfo(): SdkInfo {
  return binding().native.GetSdkInfo();
}

import { binding } from './binding';

/** Which SDK this process runs with, and what serves it. */
export interface SdkInfo {
  /** `vendor`, or `sandbox`: ours, for offline work. */
  sdk: 'vendor' | 'sandbox';
  /** The addon's file. */
  addonFile: string;
  /** The SDK library's file, as the loader found it. */
  libraryFile: string;
  /** The C++ ABI of std::string that the addon was compiled with, that of the SDK library. */
  cxxAbi: 'cxx11' | 'old';
  /** Whether the SDK has GenerateNotifyId. */
  hasNotifyId: boolean;
  /** Whether the SDK has SpecOpenDebugMode. */
  hasDebugMode: boolean;
  /** Whether log records name the caller's file and line; if not, the SDK's macros allow only ours. */
  logCallSite: boolean;
  openssl: {
    /** The version that runs. */
    version: string;
    /**
     * The files that serve the SDK library's OpenSSL functions; `node` itself as a rule, since it exports an OpenSSL of
     * its own. More than one means that two copies are mixed.
     */
    files: string[];
  };
  /** The pool of this process or Worker for calls that block. */
  threadPool: {
    /** Threads at most. */
    size: number;
    /** Calls that may wait for a thread. */
    queueLimit: number;
    /** Threads started so far. */
    threads: number;
    /** Calls inside the SDK now. */
    running: number;
    /** Calls waiting now. */
    queued: number;
  };
}

/** Tells which SDK this process runs with, and the state of the thread pool. */
export function GetSdkInfo(): SdkInfo {
  return binding().native.GetSdkInfo();
}

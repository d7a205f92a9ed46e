/**
 * The addon as it is: what `wework_spec_sandbox.node` and `wework_spec_vendor.node` export. Written by hand and
 * private: programs use the classes of `lib/sdk`, which look after the texts of errors, promises and header shapes.
 *
 * Every function checks its arguments and throws an error made by {@link MakeError}; none of them can be brought to
 * crash the process by what it is given. All of it may be loaded in several Workers at once.
 *
 * @module
 */

/** Makes the error for a code of the catalogue. `subject` says what it is about, `detail` carries the facts. */
export type MakeError = (code: string, subject: string, detail: string) => Error;

/**
 * Called once for each asynchronous call, from the event loop: with the error, or with the result that the
 * function which started the call documents.
 */
export type Settle = (call: CallNumber, error: Error | undefined, result: unknown) => void;

/** Names a call that is under way in this environment. */
export type CallNumber = number;

/** `[ret, response]` of an invocation. */
export type InvokeResult = [ret: number, response: string];

/** 0 INFO, 1 ERR, 2 DBG. */
export type LogLevel = 0 | 1 | 2;

/** A request from the platform. The getters throw unless `IsOk()`, and once the answer is built. */
export declare class CallbackSdk {
  /**
   * Verifies and decrypts, on the calling thread.
   *
   * @param headers - names and values in turn, one character for each byte; names that begin with `ww-` are made
   * lower case
   * @param body - a string is taken as UTF-8
   */
  constructor(method: string, headers: readonly string[], body: string | Uint8Array);
  IsOk(): boolean;
  GetCorpId(): string;
  GetAgentId(): number;
  GetCallType(): number;
  GetData(): string;
  GetIsAsync(): boolean;
  GetJobInfo(): string;
  GetAbilityId(): string;
  GetNotifyId(): string;
  /**
   * Encrypts and signs the answer, and gives the native memory back. Returns the headers as names and values in
   * turn, one character for each byte, and the body.
   */
  BuildResponseHeaderBody(response: string | Uint8Array): [headers: string[], body: Buffer];
}

/** Calls into the platform. */
export declare class SpecSdk {
  constructor(corpId: string, agentId: number, abilityId?: string, jobInfo?: string);
  /** The request must be ok and not yet answered. */
  constructor(callback: CallbackSdk);
  /** Settled with an {@link InvokeResult}. */
  Invoke(apiName: string, request: string): CallNumber;
  /** Blocks the thread until the platform has answered. */
  InvokeSync(apiName: string, request: string): InvokeResult;
}

/** The exports of the addon. */
export interface NativeBinding {
  /** Which SDK the addon was compiled against. */
  readonly sdk: 'vendor' | 'sandbox';
  readonly CallbackSdk: typeof CallbackSdk;
  readonly SpecSdk: typeof SpecSdk;

  /** Connects the parts that are made in JavaScript; must come before everything else. */
  attach(makeError: MakeError, settle: Settle): void;

  /** @param size - 1 to 256 @param queueLimit - 0 to 2147483647 calls that may wait for a thread */
  configureThreadPool(size: number, queueLimit: number): void;

  /** Hands one line to the SDK's log. Neither `file` nor `text` may contain NUL. */
  log(level: LogLevel, file: string, line: number, text: string): void;

  /** Settled with a boolean. */
  SpecOpenDebugMode(debugToken: string, accessToken: string): CallNumber;

  GenerateNotifyId(): string;

  /** @param encrypted - the RSA ciphertext, no longer base64 */
  DecryptSecretKey(encrypted: Uint8Array, privateKeyPem: string): string;

  /** Settled with the secret key, or the error, for each ciphertext in turn. */
  DecryptSecretKeys(encrypted: readonly Uint8Array[], privateKeyPem: string): CallNumber;

  GetSdkInfo(): SdkInfo;
}

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
  /** Whether the SDK's client takes a job_info, without which no result of an asynchronous call can be reported. */
  hasJobInfo: boolean;
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

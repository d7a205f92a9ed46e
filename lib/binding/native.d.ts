/**
 * The interface of the addon: what `wework_spec_sandbox.node` and `wework_spec_vendor.node` export. Written by hand and
 * private: programs use the classes of `lib/sdk`, which add promises, error texts and the accepted shapes of headers.
 *
 * Every function checks its arguments and throws an error made by {@link MakeError}. No argument can crash the process.
 * Several Workers can load the addon at once; each has its own thread pool.
 *
 * @module
 */

/**
 * Makes the error for a code of the catalogue.
 *
 * @param subject - what the error is about, for example the name of an argument
 * @param detail - the facts. For `ERR_SPEC_INVALID_ARG_TYPE` it continues "must be" in the wording of Node's own messages:
 * `of type string`, `an instance of Buffer or Uint8Array`
 * @param received - the value that was passed, for errors about an argument. A rest parameter, so that a missing value
 * differs from `undefined`
 */
export type MakeError = (
  code: string,
  subject: string,
  detail: string,
  ...received: [value?: unknown]
) => Error;

/**
 * Called from the event loop once for each asynchronous call, with its error or with the result that the starting function
 * documents.
 */
export type Settle = (call: CallNumber, error: Error | undefined, result: unknown) => void;

/** Identifies a running asynchronous call within its environment. */
export type CallNumber = number;

/** Headers as a byte string: each name and each value ends with a NUL. */
export type HeaderText = string;

/** The headers of a response, and its body. */
export type NativeResponse = [headers: HeaderText, body: Buffer];

/** `[ret, response]` of an invocation. */
export type InvokeResult = [ret: number, response: string];

/** 0: INFO, 1: ERR, 2: DBG. */
export type LogLevel = 0 | 1 | 2;

/** A copy of text or bytes that is made in pieces. The call that takes it leaves it empty. */
export declare class ByteCollector {
  /**
   * @param name - the argument that the bytes are, for errors
   * @param capacity - the number of bytes for which address space is reserved; a wrong number costs only time
   */
  constructor(name: string, capacity: number);
  /** @param piece - a string is encoded as UTF-8 */
  Add(piece: string | Uint8Array): void;
}

/**
 * A request from the platform. The object can be used for the next request when the response of the last one is built, or when its
 * verification threw.
 */
export declare class CallbackSdk {
  constructor();
  /**
   * Verifies and decrypts the request, on the calling thread. Returns the {@link CallbackSdk.ReadFields} of it.
   *
   * @param headers - names that begin with `ww-` are converted to lower case
   * @param count - the number of headers
   * @param body - a string is encoded as UTF-8; chunks are joined
   */
  Verify(
    method: string,
    headers: HeaderText,
    count: number,
    body: string | Uint8Array | readonly Uint8Array[],
  ): string | undefined;
  /** Starts a call on a thread that verifies and decrypts the request. Its result is undefined. */
  StartVerification(
    method: string,
    headers: HeaderText,
    count: number,
    body: ByteCollector,
  ): CallNumber;
  /**
   * Returns the corp_id, ability_id, job_info and notify_id as one string, or undefined if the request failed verification. Sets the
   * {@link NativeBinding.numbers} to the agent_id, the call type, 1 for an asynchronous call, the lengths of the first three texts, and
   * 1 if the SDK has GetNotifyId.
   */
  ReadFields(): string | undefined;
  GetData(): string;
  /**
   * Encrypts and signs the response, and frees the native memory of the request.
   *
   * @param slab - where the body is written if it fits
   * @param start - position in the slab
   * @returns headers and body, if the body does not fit. Otherwise the {@link NativeBinding.numbers} begin with the length of the body
   * and a count. If the count is 0, the text has the headers; otherwise it has only their values, without NUL, whose lengths follow
   * the count: the names are those of the last response that was built with this object
   */
  BuildResponseHeaderBody(
    response: string | Uint8Array,
    slab: Uint8Array,
    start: number,
  ): HeaderText | NativeResponse;
  /** Starts a call on a thread that does the same. Its result is a {@link NativeResponse}. */
  StartResponse(response: ByteCollector): CallNumber;
}

/** Calls to the platform. */
export declare class SpecSdk {
  constructor(corpId: string, agentId: number, abilityId?: string, jobInfo?: string);
  /** Requires `IsOk()`, and that the response was not built yet. */
  constructor(callback: CallbackSdk);
  /** Starts a call on the thread pool. Its result is an {@link InvokeResult}. */
  Invoke(apiName: string, request: string): CallNumber;
  /** Blocks the calling thread until the platform has responded. */
  InvokeSync(apiName: string, request: string): InvokeResult;
}

/** The exports of the addon. */
export interface NativeBinding {
  /** The SDK that the addon was compiled for. */
  readonly sdk: 'vendor' | 'sandbox';
  /** What some functions return beside their value: to be read before anything else is called. */
  readonly numbers: Uint32Array;
  readonly ByteCollector: typeof ByteCollector;
  readonly CallbackSdk: typeof CallbackSdk;
  readonly SpecSdk: typeof SpecSdk;

  /** Provides the functions that native code calls. Must be called before everything else. */
  attach(makeError: MakeError, settle: Settle): void;

  /** True for the first call in this process, whichever thread makes it, and false for all others. */
  isFirst(): boolean;

  /**
   * @param size - the maximum number of threads, 1 to 256
   * @param queueLimit - the maximum number of calls that wait for a thread, 0 to 2147483647
   */
  configureThreadPool(size: number, queueLimit: number): void;

  /**
   * Sets what later calls of this process or Worker use in place of environment variables, which the sandbox SDK does not read.
   * Without effect on a vendor SDK.
   *
   * @param variables - alternating names and values
   * @param utcOffset - seconds of local time ahead of UTC, for the timestamps of log records
   */
  useSettings(variables: readonly string[], utcOffset: number): void;

  /** Writes one record to the SDK's log. Neither `file` nor `text` may contain NUL. */
  log(level: LogLevel, file: string, line: number, text: string): void;

  /** Starts a call on the thread pool. Its result is a boolean: whether the platform has opened debug mode. */
  SpecOpenDebugMode(debugToken: string, accessToken: string): CallNumber;

  GenerateNotifyId(): string;

  /** @param encrypted - the RSA ciphertext, decoded from base64 */
  DecryptSecretKey(encrypted: Uint8Array, privateKeyPem: string): string;

  /** Starts a call on the thread pool. Its result has a secret key or an error for each ciphertext, in order. */
  DecryptSecretKeys(encrypted: readonly Uint8Array[], privateKeyPem: string): CallNumber;

  GetSdkInfo(): SdkInfo;
}

/** The SDK, the OpenSSL and the thread pool of this process or Worker. */
export interface SdkInfo {
  /** `vendor`, or `sandbox` for offline work. */
  sdk: 'vendor' | 'sandbox';
  /** Path of the addon. */
  addonFile: string;
  /** Path of the SDK library that was loaded. */
  libraryFile: string;
  /** The C++ ABI of std::string that the addon was compiled with, which is that of the SDK library. */
  cxxAbi: 'cxx11' | 'old';
  /** Whether the SDK has GenerateNotifyId. */
  hasNotifyId: boolean;
  /** Whether the SDK has SpecOpenDebugMode. */
  hasDebugMode: boolean;
  /** Whether the SDK's client takes a job_info, without which no result of an asynchronous call can be reported. */
  hasJobInfo: boolean;
  /** Whether log records name the caller's file and line. If not, the SDK's macros always name the addon's own source file. */
  logCallSite: boolean;
  /** The OpenSSL that the SDK library uses. */
  openssl: {
    /** The version in use. */
    version: string;
    /**
     * The files that provide the SDK library's OpenSSL functions: usually only the `node` executable, which exports an OpenSSL
     * of its own. More than one file means that two copies are mixed.
     */
    files: string[];
  };
  /** The thread pool of this process or Worker, which runs the calls that block. */
  threadPool: {
    /** The maximum number of threads. */
    size: number;
    /** The maximum number of calls that wait for a thread. */
    queueLimit: number;
    /** Threads that exist. */
    threads: number;
    /** Calls that are running. */
    running: number;
    /** Calls that are waiting for a thread. */
    queued: number;
  };
}

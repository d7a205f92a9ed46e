export { isSpecError, SpecError, type SpecErrorCode, specErrorCodes } from './errors';
export type { Effect, RetryAdvice } from './interfaces';
export type * from './interfaces/abilities';
export type * from './interfaces/types';
export type { ProgramResponse } from './program/dispatch/response';
export type {
  AbilityHandler,
  AbilityOptions,
  AbilityResult,
  AbilitySchema,
  Call,
  EventHandler,
  EventHandlerResult,
  HandlerResult,
  ZoneEventOf,
  ZoneEventType,
} from './program/handlers/call';
export { AbilityError, type FailureKind, type ProgramFailure } from './program/handlers/failure';
export type { FunctionOptions } from './program/handlers/functions';
export type { PassThroughOptions } from './program/handlers/pass-through';
export type { DeadJobs } from './program/jobs/dead-jobs';
export type { JobCounters } from './program/jobs/job-counters';
export type {
  AcceptedJob,
  ClaimedJob,
  DeadJob,
  JobLimits,
  JobQueue,
  JobReport,
  JobSettlement,
  JobStateCounts,
  JobWorker,
} from './program/jobs/job-queue';
export type { JobTrace } from './program/jobs/runner';
export type { InvokeMetrics } from './program/observe/invoke-watch';
export type { ProgramLog } from './program/observe/log';
export type { RequestTrace, Span, SpanAttributes, Tracer } from './program/observe/tracing';
export type { JobOptions, ZoneProgramOptions } from './program/options';
export { ZoneProgram } from './program/program';
export type { EventStore } from './program/relay/event-store';
export type { RelayOptions } from './program/relay/relay';
export type { ProgramMetrics } from './program/runtime';
export type { ListenOptions } from './program/server/http-server';
export type { InvokeTrace } from './sdk/channels';
export { SpecOpenDebugMode } from './sdk/debug-mode';
export type { HeadersInput } from './sdk/headers';
export type { LogOptions } from './sdk/log';
export { configureLog, WWSPEC_LOG_DEBUG, WWSPEC_LOG_ERROR, WWSPEC_LOG_INFO } from './sdk/log';
export { GenerateNotifyId } from './sdk/notify-id';
export type { SdkInfo } from './sdk/sdk-info';
export { GetSdkInfo } from './sdk/sdk-info';
export { DecryptSecretKey } from './sdk/secret-key';
export type { SpecResponse } from './sdk/spec-callback-sdk';
export { SpecCallbackSDK } from './sdk/spec-callback-sdk';
export type { SpecInvokeResponse } from './sdk/spec-sdk';
export {
  SpecSdk,
  /** Alias of {@link SpecSdk}, in the spelling of the vendor's Java SDK. */
  SpecSdk as SpecSDK,
} from './sdk/spec-sdk';
export type { ThreadPoolOptions } from './sdk/thread-pool';
export { configureThreadPool } from './sdk/thread-pool';
export {
  SpecInvokeError,
  type TaskFailedMessage,
  type TaskFailure,
  ZoneApiError,
  ZoneTaskError,
} from './zone/errors';
export { parseEvent, type UnknownEventType, type UnknownZoneEvent } from './zone/events';
export type { BatchOptions, MessageBatch, MessageStream } from './zone/messages';
export type { ZoneMethods } from './zone/methods';
export type { InvokeOptions, RetryDecision, RetryOptions } from './zone/options';
export type { PagedInterfaceName } from './zone/pages';
export type { RequestSummary } from './zone/request-summary';
export { filteredContent, hasMore } from './zone/response';
export {
  type MessageWithKey,
  type MsgListOptions,
  type PrivateKeyInput,
  type SecretKeyResult,
  SecretKeyring,
} from './zone/secret-keyring';
export type {
  PollOptions,
  ResumeTaskOptions,
  RunTaskOptions,
  TaskProgress,
} from './zone/tasks';
export {
  type RequestArguments,
  ZoneClient,
  type ZoneClientOptions,
  type ZoneClientSettings,
} from './zone/zone-client';

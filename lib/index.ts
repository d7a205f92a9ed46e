export type {
  AbilityHandler,
  HandlerResult,
  Call,
  EventHandler,
  ZoneEventOf,
  ZoneEventType,
} from './program/call';
export type { EventStore } from './program/event-store';
export { AbilityError, type FailureKind, type ProgramFailure } from './program/failure';
export type { AbilityOptions } from './program/handlers';
export type { ProgramResponse } from './program/http';
export type {
  AcceptedJob,
  ClaimedJob,
  JobSettlement,
  JobStateCounts,
  JobReport,
  JobQueue,
  JobWorker,
} from './program/jobs/job-queue';
export type { JobCounters, JobTrace } from './program/jobs/runner';
export type { ProgramLog } from './program/log';
export type { JobOptions, ZoneProgramOptions } from './program/options';
export type { PassThroughOptions } from './program/pass-through';
export {
  type ListenOptions,
  type ProgramMetrics,
  ZoneProgram,
} from './program/program';
export type { RelayOptions } from './program/relay';
export type { InvokeMetrics, RequestTrace, Span, Tracer } from './program/tracing';
export type { InvokeTrace } from './sdk/channels';
export { SpecOpenDebugMode } from './sdk/debug-mode';
export { isSpecError, SpecError, type SpecErrorCode, specErrorCodes } from './errors';
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
export { SpecSdk, SpecSdk as SpecSDK } from './sdk/spec-sdk';
export type { ThreadPoolOptions } from './sdk/thread-pool';
export { configureThreadPool } from './sdk/thread-pool';
export {
  SpecInvokeError,
  type TaskFailedMessage,
  ZoneApiError,
  ZoneTaskError,
} from './zone/errors';
export { parseEvent, type UnknownEventType, type UnknownZoneEvent } from './zone/events';
export type * from './interfaces/types';
export type { BatchOptions, MessageBatch, MessageStream } from './zone/messages';
export type { InvokeOptions, RetryDecision, RetryOptions } from './zone/options';
export type { PagedInterfaceName } from './zone/pages';
export type { RequestSummary } from './zone/request-summary';
export { filteredContent, hasMore } from './zone/response';
export {
  type LockedMessage,
  type MsgListOptions,
  type OpenedSecretKey,
  type PrivateKeyInput,
  SecretKeyring,
} from './zone/secret-keyring';
export type {
  PollOptions,
  ResumeTaskOptions,
  RunTaskOptions,
  TaskProgress,
} from './zone/tasks';
export type { ZoneMethods } from './zone/methods';
export { ZoneClient, type ZoneClientOptions, type ZoneClientSettings } from './zone/zone-client';

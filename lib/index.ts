export type {
  AbilityHandler,
  HandlerResult,
  Call,
  EventHandler,
  ZoneEventOf,
  ZoneEventType,
} from './program/handlers/call';
export type { EventStore } from './program/relay/event-store';
export { AbilityError, type FailureKind, type ProgramFailure } from './program/handlers/failure';
export type { AbilityOptions } from './program/handlers/handlers';
export type { ProgramResponse } from './program/dispatch/response';
export type {
  AcceptedJob,
  ClaimedJob,
  JobSettlement,
  JobStateCounts,
  JobReport,
  JobQueue,
  JobWorker,
} from './program/jobs/job-queue';
export type { JobCounters } from './program/jobs/job-counters';
export type { JobTrace } from './program/jobs/runner';
export type { ProgramLog } from './program/observe/log';
export type { JobOptions, ZoneProgramOptions } from './program/options';
export type { PassThroughOptions } from './program/handlers/pass-through';
export { ZoneProgram } from './program/program';
export type { ProgramMetrics } from './program/runtime';
export type { ListenOptions } from './program/server/http-server';
export type { RelayOptions } from './program/relay/relay';
export type { InvokeMetrics } from './program/observe/invoke-watch';
export type { RequestTrace, Span, Tracer } from './program/observe/tracing';
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

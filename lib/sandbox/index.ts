export type {
  AsyncCallResult,
  CallDetails,
  CallResult,
  JobResult,
  ProgramAnswer,
} from './call-result';
export type { Corp, CorpKeyPair, Group, Message, Party, PartyType } from './corp/corp';
export type { CorpOptions } from './corp/seed';
export type { SandboxError, SandboxErrorCode } from './errors';
export type { InterfaceHandler, InvokeContext, JsonObject } from './interfaces/interface';
export type { AppNotification } from './interfaces/spec-notify-app';
export type { InterceptHook, InvokeExchange, InvokeFault } from './invoke-fault';
export type { ZoneSandboxOptions } from './options';
export type { SentEvent, ZoneEventContent, ZoneEventType } from './program-events';
export type { AnswerHeaders, AnswerOutcome, RequestFields, SealedRequest } from './program-message';
export type { OpenFailure, RefusalReason } from './protocol/constants';
export type { AsyncCallOptions, CallOptions } from './zone-sandbox';
export { ZoneSandbox } from './zone-sandbox';

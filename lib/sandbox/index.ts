export type { AppType } from '../interfaces';
export type { AbilityProtocol } from './programs/ability-protocols';
export type { AnswerHeaders } from './wire/answer-headers';
export type { AppDelivery, AppNotification } from './common/app-notification';
export type {
  AsyncCallResult,
  CallDetails,
  CallResult,
  JobResult,
  ProgramAnswer,
} from './programs/call-result';
export type { SandboxClock } from './common/clock';
export type { Corp } from './corp/corp';
export type { CorpKeyPair, EncryptInfo } from './corp/key-pair';
export type {
  Consent,
  ConsentOf,
  CorpContent,
  CorpDocument,
  Customer,
  Group,
  Message,
  NewMessage,
  Party,
  PartyType,
  StaffMember,
  Tag,
  TagGroup,
} from './corp/content';
export type { CorpOptions } from './corp/generate';
export type { SandboxErrorCode } from '../errors';
export { SandboxError } from '../errors';
export type {
  AnswerFaultRule,
  EventFaultRule,
  ExchangeFaults,
  FaultCount,
  FaultDirection,
  FaultRule,
  InvokeFaultRule,
  RequestFaultRule,
  SealFaults,
  ServerFaultRule,
} from './faults/fault';
export type { Fault } from './faults/fault-book';
export type { InterfaceHandler, InvokeContext, JsonObject } from './interfaces/interface';
export type { InterceptHook, InvokeExchange, InvokeFault } from './faults/invoke-fault';
export type { SandboxLimits } from './common/limits';
export type { LogRecord, LogRecordLevel } from './logs/log-record';
export type { LogQuery } from './logs/log-ring';
export type { MatchedTag, ModelFunctions, ModelInput } from './models/model-functions';
export type { LogCollectionOptions, ZoneSandboxOptions } from './options';
export type { AppCallback } from './application/app-callback';
export type { SentEvent } from './programs/program-events';
export type { ZoneEventContent, ZoneEventType } from './common/zone-events';
export type { AnswerOutcome, RequestFields, SealedRequest } from './wire/program-message';
export type { LogLevel } from './programs/programs';
export type { OpenFailure, RefusalReason } from './protocol/constants';
export type { SeenRequest, SeenRequestKind } from './wire/seen-request';
export type { ZoneState } from './state/state';
export type { KnowledgeBase } from './corp/knowledge-base';
export type { Grants, ProgramState } from './state/records';
export type { SavedState } from './state/state-file';
export type { AsyncCallOptions, CallOptions } from './zone-sandbox';
export { ZoneSandbox } from './zone-sandbox';

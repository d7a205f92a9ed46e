export type { AppType } from '../interfaces';
export type { AbilityProtocol } from './ability-protocols';
export type { AnswerHeaders } from './answer-headers';
export type { AppDelivery, AppNotification } from './application/notifications';
export type {
  AsyncCallResult,
  CallDetails,
  CallResult,
  JobResult,
  ProgramAnswer,
} from './call-result';
export type { SandboxClock } from './clock';
export type {
  Consent,
  ConsentOf,
  Corp,
  CorpContent,
  CorpDocument,
  CorpKeyPair,
  Customer,
  EncryptInfo,
  Group,
  Message,
  NewMessage,
  Party,
  PartyType,
  StaffMember,
  Tag,
  TagGroup,
} from './corp/corp';
export type { CorpOptions } from './corp/generate';
export type { SandboxErrorCode } from './errors';
export { SandboxError, sandboxErrorCodes } from './errors';
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
export type { InterceptHook, InvokeExchange, InvokeFault } from './invoke-fault';
export type { SandboxLimits } from './limits';
export type { LogRecord, LogRecordLevel } from './logs/log-record';
export type { LogQuery } from './logs/log-ring';
export type { MatchedTag, ModelFunctions, ModelInput } from './models/model-functions';
export type { AppCallback, LogCollectionOptions, ZoneSandboxOptions } from './options';
export type { SentEvent, ZoneEventContent, ZoneEventType } from './program-events';
export type { AnswerOutcome, RequestFields, SealedRequest } from './program-message';
export type { LogLevel } from './programs';
export type { OpenFailure, RefusalReason } from './protocol/constants';
export type { SeenRequest, SeenRequestKind } from './seen-request';
export type { Grants, KnowledgeBase, ProgramState, ZoneState } from './state';
export type { SavedState } from './state-file';
export type { AsyncCallOptions, CallOptions } from './zone-sandbox';
export { ZoneSandbox } from './zone-sandbox';

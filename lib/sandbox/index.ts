export type { SandboxErrorCode } from '../errors';
export { SandboxError } from '../errors';
export type { AppType } from '../interfaces';
export type * from '../interfaces/abilities';
export type { RuleSemantics } from '../interfaces/types';
export type { AppCallback } from './application/app-callback';
export type { SandboxApplication, SandboxUrls } from './application/sandbox-application';
export type { SandboxClock } from './common/clock';
export type { Listener } from './common/emitter';
export type { SandboxLimits } from './common/limits';
export type { ZoneEventContent, ZoneEventType } from './common/zone-events';
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
export type { Corp } from './corp/corp';
export type { CorpOptions } from './corp/generate';
export type { CorpKeyPair, EncryptInfo } from './corp/key-ring';
export type {
  EventFaultRule,
  ExchangeFaults,
  FaultCount,
  FaultDirection,
  FaultFunction,
  FaultRule,
  InvokeFailure,
  InvokeFaultRule,
  RequestFaultRule,
  ResponseFaultRule,
  ServerFaultRule,
} from './faults/fault';
export type { Fault, SandboxFaults } from './faults/fault-book';
export type { ArchiveData, ArchiveStore, TokenUse } from './interfaces/archive/archive-store';
export type {
  ExportCode,
  ExportData,
  ExportJob,
  ExportStore,
} from './interfaces/exports/export-store';
export type { InterfaceHandler, InvokeContext, JsonObject } from './interfaces/interface';
export type {
  KnowledgeBaseData,
  KnowledgeBaseStore,
} from './interfaces/knowledge/knowledge-base-store';
export type { Masking, MaskingStore, OptionalMasking } from './interfaces/masking/masking-store';
export type { MediaFile, MediaStore } from './interfaces/media/media-store';
export type { GrantData, GrantStore } from './interfaces/models/grant-store';
export type { StoredTask, TaskData, TaskStore } from './interfaces/models/task-store';
export type { AppDelivery, AppNotification } from './interfaces/notifications/app-notification';
export type {
  OwnProgramData,
  OwnProgramStore,
  ProgramState,
  UndeliveredTask,
} from './interfaces/own-programs/own-program-store';
export type { Hit, RuleData, RuleStore, StoredRule } from './interfaces/rules/rule-store';
export type { StateOptions, ZoneState } from './interfaces/zone-state';
export type { LogRecord, LogRecordLevel } from './logs/log-record';
export type { LogQuery } from './logs/log-ring';
export type { SandboxLogs } from './logs/sandbox-logs';
export type { KnowledgeBase, StoredDocument } from './models/knowledge-base';
export type { MatchedTag, ModelFunctions, ModelInput } from './models/model-functions';
export type { LogCollectionOptions, ZoneSandboxOptions } from './options';
export type { SandboxEvents } from './platform/platform';
export type { AbilityProtocol } from './programs/ability-protocols';
export type {
  AsyncCallResult,
  CallDetails,
  CallResult,
  JobResult,
  OpenedResponse,
} from './programs/call-result';
export type { SentEvent } from './programs/program-events';
export type { LogLevel } from './programs/programs';
export type { SandboxPrograms } from './programs/sandbox-programs';
export type { SandboxWire } from './programs/sandbox-wire';
export type { CallStore } from './state/call-store';
export type { EventSender, EventStore, ScheduledEvent } from './state/event-store';
export type { SavedCorp, SavedMessage, SavedState } from './state/state-file';
export type { DataStore, Store } from './state/store';
export type { Snapshots } from './state/store-set';
export type { InvokeExchange } from './wire/exchange';
export type { InvokeCall } from './wire/invoke-call';
export type { RawResponse } from './wire/program-client';
export type { RequestFields, ResponseOutcome, SealedRequest } from './wire/program-message';
export type { OpenFailure, RefusalReason } from './wire/protocol/constants';
export type { ResponseHeaders } from './wire/response-headers';
export type { ResultFault } from './wire/result-fault';
export type { SealFaults } from './wire/seal';
export type { SeenRequest, SeenRequestKind } from './wire/seen-request';
export type { AsyncCallOptions, CallOptions } from './zone-sandbox';
export { ZoneSandbox } from './zone-sandbox';

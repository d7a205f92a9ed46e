import { randomFillSync } from 'node:crypto';
import { integerOption } from '../../common/options';
import { makeError } from '../../errors';
import { notifyIdOf, type SpecCallbackSDK } from '../../sdk/spec-callback-sdk';
import type { ZoneClient } from '../../zone/zone-client';
import { type ProgramLog, programLog } from '../observe/log';
import type { Call, HandlerResult } from './call';
import type { EventRelay } from './event-relay';
import { resultText } from './results';

/** The part of a {@link Call} that is read from a request, or stored with a job. */
export type CallFields = Pick<
  Call,
  | 'requestId'
  | 'corpId'
  | 'agentId'
  | 'abilityId'
  | 'notifyId'
  | 'isAsync'
  | 'callType'
  | 'jobInfo'
  | 'data'
  | 'attempt'
>;

/** The {@link Call} that handlers get. */
export class ProgramCall implements Call {
  readonly requestId: string;
  readonly corpId: string;
  readonly agentId: number;
  readonly abilityId: string;
  readonly notifyId: string;
  readonly isAsync: boolean;
  readonly callType: number;
  readonly jobInfo: string;
  readonly data: string;
  readonly attempt: number;
  readonly #abort: { readonly signal: AbortSignal };
  readonly #makeZone: () => ZoneClient;
  readonly #relay: () => EventRelay | undefined;
  #zone: ZoneClient | undefined;
  #log: ProgramLog | undefined;

  constructor(
    fields: CallFields,
    abort: { readonly signal: AbortSignal },
    zone: () => ZoneClient,
    relay: () => EventRelay | undefined,
  ) {
    this.requestId = fields.requestId;
    this.corpId = fields.corpId;
    this.agentId = fields.agentId;
    this.abilityId = fields.abilityId;
    this.notifyId = fields.notifyId;
    this.isAsync = fields.isAsync;
    this.callType = fields.callType;
    this.jobInfo = fields.jobInfo;
    this.data = fields.data;
    this.attempt = fields.attempt;
    this.#abort = abort;
    this.#makeZone = zone;
    this.#relay = relay;
  }

  // Created on first use: many handlers need none of them.
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get zone(): ZoneClient {
    this.#zone ??= this.#makeZone();
    return this.#zone;
  }

  get log(): ProgramLog {
    this.#log ??= programLog(() => this.requestId);
    return this.#log;
  }

  async notifyApp(value: HandlerResult, scene?: number): Promise<string> {
    const relay = this.#relay();
    if (relay === undefined) throw makeError('ERR_SPEC_NO_RELAY', 'notifyApp()', '');
    const checked = scene === undefined ? undefined : integerOption('scene', scene, 0, 255);
    return relay.notify(this, resultText(value), checked);
  }
}

/** Reads all fields at once, because building the response frees the native memory. */
export function fieldsOf(callback: SpecCallbackSDK, requestId: string): CallFields {
  const callType = callback.GetCallType();
  const isAsync = callType === 1 && callback.GetIsAsync();
  return {
    requestId,
    corpId: callback.GetCorpId(),
    agentId: callback.GetAgentId(),
    abilityId: callback.GetAbilityId(),
    notifyId: notifyIdOf(callback),
    isAsync,
    callType,
    jobInfo: isAsync ? callback.GetJobInfo() : '',
    data: callback.GetData(),
    attempt: 1,
  };
}

/** Long enough to distinguish the requests of an hour; short, because a log record is limited to 128 bytes. */
const ID_BYTES = 4;

/** Random bytes for many ids: a call of the generator costs much more than the bytes. */
const idBytes = Buffer.alloc(1024 * ID_BYTES);
let idsUsed = idBytes.length;

/** A random id for log records. */
export function newRequestId(): string {
  if (idsUsed === idBytes.length) {
    randomFillSync(idBytes);
    idsUsed = 0;
  }
  idsUsed += ID_BYTES;
  return idBytes.toString('hex', idsUsed - ID_BYTES, idsUsed);
}

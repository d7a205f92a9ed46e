import { MAX_AGENT_ID } from './constants';
import type { Field } from './fields';
import { encodeFields, Fields, TAG } from './fields';

/** The fields of a `request` (section 5). */
export interface RequestContent {
  readonly corpId: string;
  readonly agentId: number;
  readonly callType: number;
  readonly data: string;
  readonly isAsync: boolean;
  readonly jobInfo: string;
  readonly abilityId: string;
  readonly notifyId: string;
}

/** The fields of an `invoke` to `/spec/invoke` (section 5). */
export interface InvokeContent {
  readonly corpId: string;
  readonly agentId: number;
  readonly jobInfo: string;
  readonly abilityId: string;
  readonly interfaceName: string;
  readonly request: string;
}

/** The fields of an `invoke` to `/spec/debug-mode` (section 5). */
export interface DebugModeContent {
  readonly debugToken: string;
  readonly accessToken: string;
}

/** Writes the plaintext of a `request`; empty optional fields are omitted. */
export function encodeRequest(content: RequestContent): Buffer {
  const fields: Field[] = [
    [TAG.corpId, content.corpId],
    [TAG.agentId, content.agentId],
    [TAG.callType, content.callType],
    [TAG.data, content.data],
  ];
  if (content.isAsync) fields.push([TAG.isAsync, 1]);
  if (content.jobInfo !== '') fields.push([TAG.jobInfo, content.jobInfo]);
  if (content.abilityId !== '') fields.push([TAG.abilityId, content.abilityId]);
  if (content.notifyId !== '') fields.push([TAG.notifyId, content.notifyId]);
  return encodeFields(fields);
}

/** Reads the plaintext of an `invoke` to `/spec/invoke`; throws `MalformedFields`. */
export function decodeInvoke(plaintext: Buffer): InvokeContent {
  const fields = Fields.parse(plaintext);
  return {
    corpId: fields.text(TAG.corpId),
    agentId: fields.number(TAG.agentId, MAX_AGENT_ID),
    jobInfo: fields.optionalText(TAG.jobInfo),
    abilityId: fields.optionalText(TAG.abilityId),
    interfaceName: fields.text(TAG.interfaceName),
    request: fields.text(TAG.request),
  };
}

/** Reads the plaintext of an `invoke` to `/spec/debug-mode`; throws `MalformedFields`. */
export function decodeDebugMode(plaintext: Buffer): DebugModeContent {
  const fields = Fields.parse(plaintext);
  return {
    debugToken: fields.text(TAG.debugToken),
    accessToken: fields.text(TAG.accessToken),
  };
}

/** Writes the plaintext of a `result`. */
export function encodeResult(ret: number, response: string): Buffer {
  const fields: Field[] = [[TAG.ret, ret]];
  if (response !== '') fields.push([TAG.response, response]);
  return encodeFields(fields);
}

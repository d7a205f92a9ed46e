import { integerOption } from '../../common/options';
import { sandboxError } from '../../errors';
import { CONTENT_TYPE } from '../common/http';
import { type AnswerHeaders, headerOf, lowerCaseNames } from './answer-headers';
import {
  HEADER,
  isRefusalReason,
  MAX_AGENT_ID,
  MAX_KEY_VERSION,
  type OpenFailure,
  type RefusalReason,
} from './protocol/constants';
import { encodeRequest, type RequestContent } from './protocol/messages';
import { isNonce, type ReceivedMessage, type SandboxKey, toHeaders } from './protocol/sandbox-key';
import { decodeUtf8 } from './protocol/text';
import { type SealFaults, sealFaulty } from './seal';

/** A request in the form in which it travels; the parts are plain so that a test may tamper. */
export interface SealedRequest {
  method: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** base64 text. */
  body: string;
}

/** What a request says, and how it shall differ from what the platform would send. */
export interface RequestFields {
  /** ability_id; empty by default. */
  readonly abilityId?: string;
  /** The request data: a text is sent as it is, anything else as JSON; `{}` by default. */
  readonly data?: unknown;
  /** 1 call by the application (default), 2 event. */
  readonly callType?: number;
  /** Whether a call of type 1 is a task; false by default. */
  readonly isAsync?: boolean;
  /** job_info of a task; empty by default. */
  readonly jobInfo?: string;
  /** notify_id; empty by default. */
  readonly notifyId?: string;
  /** corpid; the sandbox's by default. */
  readonly corpId?: string;
  /** agentid, 0 to 4294967295; the sandbox's by default. */
  readonly agentId?: number;
  /** HTTP method; `POST` by default. */
  readonly method?: string;
  /** Unix seconds; the platform's time by default. */
  readonly timestamp?: number;
  /** 32 lower-case hexadecimal digits; random by default. */
  readonly nonce?: string;
  /** The key version to name, 1 to 2147483647; the sandbox's by default. */
  readonly keyVersion?: number;
  /** Seal these bytes in place of the fields: for a content that opens but is malformed. */
  readonly plaintext?: Uint8Array;
}

/** What the platform makes of a program's answer. */
export type AnswerOutcome =
  | {
      /** An authentic answer. */
      readonly kind: 'answer';
      /** The program's response text. */
      readonly text: string;
    }
  | {
      /** The program's SDK refused the request. */
      readonly kind: 'refusal';
      readonly reason: RefusalReason;
      /** False for `not-configured` only: without a key nothing can be signed. */
      readonly authentic: boolean;
    }
  | {
      /** No authentic answer: the first check that failed. */
      readonly kind: 'invalid';
      readonly failure: OpenFailure;
    };

/** What is the same for all requests of one sandbox. */
export interface Sender {
  readonly key: SandboxKey;
  readonly corpId: string;
  readonly agentId: number;
  /** Seconds that the timestamp of an answer may differ on either side. */
  readonly window: number;
}

/** Seals a request, with the mistake that a fault asks for. @param now - Unix seconds. */
export function sealRequest(
  sender: Sender,
  fields: RequestFields,
  now: number,
  fault: SealFaults = {},
): SealedRequest {
  const content: RequestContent = {
    corpId: fields.corpId ?? sender.corpId,
    agentId: fields.agentId ?? sender.agentId,
    callType: fields.callType ?? 1,
    data: requestText(fields.data ?? {}),
    isAsync: fields.isAsync ?? false,
    jobInfo: fields.jobInfo ?? '',
    abilityId: fields.abilityId ?? '',
    notifyId: fields.notifyId ?? '',
  };
  checkRequest(content, fields);
  const method = fields.method ?? 'POST';
  const options = {
    subject: method,
    timestamp: fields.timestamp ?? now,
    ...(fields.nonce === undefined ? {} : { nonce: fields.nonce }),
    ...(fields.keyVersion === undefined ? {} : { keyVersion: fields.keyVersion }),
  };
  const plaintext = fields.plaintext ?? encodeRequest(content);
  const sealed = sealFaulty(sender.key, 'request', plaintext, options, fault);
  return {
    method,
    headers: { 'content-type': CONTENT_TYPE, ...toHeaders(sealed) },
    body: sealed.body,
  };
}

/** Verifies and opens a program's answer to a request. @param headers - with lower-case names. @param now - Unix seconds. */
export function openAnswer(
  sender: Sender,
  request: SealedRequest,
  headers: AnswerHeaders,
  body: string | Uint8Array,
  now: number,
): AnswerOutcome {
  const nonce = nonceOf(request);
  const answers = isNonce(nonce) ? nonce : '';
  const message: ReceivedMessage = {
    parts: {
      keyVersion: headerOf(headers, HEADER.keyVersion),
      timestamp: headerOf(headers, HEADER.timestamp),
      nonce: headerOf(headers, HEADER.nonce),
      signature: headerOf(headers, HEADER.signature),
    },
    body: typeof body === 'string' ? Buffer.from(body, 'utf8') : body,
  };
  const check = { answers, now, window: sender.window };

  const reason = headerOf(headers, HEADER.refusal);
  if (reason !== undefined) return openRefusal(sender, reason, message, check);

  const opened = sender.key.open('answer', message, { ...check, subject: '' });
  if (!opened.ok) return { kind: 'invalid', failure: opened.failure };
  const text = decodeUtf8(opened.plaintext);
  if (text === undefined) return { kind: 'invalid', failure: 'malformed' };
  return { kind: 'answer', text };
}

/** The answer to a request as it would come with a fault; what is no authentic answer stays as it is. */
export function spoilAnswer(
  sender: Sender,
  request: SealedRequest,
  outcome: AnswerOutcome,
  now: number,
  fault: SealFaults,
): { readonly headers: Record<string, string>; readonly body: Buffer } | undefined {
  const nonce = nonceOf(request);
  if (outcome.kind !== 'answer') return undefined;
  const sealed = sealFaulty(
    sender.key,
    'answer',
    outcome.text,
    // An old answer is one to another request.
    { subject: '', answers: fault.replay ? '0'.repeat(32) : nonce, timestamp: now },
    fault,
  );
  return { headers: toHeaders(sealed), body: Buffer.from(sealed.body) };
}

function openRefusal(
  sender: Sender,
  reason: string,
  message: ReceivedMessage,
  check: { readonly answers: string; readonly now: number; readonly window: number },
): AnswerOutcome {
  if (!isRefusalReason(reason)) return { kind: 'invalid', failure: 'malformed-header' };
  if (reason === 'not-configured') return { kind: 'refusal', reason, authentic: false };
  // A program that rejects our key version or our time names its own, which differs from ours. The
  // nonce that it answers keeps such a refusal from being replayed.
  const checked = sender.key.check('answer', message, {
    ...check,
    subject: reason,
    window: reason === 'timestamp' ? Number.POSITIVE_INFINITY : check.window,
    anyKeyVersion: reason === 'key-version',
  });
  if (!checked.ok) return { kind: 'invalid', failure: checked.failure };
  if (message.body.length !== 0) return { kind: 'invalid', failure: 'malformed' };
  return { kind: 'refusal', reason, authentic: true };
}

function checkRequest(content: RequestContent, fields: RequestFields): void {
  integerOption('agentId', content.agentId, 0, MAX_AGENT_ID);
  // For a malformed version, change the header of the sealed request.
  if (fields.keyVersion !== undefined)
    integerOption('keyVersion', fields.keyVersion, 1, MAX_KEY_VERSION);
}

/** Request data as it travels; throws SandboxError `ERR_SANDBOX_REQUEST`. */
export function requestText(data: unknown): string {
  if (typeof data === 'string') return data;
  let text: string | undefined;
  try {
    text = JSON.stringify(data);
  } catch (cause) {
    const [words = ''] = String((cause as Error | undefined)?.message).split('\n');
    throw sandboxError('ERR_SANDBOX_REQUEST', [words], cause);
  }
  if (text === undefined) throw sandboxError('ERR_SANDBOX_REQUEST', [`it is a ${typeof data}`]);
  return text;
}

/** The nonce of a request whose headers a test may have changed. */
function nonceOf({ headers }: SealedRequest): string {
  return headerOf(headers, HEADER.nonce) ?? headerOf(lowerCaseNames(headers), HEADER.nonce) ?? '';
}

import { integerOption } from '../../common/options';
import { firstLine } from '../../common/text';
import { sandboxError } from '../../errors';
import { CONTENT_TYPE } from '../common/http';
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
import { headerOf, lowerCaseNames, type ResponseHeaders } from './response-headers';
import { type SealFaults, sealFaulty } from './seal';

/** An encrypted and signed request. Its members are mutable, so that a test can tamper with it. */
export interface SealedRequest {
  /** HTTP method: `POST`. */
  method: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** base64 text. */
  body: string;
}

/** Content of a request, and how it differs from what the platform would send. */
export interface RequestFields {
  /** ability_id; empty by default. */
  readonly abilityId?: string;
  /** The request data: a string is sent unchanged, anything else as JSON; `{}` by default. */
  readonly data?: unknown;
  /** 1 call of an application (default), 2 event. */
  readonly callType?: number;
  /** Whether a call of type 1 is asynchronous; false by default. */
  readonly isAsync?: boolean;
  /** job_info of an asynchronous call; empty by default. */
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
  /** Bytes to seal instead of the fields, for content that can be decrypted but is malformed. */
  readonly plaintext?: Uint8Array;
}

/** The outcome of verifying and decrypting a program's response. */
export type ResponseOutcome =
  | {
      /** An authentic response. */
      readonly kind: 'response';
      /** The program's response text. */
      readonly text: string;
    }
  | {
      /** The program's SDK refused the request. */
      readonly kind: 'refusal';
      readonly reason: RefusalReason;
      /** False only for `not-configured`: a program without a key cannot sign. */
      readonly authentic: boolean;
    }
  | {
      /** A response that is not authentic. */
      readonly kind: 'invalid';
      /** The first check that failed. */
      readonly failure: OpenFailure;
    };

/** Key and ids that all requests of one sandbox share. */
export interface Sender {
  readonly key: SandboxKey;
  readonly corpId: string;
  readonly agentId: number;
  /** Seconds by which the timestamp of a response may differ from the platform's time. */
  readonly window: number;
}

/** Encrypts and signs a request, with a fault if one is given. @param now - Unix seconds. */
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

/** Verifies and decrypts a program's response to a request. @param headers - with lower-case names. @param now - Unix seconds. */
export function openResponse(
  sender: Sender,
  request: SealedRequest,
  headers: ResponseHeaders,
  body: string | Uint8Array,
  now: number,
): ResponseOutcome {
  const nonce = nonceOf(request);
  const requestNonce = isNonce(nonce) ? nonce : '';
  const message: ReceivedMessage = {
    parts: {
      keyVersion: headerOf(headers, HEADER.keyVersion),
      timestamp: headerOf(headers, HEADER.timestamp),
      nonce: headerOf(headers, HEADER.nonce),
      signature: headerOf(headers, HEADER.signature),
    },
    body: typeof body === 'string' ? Buffer.from(body, 'utf8') : body,
  };
  const check = { requestNonce, now, window: sender.window };

  const reason = headerOf(headers, HEADER.refusal);
  if (reason !== undefined) return openRefusal(sender, reason, message, check);

  const opened = sender.key.open('response', message, { ...check, subject: '' });
  if (!opened.ok) return { kind: 'invalid', failure: opened.failure };
  const text = decodeUtf8(opened.plaintext);
  if (text === undefined) return { kind: 'invalid', failure: 'malformed' };
  return { kind: 'response', text };
}

/** Injects a fault into an authentic response; `undefined` for any other response, which stays unchanged. */
export function spoilResponse(
  sender: Sender,
  request: SealedRequest,
  outcome: ResponseOutcome,
  now: number,
  fault: SealFaults,
): { readonly headers: Record<string, string>; readonly body: Buffer } | undefined {
  const nonce = nonceOf(request);
  if (outcome.kind !== 'response') return undefined;
  const sealed = sealFaulty(
    sender.key,
    'response',
    outcome.text,
    // A replayed response refers to another request.
    { subject: '', requestNonce: fault.replay ? '0'.repeat(32) : nonce, timestamp: now },
    fault,
  );
  return { headers: toHeaders(sealed), body: Buffer.from(sealed.body) };
}

function openRefusal(
  sender: Sender,
  reason: string,
  message: ReceivedMessage,
  check: { readonly requestNonce: string; readonly now: number; readonly window: number },
): ResponseOutcome {
  if (!isRefusalReason(reason)) return { kind: 'invalid', failure: 'malformed-header' };
  if (reason === 'not-configured') return { kind: 'refusal', reason, authentic: false };
  // A program that refuses the platform's key version or timestamp sends its own, which differs. The request's nonce in the signature
  // prevents a replay of such a refusal.
  const checked = sender.key.check('response', message, {
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

/** Request data as a string; throws SandboxError `ERR_SANDBOX_REQUEST`. */
export function requestText(data: unknown): string {
  if (typeof data === 'string') return data;
  let text: string | undefined;
  try {
    text = JSON.stringify(data);
  } catch (cause) {
    const words = firstLine(String((cause as Error | undefined)?.message));
    throw sandboxError('ERR_SANDBOX_REQUEST', [words], cause);
  }
  if (text === undefined) throw sandboxError('ERR_SANDBOX_REQUEST', [`it is a ${typeof data}`]);
  return text;
}

/** The nonce of a request whose headers a test may have changed. */
function nonceOf({ headers }: SealedRequest): string {
  return headerOf(headers, HEADER.nonce) ?? headerOf(lowerCaseNames(headers), HEADER.nonce) ?? '';
}

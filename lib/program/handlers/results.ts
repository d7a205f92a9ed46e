import { firstLine } from '../../common/text';
import { makeError } from '../../errors';
import { parseEvent } from '../../zone/events';
import type { HandlerResult } from './call';
import { Failure } from './failure';

/** Sent for an event whose handler returns nothing, and for an accepted job. */
export const OK_RESULT: HandlerResult = { errcode: 0, errmsg: 'ok' };

/** Parses the data of a call; throws a {@link Failure}. */
export function parsedData(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw new Failure('not-json', 'the data of the request is not JSON');
  }
}

/** Checks the data of an event, as a text or parsed; throws a {@link Failure}. */
export function parsedEvent(data: string | object): { readonly event_type: string } {
  try {
    return parseEvent(data);
  } catch (error) {
    throw new Failure('not-json', 'the data of the request is not an event', error);
  }
}

/** The text that is sent for a result; throws `ERR_SPEC_BAD_RESULT` when it cannot be sent. */
export function resultText(result: unknown): string {
  if (typeof result === 'string') {
    if (!result.isWellFormed()) {
      throw makeError('ERR_SPEC_BAD_RESULT', 'a string', 'it has a lone surrogate');
    }
    return result;
  }
  if (typeof result !== 'object' || result === null) {
    const kind = result === null ? 'null' : typeof result;
    throw makeError('ERR_SPEC_BAD_RESULT', kind, 'it is neither an object nor a string');
  }
  let text: unknown;
  try {
    text = JSON.stringify(result);
  } catch (error) {
    const why = error instanceof Error ? firstLine(error.message) : 'toJSON() threw';
    throw makeError('ERR_SPEC_BAD_RESULT', 'an object', why);
  }
  if (typeof text !== 'string') {
    throw makeError('ERR_SPEC_BAD_RESULT', 'an object', 'it has no JSON form');
  }
  return text;
}

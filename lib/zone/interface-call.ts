import { abortable, pause } from '../common/abort';
import { backoff } from '../common/backoff';
import { wrongType, wrongValue } from '../common/options';
import { inSlot } from '../common/slots';
import { firstLine } from '../common/text';
import { makeError } from '../errors';
import { type Effect, zoneInterface } from '../interfaces';
import type { SpecSdk } from '../sdk/spec-sdk';
import { SpecInvokeError, ZoneApiError } from './errors';
import type { RetryPolicy } from './options';
import { summarize } from './request-summary';
import { readResponse } from './response';

/** One call of an interface, retries included. */
export class InterfaceCall {
  readonly #sdk: SpecSdk;
  readonly #name: string;
  readonly #request: Readonly<Record<string, unknown>>;
  readonly #text: string;
  readonly #slotKey: string;

  constructor(sdk: SpecSdk, corpId: string, name: string, request: object) {
    if (typeof name !== 'string') {
      throw wrongType('name', 'of type string', name);
    }
    if (typeof request !== 'object' || request === null || Array.isArray(request)) {
      throw wrongType('request', 'of type object', request);
    }
    this.#sdk = sdk;
    this.#name = name;
    this.#request = request as Readonly<Record<string, unknown>>;
    this.#text = requestText(name, this.#request);
    this.#slotKey = `${name} ${corpId}`;
  }

  /** Makes the call, with retries as the policy says. Rejects as ZoneClient.invoke does. */
  async run(policy: RetryPolicy, signal: AbortSignal | undefined): Promise<object> {
    for (let retries = 0; ; retries += 1) {
      try {
        return await this.#once(signal);
      } catch (error) {
        const isFailure = error instanceof SpecInvokeError || error instanceof ZoneApiError;
        if (!isFailure || retries >= policy.retries) throw error;
        const effect = zoneInterface(this.#name)?.effect ?? 'create';
        const byDefault = isRetriedByDefault(effect, error);
        const decision = { interfaceName: this.#name, effect, error, retries, byDefault };
        if (!policy.shouldRetry(decision)) throw error;
        await pause(backoff(policy, retries), signal);
      }
    }
  }

  async #once(signal: AbortSignal | undefined): Promise<object> {
    const { ret, response } = await this.#exchange(signal);
    const summary = () => summarize(zoneInterface(this.#name), this.#request);
    if (ret !== 0) throw new SpecInvokeError(this.#name, ret, summary());
    const fields = readResponse(this.#name, response);
    const { errcode } = fields;
    if (errcode === 0) return fields;
    if (!Number.isSafeInteger(errcode)) {
      const complaint =
        errcode === undefined ? 'has no errcode' : 'has an errcode that is not an integer';
      throw makeError('ERR_SPEC_BAD_RESPONSE', this.#name, complaint);
    }
    const errmsg = typeof fields.errmsg === 'string' ? fields.errmsg : '';
    throw new ZoneApiError(this.#name, errcode as number, errmsg, summary());
  }

  #exchange(signal: AbortSignal | undefined): ReturnType<SpecSdk['Invoke']> {
    const invoke = () => this.#sdk.Invoke(this.#name, this.#text);
    const concurrent = zoneInterface(this.#name)?.concurrentCalls;
    // An abandoned call still counts for the platform, so it keeps its slot until the SDK returns.
    const exchange =
      concurrent === undefined ? invoke() : inSlot(this.#slotKey, concurrent, signal, invoke);
    return abortable(exchange, signal);
  }
}

/** With errcode -1 the platform did nothing; after a network failure it is unknown whether it carried out the request. */
function isRetriedByDefault(effect: Effect, error: SpecInvokeError | ZoneApiError): boolean {
  if (error instanceof ZoneApiError) return error.errcode === -1 && effect !== 'create';
  return (error.ret === -10002 || error.ret === -10003) && effect === 'read';
}

function requestText(name: string, request: Readonly<Record<string, unknown>>): string {
  const schema = zoneInterface(name)?.request;
  const fields = schema?.kind === 'struct' ? schema.fields : {};
  const emptied = Object.keys(fields).filter(
    (field) => fields[field]?.isLeftOutWhenEmpty && request[field] === '',
  );
  const sent =
    emptied.length === 0
      ? request
      : Object.fromEntries(Object.entries(request).filter(([field]) => !emptied.includes(field)));
  let text: unknown;
  try {
    text = JSON.stringify(sent);
  } catch (error) {
    const why = error instanceof Error ? firstLine(error.message) : 'it throws';
    throw wrongValue('request', `cannot be written as JSON: ${why}`, request);
  }
  if (typeof text !== 'string') {
    throw wrongValue('request', 'cannot be written as JSON', request);
  }
  return text;
}

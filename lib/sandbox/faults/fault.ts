import {
  checkNames,
  integerOption,
  objectOption,
  oneOfOption,
  outOfRange,
  stringOption,
  wrongType,
  wrongValue,
} from '../../common/options';
import { MAX_TIMER_MS } from '../../common/timers';
import { sandboxError } from '../../errors';
import type { ZoneEventType } from '../common/zone-events';
import type { InvokeExchange } from '../wire/exchange';
import type { ResultFault } from '../wire/result-fault';
import type { SealFaults } from '../wire/seal';

/** How often a fault takes effect. By default: every time, until it is removed. */
export interface FaultCount {
  /** Maximum number of times; from 1. */
  readonly times?: number;
  /** Number of exchanges without the fault before the first one with it; 0 by default. */
  readonly skip?: number;
  /** The probability of the fault, above 0 and up to 1. The same seed gives the same sequence. */
  readonly probability?: number;
  /** An integer that determines the sequence; 1 by default. */
  readonly seed?: number;
}

/** Failures of an exchange, whichever side begins it. One of them, a delay, or both. */
export interface ExchangeFaults {
  /** Milliseconds to wait first. */
  readonly delay?: number;
  /** Responds with an HTTP status and an empty body. */
  readonly status?: number;
  /** Closes the connection before the first byte. */
  readonly drop?: true;
  /** Closes the connection in the middle of the body. */
  readonly cut?: true;
}

/** Failures of the response to an interface that a program invokes. */
export interface InvokeFailure extends ResultFault, SealFaults {
  /** The platform returns this errcode. */
  readonly errcode?: number;
  /** The access token of debug mode has expired: `ret` -10008. */
  readonly accessTokenExpired?: true;
}

/**
 * A fault in the response to an interface that a program invokes. With `errcode`, `ret`, `response`, `status` and
 * `accessTokenExpired` the interface is not executed.
 */
export interface InvokeFaultRule extends FaultCount, InvokeFailure {
  /** A call of a program to an interface of the platform; the default. */
  readonly direction?: 'invoke';
  /** Name of the interface; all by default. */
  readonly interface?: string;
}

/**
 * Returns the failure for an exchange on the invoke side, or `undefined` for none. It is called after the interface was executed,
 * and may combine compatible failures. If it throws or returns an invalid value, the platform responds with status 500, and the
 * exchange has the `error`.
 */
export type FaultFunction = (
  exchange: InvokeExchange,
) => InvokeFailure | undefined | Promise<InvokeFailure | undefined>;

/** A fault in the platform's request to a program; `status`: a proxy between them responds instead of the program. */
export interface RequestFaultRule extends FaultCount, ExchangeFaults, SealFaults {
  /** A request of the platform that calls an ability. */
  readonly direction: 'request';
  /** ability_id; all by default. */
  readonly ability?: string;
}

/** A fault in the program's response on its way to the platform, after the program has handled the request. */
export interface ResponseFaultRule extends FaultCount, ExchangeFaults, SealFaults {
  /** The response of the program to such a request. */
  readonly direction: 'response';
  /** ability_id; all by default. */
  readonly ability?: string;
}

/** A fault in an event. */
export interface EventFaultRule extends FaultCount, ExchangeFaults, SealFaults {
  /** A request of the platform that informs of an event. */
  readonly direction: 'event';
  /** Type of the event; all by default. */
  readonly event?: ZoneEventType;
  /** Sends the event this many more times, each time as a new valid request. */
  readonly duplicate?: number;
  /** Holds the event back until the next event was sent, for at most two seconds. */
  readonly reorder?: true;
}

/** A fault in the response of the platform's server to the application. */
export interface ServerFaultRule extends FaultCount, ExchangeFaults {
  /** A call of an application to a server interface. */
  readonly direction: 'server';
  /** Path below `/cgi-bin/`, such as `chatdata/sync_call_program`; all by default. */
  readonly interface?: string;
  /** The platform returns this errcode, and the interface is not executed. */
  readonly errcode?: number;
  /** The access token has expired: 42001. */
  readonly accessTokenExpired?: true;
}

/** A rule for a fault: see docs/guide/sandbox.md#faults. */
export type FaultRule =
  | InvokeFaultRule
  | RequestFaultRule
  | ResponseFaultRule
  | EventFaultRule
  | ServerFaultRule;

/** The exchanges that a fault affects. */
export type FaultDirection = NonNullable<FaultRule['direction']>;

/** The rule of a direction. */
export type FaultRuleOf<Direction extends FaultDirection> = Extract<
  FaultRule,
  { readonly direction?: Direction }
>;

const COUNT = ['times', 'skip', 'probability', 'seed'];
const EXCHANGE = ['status', 'drop', 'cut'];
const RESULT = [
  'ret',
  'response',
  'body',
  'contentType',
  'keyVersion',
  'timestamp',
  'requestNonce',
  'badFields',
];
const SEAL = ['badSignature', 'badCiphertext', 'wrongKeyVersion', 'replay', 'clockSkew'];

/** The name of the filter and the kinds of failure of each direction. */
export const faultDirections: Readonly<
  Record<FaultDirection, { readonly filter: string; readonly kinds: readonly string[] }>
> = {
  invoke: {
    filter: 'interface',
    kinds: [...EXCHANGE, ...SEAL, ...RESULT, 'errcode', 'accessTokenExpired'],
  },
  request: { filter: 'ability', kinds: [...EXCHANGE, ...SEAL] },
  response: { filter: 'ability', kinds: [...EXCHANGE, ...SEAL] },
  event: { filter: 'event', kinds: [...EXCHANGE, ...SEAL, 'duplicate', 'reorder'] },
  server: { filter: 'interface', kinds: [...EXCHANGE, 'errcode', 'accessTokenExpired'] },
};

const FLAGS = new Set([
  'drop',
  'cut',
  'badSignature',
  'badCiphertext',
  'badFields',
  'wrongKeyVersion',
  'replay',
  'reorder',
  'accessTokenExpired',
]);

const MAY_BE_EMPTY = new Set(['body', 'response']);

/** The smallest and largest value of each number in a rule. */
const RANGES: Readonly<Record<string, readonly [min: number, max: number, unit?: string]>> = {
  times: [1, Number.MAX_SAFE_INTEGER],
  skip: [0, Number.MAX_SAFE_INTEGER],
  seed: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  delay: [0, MAX_TIMER_MS],
  status: [200, 599],
  errcode: [-(2 ** 31), 2 ** 31 - 1],
  ret: [-(2 ** 31), 2 ** 31 - 1],
  keyVersion: [1, 2 ** 31 - 1],
  timestamp: [0, 10 ** 11, 'Unix time in seconds'],
  clockSkew: [-(10 ** 9), 10 ** 9, 'seconds'],
  duplicate: [1, 100],
};

/**
 * Checks a rule and fills in its direction.
 *
 * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`, `ERR_SPEC_UNKNOWN_OPTION`; RangeError
 * `ERR_SPEC_OUT_OF_RANGE`; SandboxError `ERR_SANDBOX_FAULT` for no failure, or several
 */
export function checkFaultRule(rule: FaultRule): FaultRule & { direction: FaultDirection } {
  objectOption('rule', rule);
  const { direction = 'invoke' } = rule;
  const directions = Object.keys(faultDirections) as FaultDirection[];
  const { filter, kinds } = faultDirections[oneOfOption('rule.direction', direction, directions)];
  checkNames('rule', rule, ['direction', filter, 'delay', ...kinds, ...COUNT]);
  const given = Object.entries(rule).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (name !== 'direction') checkValue('rule', name, value);
  }
  const chosen = given.map(([name]) => name).filter((name) => kinds.includes(name));
  if (chosen.length > 1 || (chosen.length === 0 && rule.delay === undefined)) {
    throw sandboxError('ERR_SANDBOX_FAULT', [direction, chosen, kinds]);
  }
  return { ...rule, direction } as FaultRule & { direction: FaultDirection };
}

/**
 * Checks what the function of a fault returned: any failures of an invoke, also several.
 *
 * @throws SandboxError `ERR_SANDBOX_FAULT_RESULT`
 */
export function checkFailure(failure: InvokeFailure): InvokeFailure {
  try {
    checkNames('failure', failure, ['delay', ...faultDirections.invoke.kinds]);
    for (const [name, value] of Object.entries(failure)) {
      if (value !== undefined) checkValue('failure', name, value);
    }
    return failure;
  } catch (cause) {
    const words = (cause as Error).message.replace(/\.$/, '');
    throw sandboxError('ERR_SANDBOX_FAULT_RESULT', [words], cause);
  }
}

function checkValue(owner: string, member: string, value: unknown): void {
  const name = `${owner}.${member}`;
  const range = RANGES[member];
  if (FLAGS.has(member)) {
    if (value !== true) throw wrongValue(name, 'must be true, or undefined', value);
  } else if (range !== undefined) {
    integerOption(name, value as number, ...range);
  } else if (member === 'probability') {
    if (typeof value !== 'number') throw wrongType(name, 'of type number', value);
    if (!(value > 0 && value <= 1)) throw outOfRange(name, '> 0 && <= 1', value);
  } else if (value !== '' || !MAY_BE_EMPTY.has(member)) {
    stringOption(name, value as string);
  }
}

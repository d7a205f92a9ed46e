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

/** How often a fault happens. Without any of these: every time, until it is removed. */
export interface FaultCount {
  /** So many times, then no more; from 1. */
  readonly times?: number;
  /** The first so many go well; 0 by default. */
  readonly skip?: number;
  /** Happens with this probability, above 0 up to 1. The same seed gives the same sequence. */
  readonly probability?: number;
  /** An integer; 1 by default. */
  readonly seed?: number;
}

/** What may go wrong with an exchange, whoever begins it. One of these, and a delay beside it. */
export interface ExchangeFaults {
  /** Milliseconds to wait first. */
  readonly delay?: number;
  /** An HTTP status, and nothing in the body. */
  readonly status?: number;
  /** The connection is closed before a byte. */
  readonly drop?: true;
  /** The connection is cut in the middle. */
  readonly cut?: true;
}

/** What may go wrong with the response to what a program invokes. */
export interface InvokeFailure extends ResultFault, SealFaults {
  /** The platform answers this errcode. */
  readonly errcode?: number;
  /** The access token of the debug mode has expired: `ret` -10008. */
  readonly accessTokenExpired?: true;
}

/**
 * The response to what a program invokes goes wrong. With `errcode`, `ret`, `response`, `status` and `accessTokenExpired` the
 * interface does nothing.
 */
export interface InvokeFaultRule extends FaultCount, InvokeFailure {
  readonly direction?: 'invoke';
  /** Name of the interface; every one by default. */
  readonly interface?: string;
}

/**
 * Decides for each exchange on the invoke side what goes wrong with it; `undefined`: nothing. It sees the exchange after the interface
 * has done its work, and may combine failures that do not exclude each other. If it throws or returns something else, the platform
 * answers with status 500, and the exchange has the `error`.
 */
export type FaultFunction = (
  exchange: InvokeExchange,
) => InvokeFailure | undefined | Promise<InvokeFailure | undefined>;

/** The platform's request to a program goes wrong; `status`: something on the way answers in place of the program. */
export interface RequestFaultRule extends FaultCount, ExchangeFaults, SealFaults {
  readonly direction: 'request';
  /** ability_id; every one by default. */
  readonly ability?: string;
}

/** The program's answer goes wrong on its way: the program has done its work. */
export interface AnswerFaultRule extends FaultCount, ExchangeFaults, SealFaults {
  readonly direction: 'answer';
  /** ability_id; every one by default. */
  readonly ability?: string;
}

/** An event goes wrong. */
export interface EventFaultRule extends FaultCount, ExchangeFaults, SealFaults {
  readonly direction: 'event';
  /** Type of the event; every one by default. */
  readonly event?: ZoneEventType;
  /** It is sent so many times more, each a good request of its own. */
  readonly duplicate?: number;
  /** It is held back until the next event was sent, two seconds at most. */
  readonly reorder?: true;
}

/** What the platform's server answers to the application goes wrong. */
export interface ServerFaultRule extends FaultCount, ExchangeFaults {
  readonly direction: 'server';
  /** Path below `/cgi-bin/`: `chatdata/sync_call_program`; every one by default. */
  readonly interface?: string;
  /** The platform answers this errcode, and the interface does nothing. */
  readonly errcode?: number;
  /** The access token has expired: 42001. */
  readonly accessTokenExpired?: true;
}

/** What goes wrong: see docs/sandbox.md#faults. */
export type FaultRule =
  | InvokeFaultRule
  | RequestFaultRule
  | AnswerFaultRule
  | EventFaultRule
  | ServerFaultRule;

/** What a fault is about. */
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
  'answers',
  'badFields',
];
const SEAL = ['badSignature', 'badCiphertext', 'wrongKeyVersion', 'replay', 'clockSkew'];

/** For each direction: the name of its filter, and the kinds of failure. */
export const faultDirections: Readonly<
  Record<FaultDirection, { readonly filter: string; readonly kinds: readonly string[] }>
> = {
  invoke: {
    filter: 'interface',
    kinds: [...EXCHANGE, ...SEAL, ...RESULT, 'errcode', 'accessTokenExpired'],
  },
  request: { filter: 'ability', kinds: [...EXCHANGE, ...SEAL] },
  answer: { filter: 'ability', kinds: [...EXCHANGE, ...SEAL] },
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

/** Smallest and largest value of the numbers in a rule. */
const RANGES: Readonly<Record<string, readonly [min: number, max: number]>> = {
  times: [1, Number.MAX_SAFE_INTEGER],
  skip: [0, Number.MAX_SAFE_INTEGER],
  seed: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  delay: [0, MAX_TIMER_MS],
  status: [200, 599],
  errcode: [-(2 ** 31), 2 ** 31 - 1],
  ret: [-(2 ** 31), 2 ** 31 - 1],
  keyVersion: [1, 2 ** 31 - 1],
  timestamp: [0, 10 ** 11],
  clockSkew: [-(10 ** 9), 10 ** 9],
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

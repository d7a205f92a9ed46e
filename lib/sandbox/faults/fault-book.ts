import { Random } from '../../common/random';
import { withInspection } from '../common/inspection';
import type { InvokeExchange } from '../wire/exchange';
import type { FaultDirection, FaultFunction, FaultRule, FaultRuleOf, InvokeFailure } from './fault';
import { checkFailure, checkFaultRule, faultDirections } from './fault';

/** A fault that was injected into a sandbox. */
export interface Fault {
  /** Number of the fault in its sandbox, from 1. */
  readonly id: number;
  /** The rule or function that was injected. */
  readonly rule: FaultRule | FaultFunction;
  /** How often it has taken effect. */
  readonly hits: number;
  /** Removes it. A second call has no effect. */
  readonly remove: () => void;
}

/** Fault injection. Of several matching faults, the one injected first takes effect; functions come before rules. */
export interface SandboxFaults {
  /**
   * Injects a fault: every time, N times or with a probability, until it is removed. docs/guide/sandbox.md#faults lists all faults and
   * what program and application see of them.
   *
   * @param rule - or a function that decides for each exchange on the invoke side
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`, `ERR_SPEC_UNKNOWN_OPTION`; RangeError
   * `ERR_SPEC_OUT_OF_RANGE`; SandboxError `ERR_SANDBOX_FAULT` for no failure, or several
   *
   * @example
   * ```ts
   * sandbox.faults.inject({ interface: 'sync_msg', errcode: 45009, times: 2 });
   * sandbox.faults.inject({ direction: 'response', badSignature: true, probability: 0.1, seed: 7 });
   * sandbox.faults.inject(({ request }) => (request.includes('page-2') ? { drop: true } : undefined));
   * ```
   */
  inject(rule: FaultRule | FaultFunction): Fault;
  /** The active faults. */
  list(): readonly Fault[];
  /** Removes all faults. */
  clear(): void;
}

/** The faults of a sandbox; decides which of them takes effect. */
export class FaultBook implements SandboxFaults {
  readonly #rules = new Set<RuleFault>();
  readonly #functions = new Set<FunctionFault>();
  #lastId = 0;

  /** @throws as `SandboxFaults.inject` */
  inject(rule: FaultRule | FaultFunction): Fault {
    if (typeof rule === 'function') {
      const fault = new FunctionFault(this.#newId(), rule, () => this.#functions.delete(fault));
      this.#functions.add(fault);
      return shown(fault);
    }
    const checked = checkFaultRule(rule);
    const fault = new RuleFault(this.#newId(), checked, () => this.#rules.delete(fault));
    this.#rules.add(fault);
    return shown(fault);
  }

  /** The active faults. */
  list(): readonly Fault[] {
    return [...this.#functions, ...this.#rules];
  }

  /**
   * Returns the rule that takes effect now, if there is one, and counts a hit.
   *
   * @param subject - the value for the direction's filter: an interface, an ability, or an event type
   */
  take<Direction extends FaultDirection>(
    direction: Direction,
    subject: string,
  ): FaultRuleOf<Direction> | undefined {
    // Every request passes here, and there is rarely a rule.
    if (this.#rules.size === 0) return undefined;
    for (const fault of this.#rules) {
      if (fault.happens(direction, subject)) return fault.rule as FaultRuleOf<Direction>;
    }
    return undefined;
  }

  /** Returns the failure of the first function that decides on one. Rejects with what a function throws. */
  async decide(exchange: InvokeExchange): Promise<InvokeFailure | undefined> {
    for (const fault of this.#functions) {
      const failure = await fault.decide(exchange);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** Removes all faults. */
  clear(): void {
    this.#rules.clear();
    this.#functions.clear();
  }

  #newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

/** For `console.log`, which does not show getters. */
function shown<F extends Fault>(fault: F): F {
  return withInspection(fault, ({ id, rule, hits }) => ({ id, rule, hits }));
}

class FunctionFault implements Fault {
  #hits = 0;

  constructor(
    readonly id: number,
    readonly rule: FaultFunction,
    readonly remove: () => void,
  ) {}

  get hits(): number {
    return this.#hits;
  }

  async decide(exchange: InvokeExchange): Promise<InvokeFailure | undefined> {
    const failure = await this.rule(exchange);
    if (!failure) return undefined;
    this.#hits += 1;
    return checkFailure(failure);
  }
}

class RuleFault implements Fault {
  readonly #random: Random;
  #seen = 0;
  #hits = 0;

  constructor(
    readonly id: number,
    readonly rule: FaultRule & { readonly direction: FaultDirection },
    readonly remove: () => void,
  ) {
    this.#random = new Random(rule.seed ?? 1);
  }

  get hits(): number {
    return this.#hits;
  }

  happens(direction: FaultDirection, subject: string): boolean {
    const { rule } = this;
    if (rule.direction !== direction) return false;
    const { filter } = faultDirections[direction];
    const wanted = Object.entries(rule).find(([name]) => name === filter)?.[1];
    if (wanted !== undefined && wanted !== subject) return false;
    const { times = Number.POSITIVE_INFINITY, skip = 0, probability = 1 } = rule;
    if (this.#hits >= times) return false;
    this.#seen += 1;
    if (this.#seen <= skip || this.#random.next() >= probability) return false;
    this.#hits += 1;
    return true;
  }
}

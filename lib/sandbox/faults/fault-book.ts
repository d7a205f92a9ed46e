import { Random } from '../../common/random';
import type { InvokeExchange } from '../wire/exchange';
import type { FaultDirection, FaultFunction, FaultRule, FaultRuleOf, InvokeFailure } from './fault';
import { checkFailure, checkFaultRule, faultDirections } from './fault';

/** A fault that was injected into a sandbox. */
export interface Fault {
  readonly rule: FaultRule | FaultFunction;
  /** How often it has happened. */
  readonly hits: number;
  /** Removes it. Doing so twice does nothing more. */
  readonly remove: () => void;
}

/** Fault injection. Of several faults that match, the one injected first happens; functions decide before rules. */
export interface SandboxFaults {
  /**
   * Injects a fault: it happens every time, N times or with a probability, until it is removed. docs/sandbox.md#faults lists what
   * can go wrong, and what program and application see of it.
   *
   * @param rule - or a function, which decides for each exchange on the invoke side.
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`, `ERR_SPEC_UNKNOWN_OPTION`; RangeError
   * `ERR_SPEC_OUT_OF_RANGE`; SandboxError `ERR_SANDBOX_FAULT` for no failure, or several
   *
   * @example
   * ```ts
   * sandbox.faults.inject({ interface: 'sync_msg', errcode: 45009, times: 2 });
   * sandbox.faults.inject({ direction: 'answer', badSignature: true, probability: 0.1, seed: 7 });
   * sandbox.faults.inject(({ request }) => (request.includes('page-2') ? { drop: true } : undefined));
   * ```
   */
  inject(rule: FaultRule | FaultFunction): Fault;
  /** The active faults. */
  list(): readonly Fault[];
  /** Removes all faults. */
  clear(): void;
}

/** The faults of a sandbox, and which of them happens now. */
export class FaultBook implements SandboxFaults {
  readonly #rules = new Set<RuleFault>();
  readonly #functions = new Set<FunctionFault>();

  /** @throws as `SandboxFaults.inject` */
  inject(rule: FaultRule | FaultFunction): Fault {
    if (typeof rule === 'function') {
      const fault = new FunctionFault(rule, () => this.#functions.delete(fault));
      this.#functions.add(fault);
      return fault;
    }
    const fault = new RuleFault(checkFaultRule(rule), () => this.#rules.delete(fault));
    this.#rules.add(fault);
    return fault;
  }

  /** The active faults. */
  list(): readonly Fault[] {
    return [...this.#functions, ...this.#rules];
  }

  /**
   * The rule that takes effect now, if one does; it counts as a hit.
   *
   * @param subject - what the direction's filter is compared with: an interface, an ability, an event's type.
   */
  take<Direction extends FaultDirection>(
    direction: Direction,
    subject: string,
  ): FaultRuleOf<Direction> | undefined {
    // Nearly always there is none, and every request passes here.
    if (this.#rules.size === 0) return undefined;
    for (const fault of this.#rules) {
      if (fault.happens(direction, subject)) return fault.rule as FaultRuleOf<Direction>;
    }
    return undefined;
  }

  /** What the first function that decides on a failure has returned. Rejects with what a function throws. */
  async decide(exchange: InvokeExchange): Promise<InvokeFailure | undefined> {
    for (const fault of this.#functions) {
      const failure = await fault.decide(exchange);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** Removes all of them. */
  clear(): void {
    this.#rules.clear();
    this.#functions.clear();
  }
}

class FunctionFault implements Fault {
  #hits = 0;

  constructor(
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

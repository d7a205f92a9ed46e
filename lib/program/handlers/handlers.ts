import { type Awaitable, after } from '../../common/awaitable';
import { parseObject } from '../../common/json';
import { integerOption, stringOption, wrongType } from '../../common/options';
import { MAX_TIMER_MS } from '../../common/timers';
import { makeError } from '../../errors';
import { zoneEvents } from '../../interfaces/events';
import type { AbilityHandler, AbilityOptions, Call, EventHandler } from './call';
import type { EventRelay } from './event-relay';
import { Failure } from './failure';
import type { FunctionForm, FunctionRequest } from './functions';
import type { CallFields } from './program-call';
import { OK_RESULT, parsedData, parsedEvent, resultText } from './results';
import { isStandardSchema, validated } from './schema';

/** Metrics name of all calls and events without a handler, so that callers cannot create new names. */
export const OTHER = '(other)';

const knownEvents: ReadonlySet<string> = new Set(zoneEvents.map(({ eventType }) => eventType));

interface Ability {
  readonly id: string;
  readonly handlerTimeout?: number | undefined;
  /** @param text - the request as JSON @returns the text of the result */
  readonly serve: (text: string, call: Call) => Awaitable<string>;
}

/** The handler of one call. */
export interface FoundHandler {
  /** For the metrics: a name that the program registered, or {@link OTHER}. */
  readonly name: string;
  /** The ability's own timeout in milliseconds, if it has one. */
  readonly handlerTimeout: number | undefined;
  /** @returns the text of the result */
  readonly run: (call: Call) => Awaitable<string>;
}

/** The registered handlers of a program. */
export class Handlers {
  readonly #abilities = new Map<string, Ability>();
  /** Interfaces that applications may call, by the name of the interface. */
  readonly #interfaces = new Map<string, Ability>();
  readonly #events = new Map<string, EventHandler<unknown>>();
  notFound: AbilityHandler<unknown> | undefined;
  functions: FunctionForm | undefined;
  #relay: EventRelay | undefined;

  get relay(): EventRelay | undefined {
    return this.#relay;
  }

  /** @throws as `ZoneProgram.ability` */
  addAbility(id: string, handler: AbilityHandler<never>, given?: unknown): void {
    const { input, handlerTimeout } = given === undefined ? {} : abilityOptions(given);
    stringOption('id', id);
    if (typeof handler !== 'function') throw wrongType('handler', 'of type function', handler);
    const run = handler as AbilityHandler<unknown>;
    const serve = (text: string, call: Call): Awaitable<string> => {
      const request = parsedData(text);
      return input === undefined
        ? after(run(request, call), resultText)
        : after(validated(input, request), (checked) => after(run(checked, call), resultText));
    };
    this.#add({ id, handlerTimeout, serve });
  }

  /** Registers an interface that applications may call. @throws as `ZoneProgram.passThrough` */
  addInterface(name: string, id: string, serve: Ability['serve']): void {
    const ability = { id, serve };
    this.#add(ability);
    this.#interfaces.set(name, ability);
  }

  #add(ability: Ability): void {
    const { id } = ability;
    if (this.#abilities.has(id)) {
      throw makeError('ERR_SPEC_HANDLER_EXISTS', `the ability "${id}"`, '');
    }
    this.#abilities.set(id, ability);
  }

  /** @throws as `ZoneProgram.event` */
  addEvent(type: string, handler: EventHandler<never>): void {
    stringOption('type', type);
    if (typeof handler !== 'function') throw wrongType('handler', 'of type function', handler);
    if (this.#events.has(type)) {
      throw makeError('ERR_SPEC_HANDLER_EXISTS', `the event "${type}"`, '');
    }
    this.#events.set(type, handler as EventHandler<unknown>);
  }

  /** @throws as `ZoneProgram.relayEvents` */
  setRelay(make: () => EventRelay): void {
    if (this.#relay !== undefined) throw makeError('ERR_SPEC_HANDLER_EXISTS', 'the relay', '');
    const relay = make();
    this.addAbility(relay.ability, relay.handOut);
    this.#relay = relay;
  }

  /** The ids of the abilities, for a call that has no handler; `undefined` for others. */
  abilitiesFor({ callType, abilityId }: CallFields): readonly string[] | undefined {
    if (callType === 2 || this.#abilities.has(abilityId)) return undefined;
    if (this.notFound !== undefined || this.functions !== undefined) return undefined;
    return [...this.#abilities.keys()];
  }

  /** The metrics name of a call. */
  nameOf(abilityId: string): string {
    return this.#abilities.has(abilityId) ? abilityId : OTHER;
  }

  /** Finds the handler of a call. Throws a {@link Failure} when the data of an event is invalid; everything else is thrown by `run`. */
  find({ callType, abilityId, data }: CallFields): FoundHandler {
    return callType === 2 ? this.#event(data) : this.#ability(abilityId, data);
  }

  #event(data: string): FoundHandler {
    const parsed = parseObject(data);
    const type = typeOfEvent(parsed);
    const handler = type === undefined ? undefined : this.#events.get(type);
    if (handler === undefined && this.#relay?.takes(type))
      return this.#relayed(this.#relay, type, data);
    const event = parsedEvent(parsed ?? data);
    return {
      // Only names that the program or the documentation knows, because the platform may send any.
      name: handler === undefined ? OTHER : this.#eventName(event.event_type, true),
      handlerTimeout: undefined,
      run: (call) => {
        const serve = handler ?? this.notFound;
        return after<unknown, string>(serve?.(event, call), (result) =>
          resultText(result ?? OK_RESULT),
        );
      },
    };
  }

  /** The application interprets the event, so its data is not checked: the platform may add fields and types at any time. */
  #relayed(relay: EventRelay, type: string | undefined, data: string): FoundHandler {
    return {
      name: this.#eventName(type ?? '', false),
      handlerTimeout: undefined,
      run: async (call) => {
        await relay.notify(call, data);
        return resultText(OK_RESULT);
      },
    };
  }

  #eventName(type: string, hasHandler: boolean): string {
    return hasHandler || knownEvents.has(type) ? `event ${type}` : 'event (other)';
  }

  #ability(abilityId: string, data: string): FoundHandler {
    const form = this.functions;
    const called = form?.open(data);
    if (form !== undefined && called !== undefined) return this.#function(form, called, data);
    const ability = this.#abilities.get(abilityId);
    return {
      name: ability === undefined ? OTHER : abilityId,
      handlerTimeout: ability?.handlerTimeout,
      run: (call) =>
        ability === undefined
          ? this.#serveUnknown('ability', data, call)
          : ability.serve(data, call),
    };
  }

  #function(form: FunctionForm, { name, request }: FunctionRequest, data: string): FoundHandler {
    const ability =
      name === undefined ? undefined : (this.#abilities.get(name) ?? this.#interfaces.get(name));
    return {
      name: ability === undefined ? OTHER : ability.id,
      handlerTimeout: ability?.handlerTimeout,
      run: async (call) => {
        if (name === undefined) throw new Failure('invalid', 'input.func is not a string');
        return form.seal(
          ability === undefined
            ? await this.#serveUnknown('function', data, call)
            : await ability.serve(JSON.stringify(request), call),
        );
      },
    };
  }

  #serveUnknown(what: string, data: string, call: Call): Awaitable<string> {
    if (this.notFound === undefined) {
      throw new Failure('unknown-ability', `the program does not have this ${what}`);
    }
    return after(this.notFound(parsedData(data), call), resultText);
  }

  /** Gives a result, or a failure, the form that the data of the call asks for. */
  seal(data: string, text: string): string {
    return this.functions?.open(data) === undefined ? text : this.functions.seal(text);
  }
}

function abilityOptions(given: unknown): AbilityOptions {
  if (isStandardSchema(given)) return { input: given };
  if (typeof given !== 'object' || given === null) {
    throw wrongType('input', 'a schema that follows standardschema.dev, or options', given);
  }
  const { input, handlerTimeout } = given as AbilityOptions;
  if (input !== undefined && !isStandardSchema(input)) {
    throw wrongType('options.input', 'a schema that follows standardschema.dev', input);
  }
  return {
    ...(input === undefined ? {} : { input }),
    ...(handlerTimeout === undefined
      ? {}
      : {
          handlerTimeout: integerOption('options.handlerTimeout', handlerTimeout, 1, MAX_TIMER_MS),
        }),
  };
}

function typeOfEvent(event: object | undefined): string | undefined {
  const { event_type: type } = (event ?? {}) as { event_type?: unknown };
  return typeof type === 'string' ? type : undefined;
}

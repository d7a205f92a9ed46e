import { EventEmitter } from 'node:events';

/** Arguments of the listeners, by event. */
export type EventArguments = Readonly<Record<string, readonly unknown[]>>;

/** Calls listeners. An exception of a listener does not affect the platform: it becomes an uncaught exception of the process. */
export class Emitter<Events extends EventArguments> {
  readonly #emitter = new EventEmitter();

  on<Name extends keyof Events & string>(name: Name, listener: Listener<Events[Name]>): void {
    this.#emitter.on(name, listener as unknown as AnyListener);
  }

  once<Name extends keyof Events & string>(name: Name, listener: Listener<Events[Name]>): void {
    this.#emitter.once(name, listener as unknown as AnyListener);
  }

  off<Name extends keyof Events & string>(name: Name, listener: Listener<Events[Name]>): void {
    this.#emitter.off(name, listener as unknown as AnyListener);
  }

  /** Calls the listeners of an event, one after the other. */
  emit<Name extends keyof Events & string>(name: Name, ...args: Events[Name]): void {
    try {
      this.#emitter.emit(name, ...args);
    } catch (error) {
      process.nextTick(() => {
        throw error;
      });
    }
  }
}

type AnyListener = (...args: unknown[]) => void;

/** A listener. */
export type Listener<Arguments extends readonly unknown[]> = (...args: Arguments) => void;

import type { AbilityHandler, Call } from './call';

/** Stores content for the application and notifies it. */
export interface EventRelay {
  /** The ability that returns stored content. */
  readonly ability: string;
  readonly handOut: AbilityHandler<unknown>;
  /** Whether events of this type are relayed; undefined: the data names no type. */
  takes(eventType: string | undefined): boolean;
  /** @returns the notify_id under which the text is stored */
  notify(call: Call, text: string, scene?: number): Promise<string>;
}

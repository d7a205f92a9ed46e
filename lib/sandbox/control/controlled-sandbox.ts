import type { ZoneEventContent, ZoneEventType } from '../common/zone-events';
import type { FaultRule } from '../faults/fault';
import type { Fault } from '../faults/fault-book';
import type { LogRecord } from '../logs/log-record';
import type { LogQuery } from '../logs/log-ring';
import type { AsyncCallResult, CallResult } from '../programs/call-result';
import type { SavedState } from '../state/state-file';

/** What the control service needs of a `ZoneSandbox`. */
export interface ControlledSandbox {
  readonly serverUrl: string;
  readonly platform: string;
  readonly corpId: string;
  readonly programId: string;
  get program(): URL | undefined;
  call(ability: string, request: unknown, options: CallTarget): Promise<CallResult>;
  callAsync(ability: string, request: unknown, options: CallTarget): Promise<AsyncCallResult>;
  emit<Type extends ZoneEventType>(
    type: Type,
    content: ZoneEventContent<Type>,
  ): Promise<CallResult>;
  logs(query: LogQuery): Promise<LogRecord[]>;
  fault(rule: FaultRule): Fault;
  readonly faults: readonly Fault[];
  reset(): Promise<void>;
  saveState(): Promise<SavedState>;
  loadState(saved: SavedState): void;
}

/** Which program is called, and for which notification. */
export interface CallTarget {
  readonly notifyId?: string;
  readonly programId?: string;
}

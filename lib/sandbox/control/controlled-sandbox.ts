import type { ZoneEventContent, ZoneEventType } from '../common/zone-events';
import type { FaultRule } from '../faults/fault';
import type { Fault } from '../faults/fault-book';
import type { LogRecord } from '../logs/log-record';
import type { LogQuery } from '../logs/log-ring';
import type { AsyncCallResult, CallResult } from '../programs/call-result';
import type { SavedState } from '../state/state-file';

interface Target {
  readonly notifyId?: string;
  readonly programId?: string;
}

/** What the control service needs of a sandbox; `ZoneSandbox` satisfies it. */
export interface ControlledSandbox {
  readonly serverUrl: string;
  readonly platform: string;
  readonly corpId: string;
  readonly programId: string;
  readonly program: URL | undefined;
  readonly faults: readonly Fault[];
  call(abilityId: string, request: unknown, options?: Target): Promise<CallResult>;
  callAsync(abilityId: string, request: unknown, options?: Target): Promise<AsyncCallResult>;
  emit<Type extends ZoneEventType>(
    eventType: Type,
    content: ZoneEventContent<Type>,
  ): Promise<CallResult>;
  logs(query?: LogQuery): Promise<LogRecord[]>;
  fault(rule: FaultRule): Fault;
  reset(): Promise<void>;
  saveState(): Promise<SavedState>;
  loadState(saved: SavedState): void;
}

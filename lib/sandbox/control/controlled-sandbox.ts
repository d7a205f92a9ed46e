import type { SandboxClock } from '../common/clock';
import type { ZoneEventContent, ZoneEventType } from '../common/zone-events';
import type { Corp } from '../corp/corp';
import type { SandboxFaults } from '../faults/fault-book';
import type { AppNotification } from '../interfaces/notifications/app-notification';
import type { LogRecord } from '../logs/log-record';
import type { LogQuery } from '../logs/log-ring';
import type { AsyncCallResult, CallResult } from '../programs/call-result';
import type { SavedState } from '../state/state-file';
import type { SeenRequest } from '../wire/seen-request';

interface Target {
  readonly notifyId?: string;
  readonly programId?: string;
}

/** The part of `ZoneSandbox` that the control service uses. */
export interface ControlledSandbox {
  readonly urls: { readonly server: string; readonly platform: string };
  readonly application: {
    readonly corpId: string;
    readonly notifications: readonly AppNotification[];
  };
  readonly corp: Corp;
  readonly clock: SandboxClock;
  readonly requests: readonly SeenRequest[];
  readonly programs: {
    readonly ownId: string;
    readonly address: URL | undefined;
    env(): Readonly<Record<string, string>>;
  };
  readonly faults: SandboxFaults;
  readonly logs: { search(query?: LogQuery): Promise<LogRecord[]> };
  call(abilityId: string, request: unknown, options?: Target): Promise<CallResult>;
  callAsync(
    abilityId: string,
    request: unknown,
    options?: Omit<Target, 'notifyId'>,
  ): Promise<AsyncCallResult>;
  emit<Type extends ZoneEventType>(
    eventType: Type,
    content: ZoneEventContent<Type>,
  ): Promise<CallResult>;
  reset(): Promise<void>;
  save(): Promise<SavedState>;
  load(saved: SavedState): Promise<void>;
}

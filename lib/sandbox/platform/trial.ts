import { MAX_TIME_MS } from '../../common/timers';
import { SandboxClock } from '../common/clock';
import { ZoneState } from '../interfaces/zone-state';
import { ProgramEvents } from '../programs/program-events';
import { ProgramJobs } from '../programs/program-jobs';
import { areMessages, arePublicKeys } from '../state/content-shape';
import { type LoadedState, notAState } from '../state/state-file';
import type { Snapshots } from '../state/store-set';

/**
 * Loads a state into a platform of its own, which sends all its events to nobody. So damage is found before anything is replaced.
 *
 * @returns the data of the stores
 * @throws SandboxError `ERR_SANDBOX_STATE`
 */
export function tryState(
  { content, time, stores }: LoadedState,
  { limits, models }: Pick<ZoneState, 'limits' | 'models'>,
): Snapshots {
  const clock = new SandboxClock(() => time);
  const call = (): never => {
    throw notAState();
  };
  const events = new ProgramEvents({
    call,
    fault: () => undefined,
    clock: () => clock.now(),
    receiver: () => undefined,
  });
  try {
    const trial = new ZoneState({
      content,
      clock,
      limits,
      models,
      jobs: new ProgramJobs({ call, corpId: '', agentId: 0 }),
      emit: (type, event) => void events.emit(type, event),
    });
    const snapshots = trial.read(stores);
    const corp = snapshots?.get('corp') as { messages?: unknown; publicKeys?: unknown } | undefined;
    if (!snapshots || !areMessages(corp?.messages) || !arePublicKeys(corp?.publicKeys)) {
      throw notAState();
    }
    trial.load(content, snapshots);
    trial.save();
    // Events that are due later would otherwise throw from a timer.
    clock.set(MAX_TIME_MS);
    return snapshots;
  } catch {
    throw notAState();
  } finally {
    clock.clear();
  }
}

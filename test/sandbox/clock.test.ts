import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { silenceLog } from '../support/process-environment';
import { thrownBy } from '../support/thrown';
import { invokeWell, zoneForTest } from '../support/zone';

silenceLog();

async function sandboxAt(clock?: () => number): Promise<ZoneSandbox> {
  const sandbox = await ZoneSandbox.start(clock === undefined ? {} : { clock });
  onTestEnd(() => sandbox.stop());
  return sandbox;
}

describe('sandbox.clock', () => {
  test('follows the option clock until it is set, and then stops', async () => {
    let time = 1_000_000;
    const { clock } = await sandboxAt(() => time);
    time += 5;
    expect(clock.now()).toBe(1_000_005);
    clock.set(7);
    time += 5;
    expect(clock.now()).toBe(7);
    clock.advance(3);
    expect(clock.now()).toBe(10);
  });

  test('continues from the time at which it was stopped', async () => {
    let time = 1_000_000;
    const { clock } = await sandboxAt(() => time);
    clock.set(50);
    clock.resume();
    time += 4;
    expect(clock.now()).toBe(54);
    clock.advance(-4);
    expect(clock.now()).toBe(50);
  });

  test('shows real time by default and after a reset', async () => {
    const sandbox = await sandboxAt();
    const before = Date.now();
    expect(sandbox.clock.now()).toBeGreaterThanOrEqual(before);
    sandbox.clock.set(5);
    await sandbox.reset();
    expect(sandbox.clock.now()).toBeGreaterThanOrEqual(before);
  });

  test('runs due actions in the order of their times when it is moved', async () => {
    const { clock } = await sandboxAt(() => 0);
    clock.set(0);
    const done: string[] = [];
    clock.at(20, () => done.push('at 20'));
    clock.at(10, () => {
      done.push('at 10');
      clock.at(15, () => done.push('at 15, arranged at 10'));
    });
    clock.at(30, () => done.push('at 30'));
    clock.at(0, () => done.push('at once'));
    expect(done).toEqual(['at once']);
    clock.advance(20);
    expect(done).toEqual(['at once', 'at 10', 'at 15, arranged at 10', 'at 20']);
    clock.set(29);
    expect(done).toHaveLength(4);
    clock.resume();
    clock.advance(1);
    expect(done.at(-1)).toBe('at 30');
  });

  test('runs actions when they become due in real time', async () => {
    const { clock } = await sandboxAt();
    // Does not check the time, because the clock uses a real timer.
    await new Promise<void>((resolve) => {
      const keep = setInterval(() => {}, 1000);
      clock.at(clock.now() + 5, () => {
        clearInterval(keep);
        resolve();
      });
    });
  });

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 'now'])(
    'rejects the time %p',
    async (time) => {
      const { clock } = await sandboxAt();
      const code = typeof time === 'number' ? 'ERR_SPEC_OUT_OF_RANGE' : 'ERR_SPEC_INVALID_ARG_TYPE';
      expect(thrownBy(() => clock.set(time as number)).code).toBe(code);
      expect(thrownBy(() => clock.advance(time === -1 ? -1e15 : (time as number))).code).toBe(code);
    },
  );

  test('moves the window of sync_msg, but not the timestamps of requests', async () => {
    const sandbox = await zoneForTest();
    const { corp, clock } = sandbox;
    const { sendTime } = corp.messages[100] ?? { sendTime: 0 };
    clock.set((sendTime + 5 * 86_400) * 1000);
    const { msg_list: list } = await invokeWell(sandbox, 'sync_msg', { limit: 1000 });
    expect(list[0].send_time).toBe(sendTime);
    clock.advance(1000);
    const later = await invokeWell(sandbox, 'sync_msg', { limit: 1000 });
    expect(later.msg_list[0].msgid).toBe(corp.messages[101]?.msgid);
    expect(sandbox.wire.exchanges.at(-1)?.error).toBeUndefined();
  });
});

import { setTimeout as pause } from 'node:timers/promises';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { canMount, limitedFiles, mountedDisk, type TightDisk } from '../support/full-disk';
import { Gate } from '../support/gate';
import { isAccepted, JobProgram, JobRecord } from '../support/job-fault';

// The disk of a program's folder fills up and gets room again; then the program is killed.

jest.setTimeout(60_000);

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

async function newSandbox(): Promise<ZoneSandbox> {
  const sandbox = await ZoneSandbox.start();
  onTestEnd(() => sandbox.stop());
  return sandbox;
}

function environment(sandbox: ZoneSandbox, folder: string): Record<string, string> {
  return {
    ...sandbox.env,
    DATA_DIR: folder,
    WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null',
    WEWORK_SPEC_SANDBOX_TIMEOUT: '30',
  };
}

/** Starts a program on the folder; the sandbox calls it from now on. */
async function startOn(
  sandbox: ZoneSandbox,
  folder: string,
  fileLimit?: number,
): Promise<JobProgram> {
  const program = new JobProgram(environment(sandbox, folder), fileLimit);
  onTestEnd(() => program.kill('SIGKILL'));
  sandbox.programs.address = `http://127.0.0.1:${await program.port}`;
  return program;
}

async function restart(
  sandbox: ZoneSandbox,
  program: JobProgram,
  folder: string,
  fileLimit?: number,
): Promise<JobProgram> {
  program.kill('SIGKILL');
  await program.ended;
  return startOn(sandbox, folder, fileLimit);
}

/** Fulfilled when every job of the program is over, and this is stored. */
async function settled(sandbox: ZoneSandbox): Promise<void> {
  await until(async () => {
    const { response } = await sandbox.call('counts', {});
    const counts = response as Record<'waiting' | 'running' | 'delayed', number>;
    return counts.waiting + counts.delayed + counts.running === 0;
  });
}

/** Sends a job until it is accepted, as an application would. */
function accept(sandbox: ZoneSandbox, n: number, more?: string): Promise<void> {
  return until(() => isAccepted(sandbox, n, more));
}

/** Asks again and again; rejected when the result never becomes true. */
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const began = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - began > 20_000) throw new Error(`never true: ${isTrue}`);
    await pause(20);
  }
}

// The first runs everywhere, the second in addition where it can.
const ways: [string, () => TightDisk][] = [['limited files', limitedFiles]];
if (canMount()) ways.push(['a mounted disk', mountedDisk]);

describe.each(ways)('when the disk is full (%s)', (_, newDisk) => {
  test('jobs that are accepted afterwards are neither lost nor reported twice', async () => {
    const disk = newDisk();
    const sandbox = await newSandbox();
    // Jobs whose handler runs, and whose report is on its way, while the disk is full.
    const running = numbers(100, 4);
    const reporting = numbers(200, 4);
    const lasting = numbers(300, 10);
    const duringFullDisk = { run: new Gate(), report: new Gate() };
    const untilRestart = new Gate();
    const record = new JobRecord(sandbox, (n, at) => {
      if (at === 'run' && running.includes(n)) return duringFullDisk.run.pass();
      if (at === 'report' && reporting.includes(n)) return duringFullDisk.report.pass();
      return at === 'run' && lasting.includes(n) ? untilRestart.pass() : undefined;
    });
    let program = await startOn(sandbox, disk.folder);
    const accepted = new Set<number>();
    const acceptAll = (all: number[]) =>
      Promise.all(all.map((n) => accept(sandbox, n).then(() => accepted.add(n))));
    await acceptAll([...numbers(0, 10), ...running, ...reporting]);
    await duringFullDisk.run.reached(running.length);
    await duringFullDisk.report.reached(reporting.length);
    await record.reached(10);

    disk.fill(program.pid);
    let next = 1000;
    while (await isAccepted(sandbox, next)) accepted.add(next++);
    disk.exhaust(program.pid);
    const refused = numbers(next, 20);
    for (const n of refused) expect(await isAccepted(sandbox, n)).toBe(false);
    duringFullDisk.run.open();
    duringFullDisk.report.open();
    await record.reached(10 + reporting.length);
    for (const n of refused) expect(await isAccepted(sandbox, n)).toBe(false);

    disk.makeRoom(program.pid);
    await acceptAll(numbers(next + 100, 20));
    await record.reached(accepted.size);
    await settled(sandbox);
    await acceptAll(lasting);
    await untilRestart.reached(lasting.length);
    program = await restart(sandbox, program, disk.folder);
    untilRestart.open();
    await atMost(10_000, record.reached(accepted.size));
    await settled(sandbox);
    program.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);
    expect(record.figures(accepted)).toEqual({
      accepted: accepted.size,
      withoutReport: 0,
      withDifferentReports: 0,
      reportedAgain: 0,
      runAgain: lasting.length,
    });
    // Whoever was told that the job was not accepted would be surprised by its report.
    expect(record.figures(new Set(refused))).toMatchObject({ withoutReport: refused.length });
  });

  test('the application is notified only of stored events, which survive the program', async () => {
    const disk = newDisk();
    const sandbox = await newSandbox();
    const program = await startOn(sandbox, disk.folder);
    const sendEvent = async (n: number) => {
      const data = {
        event_type: 'conversation_new_message',
        timestamp: n,
        conversation_new_message: { token: `t-${n}` },
      };
      const { outcome } = await sandbox.wire.send(sandbox.wire.seal({ callType: 2, data }));
      return outcome.kind === 'response' ? JSON.parse(outcome.text).errcode : outcome.kind;
    };
    expect(await sendEvent(0)).toBe(0);
    disk.fill(program.pid);
    let sent = 1;
    let response = 0;
    for (; response === 0; sent += 1) response = await sendEvent(sent);
    disk.exhaust(program.pid);
    const announced = sandbox.application.notifications.length;
    expect([response, await sendEvent(sent), await sendEvent(sent)]).toEqual([-1, -1, -1]);
    expect(sandbox.application.notifications).toHaveLength(announced);

    disk.makeRoom(program.pid);
    await until(async () => (await sendEvent(sent)) === 0);
    for (const n of numbers(sent + 1, 10)) expect(await sendEvent(n)).toBe(0);
    expect(sandbox.application.notifications).toHaveLength(announced + 11);
    await restart(sandbox, program, disk.folder);
    for (const { notifyId } of sandbox.application.notifications) {
      const { response } = await sandbox.call('get_callback_data', {}, { notifyId });
      expect(response).toMatchObject({ event_type: 'conversation_new_message' });
    }
  });
});

test('a program starts on a full disk, and accepts jobs when there is room again', async () => {
  const disk = limitedFiles();
  const sandbox = await newSandbox();
  const gate = new Gate();
  const record = new JobRecord(sandbox, (_, at) => (at === 'run' ? gate.pass() : undefined));
  let program = await startOn(sandbox, disk.folder);
  const accepted = new Set(numbers(0, 10));
  for (const n of accepted) await accept(sandbox, n);
  // All are claimed and nothing is being written: the journal of a commit that was cut off could not be rolled back under this limit.
  await gate.reached(accepted.size);
  program = await restart(sandbox, program, disk.folder, 1);
  expect(await isAccepted(sandbox, 100)).toBe(false);
  gate.open();
  disk.makeRoom(program.pid);
  await accept(sandbox, 101);
  accepted.add(101);
  await atMost(10_000, record.reached(accepted.size));
  expect(record.figures(accepted)).toMatchObject({ withoutReport: 0, withDifferentReports: 0 });
});

test('a program that cannot write keeps its jobs while another one continues', async () => {
  const disk = limitedFiles();
  const sandbox = await newSandbox();
  const gate = new Gate();
  const jobs = numbers(0, 6);
  const record = new JobRecord(sandbox, (n, at) =>
    at === 'run' && jobs.includes(n) ? gate.pass() : undefined,
  );
  const first = await startOn(sandbox, disk.folder);
  const accepted = new Set(jobs);
  for (const n of jobs) await accept(sandbox, n);
  await gate.reached(jobs.length);
  disk.exhaust(first.pid);
  expect(await isAccepted(sandbox, 100)).toBe(false);

  // The limit is not that of another process.
  const second = await startOn(sandbox, disk.folder);
  for (const n of numbers(200, 10)) {
    await accept(sandbox, n);
    accepted.add(n);
  }
  await record.reached(10);
  gate.open();
  disk.makeRoom(first.pid);
  await atMost(10_000, record.reached(accepted.size));
  await settled(sandbox);
  for (const program of [first, second]) {
    program.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);
  }
  expect(record.figures(accepted)).toMatchObject({
    withoutReport: 0,
    reportedAgain: 0,
    runAgain: 0,
  });
});

/** Waits no longer, so that the figures can tell what is missing. */
async function atMost(milliseconds: number, promise: Promise<void>): Promise<void> {
  await Promise.race([promise, pause(milliseconds, undefined, { ref: false })]);
}

import { type ClientRequest, request as httpRequest } from 'node:http';
import type { Call } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { Gate } from '../support/gate';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { newProgram, serveProgram } from '../support/served-program';
import { until } from '../support/until';

// When handlers are abandoned, and what their signal says then.

let sandbox: ZoneSandbox;
silenceLog();
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

const stopped = { code: 'ERR_SPEC_STOPPED' };

/** Sends a call of the ability `wait` that can be cut off. */
function callOf(port: number): ClientRequest {
  const { headers, body } = sandbox.wire.seal({ abilityId: 'wait' });
  const request = httpRequest({ host: '127.0.0.1', port, method: 'POST', headers, agent: false });
  request.on('error', () => {});
  return request.end(body);
}

/** A program whose ability `wait` waits at the gate, and its calls. */
async function waiting(options: { closeTimeout?: number } = {}) {
  const gate = new Gate();
  const calls: Call[] = [];
  const program = newProgram(options).ability('wait', async (_, call) => {
    calls.push(call);
    await gate.pass();
    return {};
  });
  const { port } = await program.listen({ port: 0, host: '127.0.0.1' });
  const outcomes = async () => (await program.metrics()).requests.wait ?? {};
  return { program, port, gate, calls, outcomes };
}

describe('a signal that is first read', () => {
  test('after the client has closed the connection is aborted', async () => {
    const { port, gate, calls, outcomes } = await waiting();
    const request = callOf(port);
    await gate.reached(1);
    request.destroy();
    await until(async () => (await outcomes()).gone === 1);
    expect(calls[0]?.signal.aborted).toBe(true);
    expect(calls[0]?.signal.reason).toMatchObject(stopped);
    gate.open();
  });

  test('after the handler has timed out is aborted', async () => {
    const calls: Call[] = [];
    await serveProgram(
      sandbox,
      (program) =>
        program.ability('late', async (_, call) => {
          calls.push(call);
          await new Promise<never>(() => {});
          return {};
        }),
      { handlerTimeout: 20 },
    );
    expect((await sandbox.call('late', {})).response).toMatchObject({ errcode: 710675 });
    expect(calls[0]?.signal.reason).toMatchObject({ code: 'ERR_SPEC_TIMEOUT' });
  });

  test('after the time for the shutdown is over is aborted', async () => {
    const { program, port, gate, calls } = await waiting({ closeTimeout: 0 });
    callOf(port);
    await gate.reached(1);
    await program.close();
    expect(calls[0]?.signal.reason).toMatchObject(stopped);
  });

  test('while the handler waits is aborted when the client closes the connection', async () => {
    const { port, gate, calls } = await waiting();
    const request = callOf(port);
    await gate.reached(1);
    const signal = calls[0]?.signal as AbortSignal;
    expect(signal.aborted).toBe(false);
    request.destroy();
    await until(() => signal.aborted);
    expect(signal.reason).toMatchObject(stopped);
    gate.open();
  });

  test('after the result stays as it is', async () => {
    const { program, port, gate, calls, outcomes } = await waiting();
    gate.open();
    const request = callOf(port);
    await until(async () => (await outcomes()).ok === 1);
    request.destroy();
    await program.close();
    expect(calls[0]?.signal.aborted).toBe(false);
  });
});

test('a handler that is abandoned for a reason of handle() fails with that reason', async () => {
  const gone = new AbortController();
  const program = newProgram().ability('wait', () => {
    gone.abort();
    return new Promise<never>(() => {});
  });
  const { headers, body } = sandbox.wire.seal({ abilityId: 'wait' });
  await program.handle('POST', headers, body, { signal: gone.signal });
  expect((await program.metrics()).requests).toEqual({ wait: { gone: 1 } });
});

test('a request that is gone before it is handled does not reach its handler', async () => {
  let runs = 0;
  const program = newProgram().ability('count', () => {
    runs += 1;
    return {};
  });
  const { headers, body } = sandbox.wire.seal({ abilityId: 'count' });
  await program.handle('POST', headers, body, { signal: AbortSignal.abort() });
  expect(runs).toBe(0);
});

test('each of many handlers has its own time, and later ones too', async () => {
  await serveProgram(sandbox, (program) =>
    program.ability('late', { handlerTimeout: 20 }, () => new Promise<never>(() => {})),
  );
  for (let round = 0; round < 2; round += 1) {
    const late = await Promise.all(Array.from({ length: 5 }, () => sandbox.call('late', {})));
    expect(late.map(({ response }) => (response as { errcode: number }).errcode)).toEqual(
      new Array(5).fill(710675),
    );
  }
});

test('a handler may return any thenable', async () => {
  // biome-ignore lint/suspicious/noThenProperty: the test is about such objects
  const thenable = { then: (resolve: (value: object) => void) => resolve({ ready: true }) };
  await serveProgram(sandbox, (program) =>
    program.ability('ready', () => thenable as unknown as Promise<object>),
  );
  expect((await sandbox.call('ready', {})).response).toEqual({ ready: true });
});

test('close() waits for a response whose handler has returned a promise', async () => {
  const { program, port, gate } = await waiting();
  const answered = new Promise<number | undefined>((resolve) => {
    callOf(port).on('response', (response) => resolve(response.resume().statusCode));
  });
  await gate.reached(1);
  const closed = program.close();
  gate.open();
  expect(await answered).toBe(200);
  await closed;
});

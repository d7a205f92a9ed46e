import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { basename, join } from 'node:path';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import pino from 'pino';
import { configureLog } from 'wework-spec-sdk';
import { type SealedRequest, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { type Running, startChild } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { Gate } from '../support/gate';
import { setEnvironmentForTest, silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { logForTest, serveProgram } from '../support/served-program';
import { tempDirs } from '../support/temp-dir';

const newDir = tempDirs();
silenceLog();

describe('SIGTERM', () => {
  let sandbox: ZoneSandbox;
  let arrivals: Gate;
  beforeEach(async () => {
    sandbox = await ZoneSandbox.start();
    arrivals = new Gate();
    arrivals.open();
    sandbox.use('arrived', async () => {
      await arrivals.pass();
      return { errcode: 0 };
    });
  });
  afterEach(() => sandbox.stop());

  async function started(drain: number, dataDir = newDir()): Promise<Running> {
    const env = {
      ...sandbox.env,
      DATA_DIR: dataDir,
      DRAIN: String(drain),
      WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null',
    };
    const child = startChild('draining-program.mjs', [], { env });
    onTestEnd(() => child.process.kill('SIGKILL'));
    const port = await new Promise<string>((resolve) => {
      child.process.stdout?.on('data', (text: string) =>
        resolve(/port (\d+)/.exec(text)?.[1] ?? ''),
      );
    });
    sandbox.programs.address = `http://127.0.0.1:${port}`;
    return child;
  }

  test('waits at most closeTimeout for handlers, responds for them, and ends with code 0', async () => {
    const child = await started(50);
    const call = sandbox.call('stuck', {});
    await arrivals.reached(1);
    child.process.kill('SIGTERM');
    expect((await call).response).toMatchObject({ errcode: -1 });
    expect(await child.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  test('leaves an unfinished job to the next process, without a report', async () => {
    const dataDir = newDir();
    let reports = 0;
    sandbox.use('program_async_job_call_back', () => {
      reports += 1;
      return { errcode: 0, errmsg: 'ok' };
    });
    const child = await started(50, dataDir);
    const request = sandbox.wire.seal({ isAsync: true, jobInfo: 'j', abilityId: 'stuck' });
    await sandbox.wire.send(request);
    await arrivals.reached(1);
    child.process.kill('SIGTERM');
    expect(await child.ended).toMatchObject({ code: 0, signal: null });
    const next = await started(50, dataDir);
    await arrivals.reached(2);
    next.process.kill('SIGTERM');
    await next.ended;
    expect(reports).toBe(0);
  });

  test.each<[NodeJS.Signals, number]>([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ])('followed by %s ends the process at once with code %i', async (second, code) => {
    const child = await started(3_600_000);
    const call = sandbox.call('stuck', {});
    await arrivals.reached(1);
    child.process.kill('SIGTERM');
    // The port is closed when the first one has arrived.
    while ((await sandbox.call('none', {})).errcode !== 710674);
    child.process.kill(second);
    expect((await child.ended).code).toBe(code);
    expect((await call).errcode).toBe(710674);
  });
});

describe('close()', () => {
  let sandbox: ZoneSandbox;
  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.stop());

  const agent = new Agent({ keepAlive: true });
  afterAll(() => agent.destroy());

  /** Sends the headers; the server has the request when this is fulfilled, and waits for the body. */
  function beginUpload(port: number, { method, headers }: SealedRequest): Promise<ClientRequest> {
    return new Promise((resolve, reject) => {
      const upload = request({
        host: '127.0.0.1',
        port,
        method,
        headers: { ...headers, expect: '100-continue' },
        agent,
      });
      upload.once('continue', () => resolve(upload)).once('error', reject);
      upload.flushHeaders();
    });
  }

  async function finishUpload(upload: ClientRequest, sealed: SealedRequest) {
    upload.end(sealed.body);
    const [response] = (await once(upload, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    const { statusCode: status, headers } = response;
    const outcome = sandbox.wire.open(sealed, headers, Buffer.concat(chunks));
    return {
      status,
      connection: headers.connection,
      response: outcome.kind === 'response' ? JSON.parse(outcome.text) : outcome,
    };
  }

  test('refuses requests on open connections, and starts no handler or job for them', async () => {
    const gate = new Gate();
    const dataDir = join(newDir(), 'unused');
    let begun = 0;
    const { program, port } = await serveProgram(
      sandbox,
      (p) =>
        p
          .ability('held', () => gate.pass().then(() => ({ done: true })))
          .ability('late', () => {
            begun += 1;
            return {};
          }),
      { dataDir, closeTimeout: 3_600_000, onError: ({ kind, errcode }) => ({ kind, errcode }) },
    );
    const held = sandbox.call('held', {});
    await gate.reached(1);
    const call = sandbox.wire.seal({ abilityId: 'late' });
    const job = sandbox.wire.seal({ abilityId: 'late', isAsync: true, jobInfo: 'j' });
    const [callUpload, jobUpload] = [await beginUpload(port, call), await beginUpload(port, job)];
    const closing = program.close();
    const response = { kind: 'stopping', errcode: -1 };
    expect(await finishUpload(callUpload, call)).toEqual({
      status: 200,
      connection: 'close',
      response,
    });
    expect(await finishUpload(jobUpload, job)).toEqual({
      status: 503,
      connection: 'close',
      response,
    });
    expect((await program.metrics()).requests).toEqual({
      '(other)': { stopping: 1 },
      late: { stopping: 1 },
    });
    gate.open();
    // Requests begun before get their response.
    expect((await held).response).toEqual({ done: true });
    await closing;
    expect([begun, existsSync(dataDir)]).toEqual([0, false]);
  });
});

describe('observability:', () => {
  let sandbox: ZoneSandbox;
  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.stop());

  test('diagnostics channels publish requests, calls to the zone, and jobs, without content', async () => {
    const seen: string[] = [];
    const listener = (message: unknown, channel: string | symbol): void => {
      const { abilityId, apiName, phase, outcome, ret, errcode } = message as Record<
        string,
        unknown
      >;
      const [, name, event] = /^tracing:wework-spec-sdk:(\w+):(\w+)$/.exec(String(channel)) ?? [];
      seen.push([name, event, apiName ?? abilityId, phase, outcome ?? ret ?? errcode].join(' '));
      expect(JSON.stringify(message)).not.toContain('秘密');
    };
    for (const name of ['request', 'invoke', 'job']) {
      for (const event of ['start', 'asyncEnd']) {
        subscribe(`tracing:wework-spec-sdk:${name}:${event}`, listener);
        onTestEnd(() => unsubscribe(`tracing:wework-spec-sdk:${name}:${event}`, listener));
      }
    }
    let reported: () => void = () => {};
    const report = new Promise<void>((resolve) => {
      reported = resolve;
    });
    sandbox.use('program_async_job_call_back', () => {
      reported();
      return { errcode: 0, errmsg: 'ok' };
    });
    const { program } = await serveProgram(sandbox, (p) =>
      p.ability('a', async (_, call) => {
        await call.zone.invoke('get_group_chat', { chatid: 'none' }).catch(() => {});
        return { text: '秘密' };
      }),
    );
    await sandbox.call('a', { question: '秘密' });
    await sandbox.wire.send(sandbox.wire.seal({ isAsync: true, jobInfo: 'j', abilityId: 'a' }));
    await report;
    await program.close();
    const trimmed = seen.map((line) => line.replaceAll(/ +/g, ' ').trim());
    expect(trimmed).toEqual([
      'request start',
      'invoke start get_group_chat',
      'invoke asyncEnd get_group_chat 0',
      'request asyncEnd a ok',
      'request start',
      'request asyncEnd a accepted',
      'job start a run',
      'invoke start get_group_chat',
      'invoke asyncEnd get_group_chat 0',
      'job asyncEnd a run 0',
      'job start a report',
      'invoke start program_async_job_call_back',
      'invoke asyncEnd program_async_job_call_back 0',
      'job asyncEnd a report 0',
    ]);
  });

  test('a tracer gets connected spans', async () => {
    const contexts = new AsyncLocalStorageContextManager().enable();
    context.setGlobalContextManager(contexts);
    onTestEnd(() => context.disable());
    const exporter = new InMemorySpanExporter();
    const provider = new BasicTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    const { program } = await serveProgram(
      sandbox,
      (p) =>
        p
          .ability('a', async (_, call) => {
            const inner = provider.getTracer('user').startSpan('own work');
            await call.zone.invoke('sync_msg', { limit: 1 });
            inner.end();
            return {};
          })
          .ability('bad', () => Promise.reject(new Error('x'))),
      { tracer: provider.getTracer('test') },
    );
    await sandbox.call('a', {});
    await sandbox.call('bad', {});
    await (await sandbox.callAsync('a', {})).result();
    await program.close();
    const spans = exporter.getFinishedSpans();
    const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
    const shown = spans.map(({ name, parentSpanContext, status, attributes }) => [
      name,
      byId.get(parentSpanContext?.spanId ?? '')?.name,
      status.code === 2,
      attributes['wework_spec.outcome'] ??
        attributes['wework_spec.ret'] ??
        attributes['wework_spec.attempt'],
    ]);
    expect(shown).toEqual(
      expect.arrayContaining([
        ['ability a', undefined, false, 'ok'],
        ['own work', 'ability a', false, undefined],
        ['Invoke sync_msg', 'ability a', false, 0],
        ['ability bad', undefined, true, 'failed'],
        ['ability a', undefined, false, 'accepted'],
        ['job a', undefined, false, 1],
        ['own work', 'job a', false, undefined],
        ['Invoke sync_msg', 'job a', false, 0],
      ]),
    );
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  test('metrics() counts requests by ability and outcome, and measures calls to the zone', async () => {
    const gate = new Gate();
    const { program } = await serveProgram(sandbox, (p) =>
      p
        .ability('a', async (_, call) => {
          await call.zone.invoke('sync_msg', { limit: 1 });
          return {};
        })
        .ability('held', () => gate.pass().then(() => ({})))
        .ability('bad', () => Promise.reject(new Error('x'))),
    );
    expect(await program.metrics()).toMatchObject({ requests: {}, inFlight: 0, invoke: {} });
    for (let n = 0; n < 3; n += 1) await sandbox.call('a', {});
    sandbox.faults.inject(({ interfaceName }) =>
      interfaceName === 'sync_msg' ? { ret: -10001 } : undefined,
    );
    await sandbox.call('a', {});
    for (const ability of ['bad', 'x1', 'x2', 'x3']) await sandbox.call(ability, {});
    const held = sandbox.call('held', {});
    await gate.reached(1);
    const { requests, inFlight, invoke, threadPool, jobs } = await program.metrics();
    expect(requests).toEqual({
      a: { ok: 3, failed: 1 },
      bad: { failed: 1 },
      '(other)': { 'unknown-ability': 3 },
    });
    expect(inFlight).toBe(1);
    expect(invoke).toEqual({
      sync_msg: {
        count: 4,
        failed: 1,
        latency: expect.objectContaining({ p50: expect.any(Number) }),
      },
    });
    const { p50, p99, max } = invoke.sync_msg?.latency ?? { p50: 0, p99: 0, max: 0 };
    expect(p50).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(p50);
    expect(max).toBeGreaterThanOrEqual(p99);
    expect(threadPool).toMatchObject({ size: 16, queued: 0 });
    expect(jobs).toMatchObject({ accepted: 0, waiting: 0, running: 0 });
    gate.open();
    await held;
  });
});

describe('the log', () => {
  let sandbox: ZoneSandbox;
  beforeEach(async () => {
    sandbox = await startSandbox();
    sandbox.use('now', () => ({ errcode: 0 }));
  });
  afterEach(() => sandbox.stop());

  test('begins each record with the id of its request, also for concurrent requests', async () => {
    const log = logForTest();
    const ids = new Map<unknown, string>();
    const gate = new Gate();
    await serveProgram(sandbox, (program) =>
      program.ability('a', async ({ n }: { n: number }, call) => {
        ids.set(n, call.requestId);
        call.log.info('begin %d', n);
        await gate.pass();
        await call.zone.invoke('now', {});
        // The program's own log finds the request by itself.
        program.log.error('end %d', n);
        return {};
      }),
    );
    const calls = [0, 1, 2, 3, 4].map((n) => sandbox.call('a', { n }));
    await gate.reached(5);
    gate.open();
    await Promise.all(calls);
    const customs = log.records.map(({ level, custom, file }) => `${level} ${file} ${custom}`);
    const file = basename(__filename);
    for (let n = 0; n < 5; n += 1) {
      expect(customs).toContain(`INFO ${file} [${ids.get(n)}] begin ${n}`);
      expect(customs).toContain(`ERR ${file} [${ids.get(n)}] end ${n}`);
    }
    expect(new Set(ids.values()).size).toBe(5);
  });

  async function logged(write: (log: Console & { write(line: string): boolean }) => void) {
    const log = logForTest();
    setLevelToDebug();
    let id = '';
    await serveProgram(sandbox, (program) =>
      program.ability('a', (_, call) => {
        id = call.requestId;
        write(call.log as never);
        return {};
      }),
    );
    await sandbox.call('a', {});
    // The sandbox's SDK library has something to say at level DBG, too.
    const ours = log.records.filter(({ custom }) => custom.startsWith('['));
    return ours.map(({ level, custom }) => [level, custom.replace(`[${id}] `, '# ')]);
  }

  test('has the methods of console', async () => {
    const records = await logged((console) => {
      const { log, info, warn, error, debug, trace } = console;
      log('a %s', 'b', { c: 1 });
      info(1);
      warn('careful %d', 5);
      warn({ x: 1 });
      error(new RangeError('bad').message);
      debug('d');
      trace('t');
      console.assert(true, 'fine');
      console.assert(false, 'not fine');
      console.group('G');
      console.count('n');
      console.groupEnd();
      console.table([{ a: 1 }]);
      console.dir({ deep: { er: 1 } });
    });
    expect(records).toEqual([
      ['INFO', '# a b { c: 1 }'],
      ['INFO', '# 1'],
      ['INFO', '# warn: careful 5'],
      ['INFO', '# warn: { x: 1 }'],
      ['ERR', '# bad'],
      ['DBG', '# d'],
      ['DBG', '# t'],
      ['ERR', '# Assertion failed: not fine'],
      ['INFO', '# G'],
      ['INFO', '#   n: 1'],
      ['INFO', expect.stringMatching(/^# ┌─+┬/)],
      ['INFO', expect.stringContaining('(index)')],
      ['INFO', expect.stringMatching(/^# ├/)],
      ['INFO', expect.stringContaining('│ 0 ')],
      ['INFO', expect.stringMatching(/^# └/)],
      ['INFO', '# { deep: { er: 1 } }'],
    ]);
  });

  test('can be the destination of pino', async () => {
    const records = await logged((log) => {
      const logger = pino({ level: 'trace' }, log).child({ part: 'x' });
      logger.trace('t');
      logger.debug('d');
      logger.info({ n: 1 }, '你好 %s', 'w');
      logger.warn('w');
      logger.error(new Error('e').message);
      logger.fatal('f');
      log.write('no JSON %s');
      log.write('null');
    });
    const part = '{"part":"x"}';
    expect(records).toEqual([
      ['DBG', `# t ${part}`],
      ['DBG', `# d ${part}`],
      ['INFO', '# 你好 w {"part":"x","n":1}'],
      ['INFO', `# warn: w ${part}`],
      ['ERR', `# e ${part}`],
      ['ERR', `# f ${part}`],
      ['INFO', '# no JSON %s'],
      ['INFO', '# null'],
    ]);
  });

  test.each(['cut', 'split'] as const)(
    'limits each record to 128 bytes and repeats the id (%s)',
    async (longText) => {
      configureLog({ longText });
      onTestEnd(() => configureLog({ longText: 'cut' }));
      const text = '长'.repeat(100);
      const records = await logged((log) => log.info(text));
      const customs = records.map(([, custom]) => String(custom));
      for (const custom of customs) {
        expect(custom.startsWith('# ')).toBe(true);
        expect(Buffer.byteLength(custom) + 9).toBeLessThanOrEqual(128);
      }
      const whole = customs.map((custom) => custom.slice(2)).join('');
      expect(whole).toBe(longText === 'split' ? text : text.slice(0, 39));
    },
  );
});

function setLevelToDebug(): void {
  setEnvironmentForTest({ WEWORK_SPEC_SANDBOX_LOG_LEVEL: '3' });
}

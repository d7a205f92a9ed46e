import { AbilityError } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import * as zod from 'zod';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { newProgram, serveProgram } from '../support/served-program';
import { thrownBy } from '../support/thrown';

// Requests in the form of the vendor's Python sample: they name a function.

silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

describe('serveFunctions()', () => {
  const enveloped = (func: unknown, func_req?: unknown) => ({ input: { func, func_req } });

  test.each([
    ['bare', { errcode: 0, twice: 6 }],
    ['object', { output: { errcode: 0, twice: 6 } }],
    ['json', { output: '{"errcode":0,"twice":6}' }],
  ] as const)(
    'runs the ability that the request names, and sends the result %s',
    async (output, result) => {
      const { program } = await serveProgram(sandbox, (p) =>
        p
          .serveFunctions({ output })
          .ability('twice', zod.object({ n: zod.number() }), ({ n }, call) => {
            expect([call.abilityId, JSON.parse(call.data)]).toEqual([
              'any',
              enveloped('twice', { n }),
            ]);
            return { errcode: 0, twice: 2 * n };
          }),
      );
      expect((await sandbox.call('any', enveloped('twice', { n: 3 }))).response).toEqual(result);
      expect((await program.metrics()).requests).toEqual({ twice: { ok: 1 } });
    },
  );

  test('a job reports the result of its function', async () => {
    await serveProgram(sandbox, (p) =>
      p.serveFunctions({ output: 'object' }).ability('f', (request) => ({ request })),
    );
    const { result } = await sandbox.callAsync('any', enveloped('f', { a: 1 }));
    expect((await result()).response).toEqual({ output: { request: { a: 1 } } });
  });

  test('names an interface of passThrough()', async () => {
    await serveProgram(sandbox, (p) =>
      p.passThrough({ interfaces: ['sync_msg'] }).serveFunctions({ output: 'object' }),
    );
    const { response } = await sandbox.call('any', enveloped('sync_msg', { limit: 2 }));
    expect(response).toMatchObject({ output: { errcode: 0, msg_list: [{}, {}] } });
    const { response: bare } = await sandbox.call('invoke_sync_msg', { limit: 2 });
    expect(bare).toMatchObject({ errcode: 0, msg_list: [{}, {}] });
    const { response: refused } = await sandbox.call('any', enveloped('get_group_chat', {}));
    expect(refused).toMatchObject({ output: { errcode: 710636 } });
  });

  test('a missing func_req is an empty object, and a result that is not JSON a string', async () => {
    await serveProgram(sandbox, (p) =>
      p
        .serveFunctions({ output: 'object' })
        .ability('f', (request) => `text: ${JSON.stringify(request)}`),
    );
    const { response } = await sandbox.call('any', { input: { func: 'f' } });
    expect(response).toEqual({ output: 'text: {}' });
  });

  test('failures have the form of results', async () => {
    await serveProgram(sandbox, (p) =>
      p.serveFunctions({ output: 'json' }).ability('f', () => {
        throw new AbilityError(40001, 'no such report');
      }),
    );
    const errcodeOf = async (func: unknown) => {
      const { response } = await sandbox.call('any', enveloped(func, {}));
      return JSON.parse((response as { output: string }).output).errcode;
    };
    expect([await errcodeOf('f'), await errcodeOf('g'), await errcodeOf(5)]).toEqual([
      40001, 710636, 710647,
    ]);
  });

  test('other requests are served as before', async () => {
    await serveProgram(sandbox, (p) =>
      p
        .serveFunctions({ output: 'object' })
        .ability('f', (request) => ({ request }))
        .notFound((request) => ({ notFound: request })),
    );
    for (const request of [
      {},
      { input: 'text' },
      { input: { other: 1 } },
      { input: null },
      [],
      5,
    ]) {
      expect((await sandbox.call('f', request)).response).toEqual({ request });
    }
    const unknown = enveloped('toString', {});
    expect((await sandbox.call('f', unknown)).response).toEqual({ output: { notFound: unknown } });
  });

  test.each([
    [undefined, 'ERR_SPEC_INVALID_ARG_TYPE'],
    [{}, 'ERR_SPEC_INVALID_ARG_VALUE'],
    [{ output: 'xml' }, 'ERR_SPEC_INVALID_ARG_VALUE'],
    [{ output: 'bare', func: 'f' }, 'ERR_SPEC_UNKNOWN_OPTION'],
  ])('refuses the options %p', (options, code) => {
    expect(thrownBy(() => newProgram().serveFunctions(options as never)).code).toBe(code);
  });
});

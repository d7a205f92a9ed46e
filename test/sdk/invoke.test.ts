import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import * as sdkModule from 'wework-spec-sdk';
import { SpecCallbackSDK, SpecSDK, SpecSdk } from 'wework-spec-sdk';
import { type InvokeFailure, type SandboxWire, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { setEnvironment, silenceLog } from '../support/process-environment';
import { Program } from '../support/program';
import { startSandbox } from '../support/sandbox';
import { rejectionOf, thrownBy } from '../support/thrown';

silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.use('echo', (request) => request);
});
afterAll(() => sandbox.stop());

function received(fields: Parameters<SandboxWire['seal']>[0] = {}): SpecCallbackSDK {
  const { method, headers, body } = sandbox.wire.seal(fields);
  return new SpecCallbackSDK(method, headers, body);
}

async function withEnvironment<T>(
  variables: Record<string, string>,
  run: () => Promise<T>,
): Promise<T> {
  const restore = setEnvironment(variables);
  try {
    return await run();
  } finally {
    restore();
  }
}

async function withFault<T>(fault: InvokeFailure, run: () => Promise<T>): Promise<T> {
  const injected = sandbox.faults.inject(() => fault);
  try {
    return await run();
  } finally {
    injected.remove();
  }
}

const anySdk = (): SpecSdk => new SpecSdk('ww-corp', 1);

test('SpecSDK and SpecSdk are the same class', () => {
  expect(SpecSDK).toBe(SpecSdk);
  expect(sdkModule.SpecSDK).toBe(sdkModule.SpecSdk);
});

describe('Invoke', () => {
  test('returns ret 0 and the JSON response of the platform', async () => {
    const { ret, response } = await anySdk().Invoke('sync_msg', '{"limit":3}');
    expect(ret).toBe(0);
    expect(JSON.parse(response)).toMatchObject({ errcode: 0, has_more: 1 });
    expect(JSON.parse(response).msg_list).toHaveLength(3);
  });

  test('sends corpid, agentid, ability_id and job_info to the platform', async () => {
    await new SpecSdk('ww-企业', 4294967295, 'ability-能力', 'job-任务').Invoke('echo', '{"a":1}');
    expect(sandbox.wire.exchanges.at(-1)).toMatchObject({
      path: '/spec/invoke',
      interfaceName: 'echo',
      corpId: 'ww-企业',
      agentId: 4294967295,
      abilityId: 'ability-能力',
      jobInfo: 'job-任务',
      request: '{"a":1}',
      ret: 0,
    });
  });

  test.each([
    [[], { abilityId: '', jobInfo: '' }],
    [['ability'], { abilityId: 'ability', jobInfo: '' }],
    [[undefined, 'job'], { abilityId: '', jobInfo: 'job' }],
    [[undefined, undefined], { abilityId: '', jobInfo: '' }],
  ] as [[string?, string?], object][])(
    'ability and job may be left out: %j',
    async (rest, expected) => {
      await new SpecSdk('corp', 0, ...rest).Invoke('echo', '{}');
      expect(sandbox.wire.exchanges.at(-1)).toMatchObject({
        corpId: 'corp',
        agentId: 0,
        ...expected,
      });
    },
  );

  const identity = { corpId: 'ww-x', agentId: 9, abilityId: 'ab', jobInfo: 'job', isAsync: true };
  const identityOfExchange = { corpId: 'ww-x', agentId: 9, abilityId: 'ab', jobInfo: 'job' };

  test('calls on behalf of the application of a callback', async () => {
    const { ret } = await new SpecSdk(received(identity)).Invoke('echo', '{}');
    expect(ret).toBe(0);
    expect(sandbox.wire.exchanges.at(-1)).toMatchObject(identityOfExchange);
  });

  test('works after the response to the callback was built, for objects created before and after', async () => {
    const callback = received(identity);
    const before = new SpecSdk(callback);
    callback.BuildResponseHeaderBody('{}');
    const after = new SpecSdk(callback);
    for (const sdk of [before, after]) {
      const count = sandbox.wire.exchanges.length;
      expect(await sdk.Invoke('echo', '{"b":2}')).toEqual({ ret: 0, response: '{"b":2}' });
      expect(sandbox.wire.exchanges[count]).toMatchObject(identityOfExchange);
    }
  });

  test('works if the response to the callback is built during the call', async () => {
    const callback = received(identity);
    const call = new SpecSdk(callback).Invoke('echo', '{"c":3}');
    callback.BuildResponseHeaderBody('{}');
    expect(await call).toEqual({ ret: 0, response: '{"c":3}' });
  });

  test('transfers several megabytes of Chinese and emoji unchanged in both directions', async () => {
    const request = JSON.stringify({ text: '会话内容🌸👩‍💻\u0000 '.repeat(200_000) });
    const { ret, response } = await anySdk().Invoke('echo', request);
    expect(ret).toBe(0);
    expect(response.length).toBe(request.length);
    expect(response === request).toBe(true);
  });

  test('returns the right response to each of 64 concurrent calls', async () => {
    const sdk = anySdk();
    const requests = Array.from({ length: 64 }, (_, i) =>
      JSON.stringify({ i, text: '消息🌸'.repeat(i * 50) }),
    );
    let settled = 0;
    const results = await Promise.all(
      requests.map((request) =>
        sdk.Invoke('echo', request).finally(() => {
          settled += 1;
        }),
      ),
    );
    expect(results).toEqual(requests.map((response) => ({ ret: 0, response })));
    expect(settled).toBe(64);
  });

  test('returns the right response to 64 calls of as many objects, half of them created from callbacks', async () => {
    const results = await Promise.all(
      Array.from({ length: 64 }, (_, i) => {
        const sdk =
          i % 2 === 0
            ? new SpecSdk(`corp-${i}`, i)
            : new SpecSdk(received({ corpId: `corp-${i}` }));
        return sdk.Invoke('echo', JSON.stringify({ i }));
      }),
    );
    expect(results.map(({ response }) => JSON.parse(response).i)).toEqual(
      Array.from({ length: 64 }, (_, i) => i),
    );
    const corps = sandbox.wire.exchanges.slice(-64).map(({ corpId }) => corpId);
    expect(new Set(corps)).toEqual(new Set(Array.from({ length: 64 }, (_, i) => `corp-${i}`)));
  });
});

describe('ret', () => {
  test('is 0 if the response has an errcode', async () => {
    const { ret, response } = await anySdk().Invoke('sync_msg', '{"limit":0}');
    expect([ret, JSON.parse(response).errcode]).toEqual([0, 40058]);
  });

  test.each<[number, string, InvokeFailure]>([
    [-10002, 'the connection is cut before the response', { drop: true }],
    [-10002, 'the connection is cut in the middle of the response', { cut: true }],
    [-10003, 'the HTTP status is 500', { status: 500 }],
    [-10003, 'the HTTP status is 404', { status: 404 }],
    [-10003, 'the HTTP status is 204', { status: 204 }],
    [-10003, 'the content type is another one', { contentType: 'text/html' }],
    [-10004, 'the signature of the response is wrong', { badSignature: true }],
    [-10004, 'the timestamp of the response is too old', { timestamp: 1_700_000_000 }],
    [-10004, 'the timestamp of the response lies in the future', { timestamp: 4_000_000_000 }],
    [-10004, 'the response belongs to another call', { requestNonce: '0'.repeat(32) }],
    [-10004, 'the response is no sealed result', { body: 'hello' }],
    [-10004, 'the response is empty', { body: '' }],
    [-10005, 'the response does not open', { badCiphertext: true }],
    [-10005, 'the fields of the response are cut short', { badFields: true }],
    [-10008, 'the response names another key version', { keyVersion: 9 }],
    [-10001, 'the platform says so', { ret: -10001, response: '' }],
  ])('is %d when %s', async (ret, _, fault) => {
    await withFault(fault, async () => {
      expect(await anySdk().Invoke('echo', '{}')).toEqual({ ret, response: '' });
    });
    expect((await anySdk().Invoke('echo', '{}')).ret).toBe(0);
  });

  test('is -10006 if the platform does not know the interface', async () => {
    expect(await anySdk().Invoke('no_such_interface', '{}')).toEqual({ ret: -10006, response: '' });
  });

  test('is -10006 for an interface without a name', async () => {
    expect((await anySdk().Invoke('', '{}')).ret).toBe(-10006);
  });

  test('is -10008 if the key version of the program differs', async () => {
    await withEnvironment({ WEWORK_SPEC_SANDBOX_KEY_VER: '2' }, async () => {
      expect(await anySdk().Invoke('echo', '{}')).toEqual({ ret: -10008, response: '' });
    });
  });

  test.each(['', ' ', 'hello', '{', '{}x', "{'a':1}", '{"a":1}\0', '{"a":NaN}', '\ufeff '])(
    'is -10009 when the request is not JSON, and the platform is not asked: %j',
    async (request) => {
      const before = sandbox.wire.exchanges.length;
      expect(await anySdk().Invoke('echo', request)).toEqual({ ret: -10009, response: '' });
      expect(sandbox.wire.exchanges).toHaveLength(before);
    },
  );

  test.each(['hello', '', '{"a":', '机器忙🌸'])(
    'is -10009 when the response is not JSON, whose text is handed over: %j',
    async (response) => {
      await withFault({ response }, async () => {
        expect(await anySdk().Invoke('echo', '{}')).toEqual({ ret: -10009, response });
      });
    },
  );

  test('is also returned for extremely deep JSON', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    await withFault({ response: deep }, async () => {
      const { ret, response } = await anySdk().Invoke('echo', deep);
      expect([ret, response === deep]).toEqual([0, true]);
    });
  });

  test.each(['null', '0', '"text"', '[1,2]', ' {"a":1}\n'])(
    'is 0 for any JSON text: %j',
    async (response) => {
      await withFault({ response }, async () => {
        expect(await anySdk().Invoke('echo', '{}')).toEqual({ ret: 0, response });
      });
    },
  );

  test.each([
    ['without an address of the platform', { WEWORK_SPEC_SANDBOX_PLATFORM: '' }],
    ['with an http: address', { WEWORK_SPEC_SANDBOX_PLATFORM: 'http://127.0.0.1:1' }],
    ['with an address without a port', { WEWORK_SPEC_SANDBOX_PLATFORM: 'https://127.0.0.1' }],
    ['without a key', { WEWORK_SPEC_SANDBOX_KEY: '' }],
  ])('is -10001 %s', async (_, variables) => {
    await withEnvironment(variables, async () => {
      expect(await anySdk().Invoke('echo', '{}')).toEqual({ ret: -10001, response: '' });
    });
  });

  describe('is -10002 if the platform cannot be reached:', () => {
    async function invokeTo(server: Server, close = false): Promise<unknown> {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestEnd(() => server.close());
      const { port } = server.address() as AddressInfo;
      const closed = new Promise<void>((resolve) => server.once('close', () => resolve()));
      if (close) {
        server.close();
        await closed;
      }
      const result = await withEnvironment(
        { WEWORK_SPEC_SANDBOX_PLATFORM: `https://127.0.0.1:${port}` },
        () => anySdk().Invoke('echo', '{}'),
      );
      return result;
    }
    const failed = { ret: -10002, response: '' };

    test('nothing listens on the port', async () => {
      expect(await invokeTo(createServer(), true)).toEqual(failed);
    });

    test('the host name does not exist', async () => {
      const variables = { WEWORK_SPEC_SANDBOX_PLATFORM: 'https://nowhere.invalid:443' };
      await withEnvironment(variables, async () => {
        expect(await anySdk().Invoke('echo', '{}')).toEqual(failed);
      });
    });

    test('a TCP server closes the connection', async () => {
      expect(await invokeTo(createServer((socket) => socket.end()))).toEqual(failed);
    });

    test('a TCP server resets the connection', async () => {
      expect(await invokeTo(createServer((socket) => socket.resetAndDestroy()))).toEqual(failed);
    });

    test('the server does not speak TLS', async () => {
      const plain = createHttpServer((_, response) => response.end('{}'));
      expect(await invokeTo(plain)).toEqual(failed);
    });

    test('a TLS server without the key refuses the handshake', async () => {
      expect(await invokeTo(createTlsServer({ pskCallback: () => null }))).toEqual(failed);
    });

    test('the sandbox has another key', async () => {
      const foreign = await ZoneSandbox.start();
      onTestEnd(() => foreign.stop());
      const variables = { WEWORK_SPEC_SANDBOX_PLATFORM: foreign.urls.platform };
      await withEnvironment(variables, async () => {
        expect(await anySdk().Invoke('echo', '{}')).toEqual(failed);
      });
      expect(foreign.wire.exchanges).toHaveLength(0);
    });

    test('the platform does not respond in time', async () => {
      await withEnvironment({ WEWORK_SPEC_SANDBOX_TIMEOUT: '1' }, () =>
        withFault({ delay: 20_000 }, async () => {
          expect(await anySdk().Invoke('echo', '{}')).toEqual(failed);
        }),
      );
    });

    test('the platform stops during the call', async () => {
      const leaving = await ZoneSandbox.start();
      onTestEnd(() => leaving.stop());
      const arrived = new Promise<void>((resolve) => {
        leaving.use('never', () => {
          resolve();
          return new Promise(() => {});
        });
      });
      await withEnvironment(leaving.env, async () => {
        const call = anySdk().Invoke('never', '{}');
        await arrived;
        await leaving.stop();
        expect(await call).toEqual(failed);
      });
    });
  });

  test('is right for each of many concurrent calls, failing and successful', async () => {
    const injected = sandbox.faults.inject(({ request }) => {
      const { fault } = JSON.parse(request) as { fault?: InvokeFailure };
      return fault;
    });
    const kinds: [InvokeFailure, number][] = [
      [{}, 0],
      [{ status: 500 }, -10003],
      [{ cut: true }, -10002],
      [{ badSignature: true }, -10004],
      [{ badCiphertext: true }, -10005],
    ];
    const sdk = anySdk();
    const settled = new Map<number, number>();
    const rets = await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        const { ret } = await sdk.Invoke('echo', JSON.stringify({ fault: kinds[i % 5]?.[0] }));
        settled.set(i, (settled.get(i) ?? 0) + 1);
        return ret;
      }),
    );
    injected.remove();
    expect(rets).toEqual(Array.from({ length: 60 }, (_, i) => kinds[i % 5]?.[1]));
    expect([...settled.values()]).toEqual(Array(60).fill(1));
  });
});

describe('a SpecSdk cannot be created from', () => {
  test('a callback that is not verified', () => {
    const callback = new SpecCallbackSDK('POST', {}, '');
    expect(thrownBy(() => new SpecSdk(callback)).code).toBe('ERR_SPEC_CALLBACK_NOT_OK');
    callback.BuildResponseHeaderBody('');
    expect(thrownBy(() => new SpecSdk(callback)).code).toBe('ERR_SPEC_CALLBACK_NOT_OK');
  });

  class Other {
    IsOk = (): boolean => true;
    GetCorpId = (): string => 'corp';
  }
  const foreign: [string, () => unknown][] = [
    ['an empty object', () => ({})],
    ['an object of another class', () => new Other()],
    ['another SpecSdk', () => anySdk()],
    ['a Proxy around a callback', () => new Proxy(received(), {})],
    ['an object that inherits from a callback', () => Object.create(received())],
    ['an object with the prototype of one', () => Object.create(SpecCallbackSDK.prototype)],
    ['the class itself', () => SpecCallbackSDK],
    ['an array with one', () => [received()]],
    ['a boxed string', () => new String('corp')],
    ['null', () => null],
    ['a Promise of one', () => Promise.resolve(received())],
    ['a Map', () => new Map()],
    ['a Buffer', () => Buffer.from('corp')],
  ];
  test.each(foreign)('%s', (_, make) => {
    const value = make();
    const error = thrownBy(() => new SpecSdk(value as SpecCallbackSDK));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.code).toBe('ERR_SPEC_INVALID_ARG_TYPE');
  });

  test('anything else, but from a subclass of SpecCallbackSDK', async () => {
    class MyCallback extends SpecCallbackSDK {
      override GetCorpId(): string {
        return `${super.GetCorpId()}!`;
      }
    }
    const { method, headers, body } = sandbox.wire.seal({ corpId: 'corp' });
    const callback = new MyCallback(method, headers, body);
    expect(callback.GetCorpId()).toBe('corp!');
    expect((await new SpecSdk(callback).Invoke('echo', '{}')).ret).toBe(0);
    expect(sandbox.wire.exchanges.at(-1)?.corpId).toBe('corp');
  });
});

test('invalid arguments of Invoke reject the promise and do not throw', async () => {
  const sdk = anySdk();
  const promise = sdk.Invoke(1 as never, '{}');
  expect(promise).toBeInstanceOf(Promise);
  expect((await rejectionOf(promise)).code).toBe('ERR_SPEC_INVALID_ARG_TYPE');
});

describe('InvokeSync', () => {
  const program = new Program('invoke-sync');
  afterAll(() => program.remove());
  async function invokeSync(variables: Record<string, string>): Promise<unknown> {
    const { code, stdout, stderr } = await program.run({ env: { ...sandbox.env, ...variables } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout);
  }

  test('returns the same as Invoke, on the calling thread', async () => {
    const REQUEST = JSON.stringify({ text: '消息🌸'.repeat(1000) });
    expect(await invokeSync({ API: 'echo', REQUEST })).toEqual({ ret: 0, response: REQUEST });
    expect(sandbox.wire.exchanges.at(-1)).toMatchObject({
      corpId: 'ww-corp',
      agentId: 7,
      abilityId: 'ability',
      jobInfo: 'job',
    });
  });

  test('calls on behalf of the application of a callback', async () => {
    const SEALED = JSON.stringify(sandbox.wire.seal({ corpId: 'ww-y', agentId: 3 }));
    expect(await invokeSync({ API: 'echo', REQUEST: '{}', SEALED })).toEqual({
      ret: 0,
      response: '{}',
    });
    expect(sandbox.wire.exchanges.at(-1)).toMatchObject({ corpId: 'ww-y', agentId: 3 });
  });

  test('has the same return values', async () => {
    expect(await invokeSync({ API: 'nothing', REQUEST: '{}' })).toEqual({
      ret: -10006,
      response: '',
    });
    expect(await invokeSync({ API: 'echo', REQUEST: 'x' })).toEqual({ ret: -10009, response: '' });
    await withFault({ status: 500 }, async () => {
      expect(await invokeSync({ API: 'echo', REQUEST: '{}' })).toEqual({
        ret: -10003,
        response: '',
      });
    });
    await withFault({ response: '忙' }, async () => {
      expect(await invokeSync({ API: 'echo', REQUEST: '{}' })).toEqual({
        ret: -10009,
        response: '忙',
      });
    });
  });

  test('throws for invalid arguments', () => {
    expect(thrownBy(() => anySdk().InvokeSync(1 as never, '{}')).code).toBe(
      'ERR_SPEC_INVALID_ARG_TYPE',
    );
    expect(thrownBy(() => anySdk().InvokeSync('echo', '\ud800')).code).toBe(
      'ERR_SPEC_INVALID_ARG_VALUE',
    );
  });
});

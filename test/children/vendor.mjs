// Uses the whole package with the stand-in SDK of test/standin-sdk, and prints the results as JSON in the last line. The arguments are a
// case and its parameters.
import { writeFileSync } from 'node:fs';
import * as sdk from 'wework-spec-sdk';
import { turn, until } from './holding.mjs';

const headers = {
  'Ww-Standin-Corp': 'corp 企业'.replace(/[^ -~]/g, (char) => Buffer.from(char).toString('latin1')),
  'ww-standin-job': 'job',
  'ww-standin-ability': 'ability',
};

function outcome(use) {
  try {
    return use();
  } catch ({ name, code, message }) {
    return { name, code, message };
  }
}

function receive(body, more = {}) {
  return new sdk.SpecCallbackSDK('POST', { ...headers, ...more }, body);
}

function invoke(name, request, client = new sdk.SpecSdk('corp', 7, 'ability', 'job')) {
  return client.Invoke(name, request).catch(({ code, message }) => ({ code, message }));
}

const cases = {
  async everything() {
    const callback = receive('数据🌸');
    const fromCallback = new sdk.SpecSdk(callback);
    const fields = [
      callback.IsOk(),
      callback.GetCorpId(),
      callback.GetAgentId(),
      callback.GetCallType(),
      callback.GetData(),
      callback.GetIsAsync(),
      callback.GetJobInfo(),
      callback.GetAbilityId(),
      callback.GetNotifyId(),
    ];
    const response = callback.BuildResponseHeaderBody('回答');
    const refused = receive('x', { 'ww-standin-ok': 'no' });
    sdk.WWSPEC_LOG_INFO('100%% 日志 %s', '%s%n');
    sdk.WWSPEC_LOG_ERROR('error');
    sdk.WWSPEC_LOG_DEBUG('debug');
    return {
      info: sdk.GetSdkInfo(),
      fields,
      response: { headers: response.headers, body: response.body.toString() },
      refused: [
        refused.IsOk(),
        outcome(() => refused.GetData()).code,
        refused.BuildResponseHeaderBody('not used').body.toString(),
      ],
      invoked: await invoke('api', '请求🌸'),
      invokedSync: new sdk.SpecSdk('corp', 0).InvokeSync('api', '{}'),
      invokedForCallback: await invoke('api', '{}', fromCallback),
      failed: await invoke('fail', '{}'),
      printed: await invoke('print', 'hello'),
      notifyId: outcome(() => sdk.GenerateNotifyId()),
      debugMode: await Promise.all(
        ['right', 'wrong'].map((token) =>
          sdk.SpecOpenDebugMode(token, 'right').catch(({ code, message }) => ({ code, message })),
        ),
      ),
    };
  },

  async exceptions() {
    const callback = receive('x');
    return {
      constructor: outcome(() => receive('throw')),
      getter: outcome(() => receive('throw in GetData').GetData()),
      response: outcome(() => callback.BuildResponseHeaderBody('throw')),
      secondResponse: callback.BuildResponseHeaderBody('second attempt').body.toString(),
      client: await invoke('api', '{}', new sdk.SpecSdk('throw', 7)),
      clientSync: outcome(() => new sdk.SpecSdk('throw', 7).InvokeSync('api', '{}')),
      invoke: await invoke('throw', 'its words'),
      invokeSync: outcome(() => new sdk.SpecSdk('corp', 7).InvokeSync('throw', 'its words')),
      notAnException: await invoke('throw int', '{}'),
      memory: await invoke('throw memory', '{}'),
      debugMode: await sdk
        .SpecOpenDebugMode('throw', 'x')
        .catch(({ code, message }) => ({ code, message })),
      stillWorks: await invoke('api', '{}'),
    };
  },

  // The SDK reads its inputs, to which it only refers, after JavaScript has built the response and collected all objects.
  async late(file) {
    const start = () => {
      const calls = [];
      for (let i = 0; i < 4; ++i) {
        const callback = receive(`body ${i} ${'x'.repeat(100)}`, {
          'Ww-Standin-Corp': `corp ${i}`,
        });
        calls.push(invoke('late', file, new sdk.SpecSdk(callback)));
        if (i % 2 === 0) callback.BuildResponseHeaderBody('{}');
      }
      return calls;
    };
    const calls = start();
    await until(() => sdk.GetSdkInfo().threadPool.running === 4);
    for (let i = 0; i < 5; ++i) {
      gc();
      await turn();
    }
    // Overwrites memory that was freed too early, if any.
    for (let i = 0; i < 1000; ++i) receive(`other ${i} ${'y'.repeat(100)}`);
    writeFileSync(file, '');
    return (await Promise.all(calls)).map(({ response }) => response);
  },

  async exit(file) {
    for (let i = 0; i < 4; ++i) void invoke('late', file, new sdk.SpecSdk(receive('body')));
    await until(() => sdk.GetSdkInfo().threadPool.running === 4);
    process.exit(11);
  },

  // The SDK commits the fault on a thread of the pool.
  crash(fault) {
    return invoke('crash', fault);
  },

  // With calls this short, exit() comes about as often inside as outside the SDK.
  exitWhileShortCallsRun() {
    const client = new sdk.SpecSdk('corp', 7);
    for (let i = 0; i < 4000; ++i) void client.Invoke('short', '{}');
    process.exit(12);
  },
};

const [name, ...args] = process.argv.slice(2);
console.log(JSON.stringify(await cases[name](...args)));

// Measures the memory of callbacks and calls, and prints the figures as JSON. Needs --expose-gc.
import { readFileSync } from 'node:fs';
import { SpecCallbackSDK } from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { invoke, newSdk, turn } from './holding.mjs';

const bodyBytes = 64 * 1024;

/** A function that creates requests in this process, so that any number of them fits in one turn of the event loop. */
async function requestSource() {
  const platform = await ZoneSandbox.start();
  Object.assign(process.env, platform.env);
  await platform.stop();
  const data = 'x'.repeat(bodyBytes);
  return () => {
    const { method, headers, body } = platform.wire.seal({ abilityId: 'memory', data });
    const callback = new SpecCallbackSDK(method, headers, body);
    if (!callback.IsOk()) throw new Error('the request was refused');
    return callback;
  };
}

/** Peak memory of this program alone: maxRSS of resourceUsage() includes that of the process from which it was forked. */
function maxRssBytes() {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(kibibytes) * 1024;
}

async function collectGarbage() {
  // Finalizers of native objects run from the event loop.
  for (let i = 0; i < 5; ++i) {
    gc();
    await turn();
  }
}

const cases = {
  async respondedInOneLoop(count) {
    const receive = await requestSource();
    for (let i = 0; i < count; ++i) receive().BuildResponseHeaderBody('{"errcode":0}');
    return { maxRssBytes: maxRssBytes() };
  },

  async respondedAndKept(count) {
    const receive = await requestSource();
    const callbacks = [];
    for (let i = 0; i < count; ++i) {
      callbacks.push(receive());
      callbacks[i].BuildResponseHeaderBody('{"errcode":0}');
    }
    return { maxRssBytes: maxRssBytes(), kept: callbacks.length };
  },

  // Almost nothing of it is in V8's heap, so V8 collects it only if it knows of the native memory.
  async droppedWithoutResponse(count) {
    await requestSource();
    const body = Buffer.alloc(bodyBytes);
    for (let i = 0; i < count; ++i) {
      new SpecCallbackSDK('POST', {}, body);
      if (i % 100 === 0) await turn();
    }
    return { maxRssBytes: maxRssBytes() };
  },

  async respondedOnThreads(count) {
    const platform = await ZoneSandbox.start();
    Object.assign(process.env, platform.env);
    const data = 'x'.repeat(bodyBytes);
    for (let i = 0; i < count; ++i) {
      const { method, headers, body } = platform.wire.seal({ abilityId: 'memory', data });
      const callback = await SpecCallbackSDK.verify(method, headers, body);
      if (!callback.IsOk()) throw new Error('the request was refused');
      await callback.BuildResponseHeaderBodyAsync(data);
    }
    await platform.stop();
    return { maxRssBytes: maxRssBytes() };
  },

  // As droppedWithoutResponse.
  async droppedAfterThread(count) {
    await requestSource();
    const body = Buffer.alloc(bodyBytes);
    for (let i = 0; i < count; ++i) await SpecCallbackSDK.verify('POST', {}, body);
    return { maxRssBytes: maxRssBytes() };
  },

  async refusedInOneLoop(count) {
    await requestSource();
    const body = 'x'.repeat(bodyBytes);
    for (let i = 0; i < count; ++i) {
      new SpecCallbackSDK('POST', { 'ww-secret-ver': '1' }, body).BuildResponseHeaderBody('');
    }
    return { maxRssBytes: maxRssBytes() };
  },

  async invokedInRounds(rounds) {
    const sdk = newSdk();
    const text = '数据'.repeat(16 * 1024);
    const round = async () => {
      await Promise.all(Array.from({ length: 20 }, () => invoke(sdk, 'now', { text })));
      await collectGarbage();
      return process.memoryUsage().rss;
    };
    for (let i = 0; i < 20; ++i) await round();
    const before = await round();
    let after = before;
    for (let i = 0; i < rounds; ++i) after = await round();
    return { growth: after - before };
  },
};

const [name, count] = process.argv.slice(2);
console.log(JSON.stringify(await cases[name](Number(count))));

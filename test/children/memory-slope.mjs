// Repeats an operation, and prints the memory after each part of the run as JSON: [operations, rss, heapUsed, external]. Needs --expose-gc.
//   memory-slope.mjs <case> <operations>
import { readFileSync } from 'node:fs';
import {
  GetSdkInfo,
  SpecCallbackSDK,
  SpecSdk,
  WWSPEC_LOG_INFO,
  ZoneProgram,
} from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { turn } from './holding.mjs';

const PARTS = 20;
/** The platform's part in this process: it only seals requests. */
async function newSeal() {
  const platform = await ZoneSandbox.start();
  // The SDK remembers requests for as long as their time is valid, to recognise a replay.
  Object.assign(process.env, platform.env, { WEWORK_SPEC_SANDBOX_WINDOW: '2' });
  await platform.stop();
  return () => platform.wire.seal({ abilityId: 'memory', data: 'x'.repeat(1000) });
}

async function callbacks(each) {
  const seal = await newSeal();
  return async () => {
    const { method, headers, body } = seal();
    each(new SpecCallbackSDK(method, headers, body));
  };
}

const cases = {
  'callback with a response': () =>
    callbacks((callback) => {
      if (!callback.IsOk()) throw new Error('refused');
      callback.BuildResponseHeaderBody('{"errcode":0}');
    }),

  'callback without a response': () =>
    callbacks((callback) => {
      if (!callback.IsOk()) throw new Error('refused');
    }),

  'refused callback': async () => {
    const { headers, body } = (await newSeal())();
    const forged = { ...headers, 'ww-signature': '0'.repeat(64) };
    return async () => {
      const callback = new SpecCallbackSDK('POST', forged, body);
      if (callback.IsOk()) throw new Error('accepted');
      callback.BuildResponseHeaderBody('');
    };
  },

  // The platform is another process.
  'Invoke with a result': async () => {
    const sdk = new SpecSdk('ww-sandbox', 1_000_002);
    return async () => {
      const { ret } = await sdk.Invoke('echo', '{"text":"数据"}');
      if (ret !== 0) throw new Error(`ret ${ret}`);
    };
  },

  'Invoke that fails': async () => {
    // Nobody listens there.
    process.env.WEWORK_SPEC_SANDBOX_PLATFORM = 'https://127.0.0.1:9';
    const sdk = new SpecSdk('ww-sandbox', 1_000_002);
    return async () => {
      const { ret } = await sdk.Invoke('echo', '{}');
      if (ret === 0) throw new Error('succeeded');
    };
  },

  log: async () => async () => WWSPEC_LOG_INFO('memory %s %d', 'x'.repeat(300), 1),

  'program started and stopped': async () => {
    const seal = await newSeal();
    return async () => {
      const program = new ZoneProgram({ dataDir: process.env.DATA_DIR });
      program.ability('memory', () => ({ n: 1 }));
      await program.listen({ port: 0, host: '127.0.0.1' });
      const { method, headers, body } = seal();
      const { status } = await program.handle(method, headers, body);
      if (status !== 200) throw new Error(`status ${status}`);
      await program.close();
    };
  },
};

/** Resident memory without what the allocator keeps for later is not known; so it is measured after a collection, and many times. */
async function memory() {
  for (let i = 0; i < 5; i += 1) {
    globalThis.gc();
    await turn();
  }
  const { heapUsed, external } = process.memoryUsage();
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return [Number(kibibytes) * 1024, heapUsed, external];
}

const [name, operations] = process.argv.slice(2);
const operation = await cases[name]();
const samples = [];
let done = 0;
for (let part = 1; part <= PARTS; part += 1) {
  const end = Math.round((part * Number(operations)) / PARTS);
  // Eight at a time, as many requests as a program has on its threads.
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (done < end) {
        done += 1;
        await operation();
        if (done % 64 === 0) await turn();
      }
    }),
  );
  samples.push([end, ...(await memory())]);
}
const { queued, running } = GetSdkInfo().threadPool;
console.log(JSON.stringify({ samples, left: queued + running }));

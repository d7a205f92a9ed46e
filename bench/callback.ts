/**
 * Measures the overhead of the binding per request: the same requests with the C++ library alone and with Node.js, alternately, and
 * the ratio.
 *
 * npm run bench:callback
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { SpecCallbackSDK } from 'wework-spec-sdk';
import { type SealedRequest, ZoneSandbox } from 'wework-spec-sdk/sandbox';

const rounds = 7;
const root = join(__dirname, '..', '..');
const library = join(root, 'out', 'sandbox', 'Release');

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'wework-spec-bench-'));
  const sandbox = await ZoneSandbox.start();
  Object.assign(process.env, sandbox.env);
  try {
    const baseline = compileBaseline(folder);
    console.log('a request: verify, decrypt, eight getters, encrypt, sign; medians of', rounds);
    for (const [title, size, count] of [
      ['256 B', 256, 4000],
      ['4 KiB', 4096, 3000],
      ['64 KiB', 65536, 600],
    ] as const) {
      // Half of it Chinese, as in real conversations.
      const text = 'abc会'.repeat(Math.ceil(size / 6)).slice(0, size / 1.5);
      const requests = () =>
        Array.from({ length: count }, () => sandbox.wire.seal({ abilityId: 'a', data: { text } }));
      const plain: number[] = [];
      const node: number[] = [];
      throughNode(requests());
      for (let i = 0; i < rounds; i += 1) {
        plain.push(throughCpp(baseline, folder, requests()));
        node.push(throughNode(requests()));
      }
      const ratio = median(node.map((value, i) => value / (plain[i] as number)));
      console.log(
        `${title.padStart(7)}: C++ ${median(plain).toFixed(1)} µs, Node.js ${median(node).toFixed(1)} µs, ` +
          `ratio ${ratio.toFixed(2)}`,
      );
    }
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true });
  }
}

function compileBaseline(folder: string): string {
  const program = join(folder, 'callback_baseline');
  execFileSync('g++', [
    '-std=c++17',
    '-O3',
    join(root, 'bench', 'callback_baseline.cc'),
    `-I${join(root, 'native', 'sandbox', 'include')}`,
    `-L${library}`,
    '-lWeWorkSpecSandbox',
    `-Wl,-rpath,${library}`,
    '-o',
    program,
  ]);
  return program;
}

function throughCpp(program: string, folder: string, requests: SealedRequest[]): number {
  const file = join(folder, 'requests');
  const text = requests.map(({ headers, body }) => {
    const lines = Object.entries(headers).map(([name, value]) => `${name} ${value}\n`);
    return `${lines.length}\n${lines.join('')}${body.length}\n${body}\n`;
  });
  writeFileSync(file, text.join(''));
  return Number(execFileSync(program, [file], { encoding: 'utf8' }));
}

function throughNode(requests: SealedRequest[]): number {
  const received = requests.map(({ headers, body }) => ({ headers, body: Buffer.from(body) }));
  let read = 0;
  const start = performance.now();
  for (const { headers, body } of received) {
    const callback = new SpecCallbackSDK('POST', headers, body);
    read += callback.GetCorpId().length + callback.GetAgentId() + callback.GetCallType();
    read += callback.GetJobInfo().length + callback.GetAbilityId().length;
    read += callback.GetNotifyId().length + Number(callback.GetIsAsync());
    read += callback.BuildResponseHeaderBody(callback.GetData()).body.length;
  }
  const passed = performance.now() - start;
  if (read === 0) throw new Error('nothing was read');
  return (passed * 1000) / requests.length;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

void main();

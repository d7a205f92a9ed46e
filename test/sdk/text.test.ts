import { SpecCallbackSDK, SpecSdk } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { setEnvironment } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { fields, requestWithData, tag, WirePlatform } from '../support/wire';

let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

// The SDK returns the decrypted bytes; the addon must decode them as the Encoding Standard says.
const reference = new TextDecoder('utf-8', { ignoreBOM: true });

function decodedByGetter(bytes: Uint8Array): string {
  const request = sandbox.wire.seal({ plaintext: requestWithData(bytes) });
  return new SpecCallbackSDK(request.method, request.headers, request.body).GetData();
}

/** A small generator with a fixed seed (mulberry32), so that a failure can be repeated. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

// The boundaries in the rules of UTF-8.
const edgeBytes = [
  0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec,
  0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xfe, 0xff,
];
const pieces = ['A', 'abcdefgh', 'é', '中', '🌸', '\ufeff', '\ufffd', '\uffff', '\u{10ffff}'].map(
  (text) => Buffer.from(text),
);
const brokenPieces = [
  [0xc0, 0x80],
  [0xc1, 0xbf],
  [0xe0, 0x80, 0x80],
  [0xe0, 0x9f, 0xbf],
  [0xf0, 0x80, 0x80, 0x80],
  [0xf0, 0x8f, 0xbf, 0xbf],
  [0xed, 0xa0, 0x80],
  [0xed, 0xbf, 0xbf],
  [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0xe4, 0xb8],
  [0xf0, 0x9f, 0x8c],
  [0xf0, 0x9f],
  [0xe4],
  [0xf0],
  [0xc3],
  [0x80],
].map((bytes) => Buffer.from(bytes));

function* edgeStrings(): Generator<Buffer> {
  const all = [...pieces, ...brokenPieces];
  for (const piece of all) {
    // At each position in a block of eight bytes, truncated at each position, and followed by each kind of byte.
    for (let before = 0; before <= 17; before += 1) {
      yield Buffer.concat([Buffer.alloc(before, 'x'), piece]);
      yield Buffer.concat([Buffer.alloc(before, 'x'), piece, Buffer.alloc(9, 'y')]);
    }
    for (let length = 0; length < piece.length; length += 1) yield piece.subarray(0, length);
    for (const next of all) yield Buffer.concat([piece, next]);
  }
  for (const first of edgeBytes) {
    for (const second of edgeBytes) {
      yield Buffer.from([first, second]);
      for (const third of edgeBytes) yield Buffer.from([first, second, third]);
    }
  }
}

function* randomStrings(count: number): Generator<Buffer> {
  const random = randomFrom(20240920);
  const all = [...pieces, ...brokenPieces];
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  for (let i = 0; i < count; i += 1) {
    const length = random(40);
    switch (random(3)) {
      case 0:
        yield Buffer.from(Array.from({ length }, () => random(256)));
        break;
      case 1:
        yield Buffer.from(Array.from({ length }, () => pick(edgeBytes)));
        break;
      default:
        yield Buffer.concat(Array.from({ length: random(12) }, () => pick(all)));
    }
  }
}

function mismatches(
  strings: Iterable<Uint8Array>,
  decode: (bytes: Uint8Array) => string,
): string[] {
  const found: string[] = [];
  for (const bytes of strings) {
    if (decode(bytes) !== reference.decode(bytes)) found.push(Buffer.from(bytes).toString('hex'));
  }
  return found;
}

test('every edge of UTF-8 is decoded as TextDecoder does it', () => {
  expect(mismatches(edgeStrings(), decodedByGetter)).toEqual([]);
});

test('10,000 random byte strings are decoded as TextDecoder does it', () => {
  expect(mismatches(randomStrings(10_000), decodedByGetter)).toEqual([]);
});

test('every character of Unicode is preserved', () => {
  const characters: string[] = [];
  for (let point = 0; point <= 0x10ffff; point += 1) {
    if (point < 0xd800 || point > 0xdfff) characters.push(String.fromCodePoint(point));
  }
  const text = characters.join('');
  expect(decodedByGetter(Buffer.from(text)) === text).toBe(true);
});

test('the other text fields are decoded the same way', () => {
  const bytes = Buffer.from([0x61, 0xed, 0xa0, 0x80, 0x62, 0xf0, 0x9f]);
  const request = sandbox.wire.seal({
    plaintext: fields(
      [tag.corpId, bytes],
      [tag.agentId, '1'],
      [tag.callType, '1'],
      [tag.data, '{}'],
      [tag.jobInfo, bytes],
      [tag.abilityId, bytes],
      [tag.notifyId, bytes],
    ),
  });
  const callback = new SpecCallbackSDK(request.method, request.headers, request.body);
  const values = [
    callback.GetCorpId(),
    callback.GetJobInfo(),
    callback.GetAbilityId(),
    callback.GetNotifyId(),
  ];
  expect(values).toEqual(Array(4).fill('a\ufffd\ufffd\ufffdb\ufffd'));
});

describe('a response of Invoke', () => {
  async function invoked(response: Uint8Array): Promise<{ ret: number; response: string }> {
    const platform = await WirePlatform.start(sandbox.env, () =>
      fields([tag.ret, '0'], [tag.response, response]),
    );
    const restore = setEnvironment({ WEWORK_SPEC_SANDBOX_PLATFORM: platform.address });
    try {
      return await new SpecSdk('corp', 1).Invoke('anything', '{}');
    } finally {
      restore();
      await platform.stop();
    }
  }

  test('is decoded as TextDecoder does it, too, all strings in one', async () => {
    const bytes = Buffer.concat(
      [...edgeStrings(), ...randomStrings(20_000)].flatMap((string) => [string, Buffer.from('|')]),
    );
    const { ret, response } = await invoked(bytes);
    expect(ret).toBe(-10009);
    expect(response === reference.decode(bytes)).toBe(true);
  });

  test('that is not JSON is returned with ret -10009', async () => {
    expect(await invoked(Buffer.from('busy 🌸'))).toEqual({ ret: -10009, response: 'busy 🌸' });
  });

  test('preserves a byte order mark and escaped NUL characters', async () => {
    const json = JSON.stringify({ text: '\ufeffa\0b' });
    expect(await invoked(Buffer.from(json))).toEqual({ ret: 0, response: json });
  });
});

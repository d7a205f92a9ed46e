// Writes the first inputs of the fuzz targets: messages, responses and keys as the sandbox makes them, new each time.
//
//   node test/fuzz/seeds.mjs FOLDER     writes FOLDER/<target>/<number>
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const dist = '../../dist/sandbox';
const { encodeRequest, encodeResult } = require(`${dist}/wire/protocol/messages.js`);
const { SandboxKey } = require(`${dist}/wire/protocol/sandbox-key.js`);
const { sealRequest } = require(`${dist}/wire/program-message.js`);

const key = SandboxKey.generate(1);
const now = Math.floor(Date.now() / 1000);
const data = JSON.stringify({ msgid: 'm1', text: '你好🌸', list: [1, -2.5e3, true, null] });
const request = {
  corpId: 'corp',
  agentId: 1_000_002,
  callType: 1,
  data,
  isAsync: true,
  jobInfo: 'job',
  abilityId: 'ability',
  notifyId: '0123456789abcdef',
};
const requests = [encodeRequest(request), encodeRequest({ ...request, callType: 2, data: '{}' })];
const results = [encodeResult(0, data), encodeResult(-10009, 'busy'), encodeResult(-10006, '')];
const sender = { key, corpId: 'corp', agentId: 1, window: 300 };
const { headers, body } = sealRequest(sender, { data }, now);
const signed = ['ww-secret-ver', 'ww-timestamp', 'ww-nonce', 'ww-signature'].map(
  (name) => headers[name],
);

const response = (head, text) =>
  `HTTP/1.1 ${head}\r\n\r\n${text}`.replace('LENGTH', String(text.length));
const responses = [
  response('200 OK\r\nContent-Type: text/plain\r\nContent-Length: LENGTH', body),
  response('200 OK\r\nContent-Type: text/plain\r\nConnection: close', body),
  response(
    '200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked',
    '4\r\n1.17\r\n0\r\n\r\n',
  ),
  response('403 Forbidden\r\nContent-Length: 0', ''),
  response('301 Moved\r\nLocation: https://localhost/', ''),
  response('200 OK\r\nContent-Type: text/html\r\nContent-Length: LENGTH', '<p>'),
];

function pem(type, options, format) {
  const privateKeyEncoding = { type: format, format: 'pem' };
  const publicKeyEncoding = { type: 'spki', format: 'pem' };
  return generateKeyPairSync(type, { ...options, privateKeyEncoding, publicKeyEncoding });
}
const rsa = pem('rsa', { modulusLength: 512 }, 'pkcs8');
const keys = [
  rsa.privateKey,
  rsa.publicKey,
  pem('rsa', { modulusLength: 512 }, 'pkcs1').privateKey,
  pem('ec', { namedCurve: 'P-256' }, 'sec1').privateKey,
];

// FuzzedDataProvider takes numbers from the input's end, and ends a text of random length at `\.`.
const chosen = (...numbers) => Buffer.from(numbers);
const seeds = {
  base64: [headers['ww-signature'], body, data],
  callback: [
    ...requests.map((content) => [content, chosen(1, 1)]),
    [...signed.map((part) => `${part}\\.`), body, chosen(1, 1, 1, 1, 1, 0)],
  ],
  envelope: [signed.join('\n')],
  fields: [...requests, ...results],
  headers: [
    Object.entries(headers).flat().join('\n'),
    'Ww-Nonce\n1\nWW-NONCE\n2\nx-a\n3\nx-a\n4\n\n\n',
  ],
  http: responses.flatMap((text) => [
    [chosen(0, 0), text],
    [chosen(1, 7), text],
  ]),
  invoke: results.map((content) => ['sync_msg\\.', content, chosen(1, 1)]),
  json: [data, '[]', '"\\ud800"', '1e999', '{"a":{"a":[[[[]]]]}}'],
  log: [['handler.ts\\.', 'ret=0 你好 %s %n\r\n', chosen(12, 0, 0, 0, 2)]],
  message: [0, 1, 2, 3].map((direction) => ['x\\.', data, chosen(1, 3, 0, direction, direction)]),
  private_key: keys,
  secret_key: [
    [data.slice(0, 40), chosen(1)],
    [Buffer.alloc(64, 1), chosen(0)],
  ],
  settings: [
    `${key.toBase64()}\n1\nhttps://127.0.0.1:8443/\n30\n300\n2`,
    '\n\nhttps://[::1]:1',
    '\n\nhttps://:1',
  ],
  text: [
    data,
    '\ufeffa\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}',
    Buffer.from('eda080f09f', 'hex'),
  ],
};

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: node test/fuzz/seeds.mjs FOLDER');
rmSync(folder, { recursive: true, force: true });
for (const [target, inputs] of Object.entries(seeds)) {
  mkdirSync(join(folder, target), { recursive: true });
  for (const [number, parts] of inputs.entries()) {
    const bytes = Buffer.concat([parts].flat().map((part) => Buffer.from(part)));
    writeFileSync(join(folder, target, String(number)), bytes);
  }
}

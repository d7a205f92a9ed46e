// Uses the whole public interface once, with the platform in the same process, and prints the results as JSON in the last line.
import { constants, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import * as sdk from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';

function codeOf(use) {
  try {
    return use();
  } catch ({ code }) {
    return code;
  }
}

const platform = await ZoneSandbox.start();
Object.assign(process.env, platform.env);

const request = platform.wire.seal({ abilityId: 'smoke', data: { text: '你好🌸' } });
const callback = new sdk.SpecCallbackSDK(request.method, request.headers, request.body);
const data = callback.GetData();
const client = new sdk.SpecSdk(callback);
const { headers, body } = callback.BuildResponseHeaderBody('{"errcode":0}');
const outcome = platform.wire.open(request, headers, body);
const { ret, response } = await client.Invoke('sync_msg', '{"limit":1}');
const unknown = await client.Invoke('unknown', '{}');
sdk.WWSPEC_LOG_INFO('smoke');
const opened = await sdk.SpecOpenDebugMode(
  platform.programs.debugToken(),
  platform.application.accessToken,
);

const options = {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
};
const right = generateKeyPairSync('rsa', options);
const wrong = generateKeyPairSync('rsa', options);
const encrypted = publicEncrypt(
  { key: right.publicKey, padding: constants.RSA_PKCS1_PADDING },
  Buffer.from('secret'),
).toString('base64');

const result = {
  data,
  outcome,
  ret,
  errcode: JSON.parse(response).errcode,
  unknown,
  opened,
  notifyId: sdk.GenerateNotifyId() !== '',
  secretKey: sdk.DecryptSecretKey(encrypted, right.privateKey),
  wrongKey: codeOf(() => sdk.DecryptSecretKey(encrypted, wrong.privateKey)),
  openssl: sdk.GetSdkInfo().openssl,
  versions: { node: process.versions.node, openssl: process.versions.openssl },
};
await platform.stop();
console.log(JSON.stringify(result));

import { SpecCallbackSDK, SpecSdk } from 'wework-spec-sdk';

const { API = '', REQUEST = '', SEALED } = process.env;
let sdk = new SpecSdk('ww-corp', 7, 'ability', 'job');
if (SEALED) {
  const { method, headers, body } = JSON.parse(SEALED);
  sdk = new SpecSdk(new SpecCallbackSDK(method, headers, body));
}
const { ret, response } = sdk.InvokeSync(API, REQUEST);
process.stdout.write(JSON.stringify({ ret, response }));

/** A program as a user would write it, without any reference to a sandbox. CommonJS. */
export const PROGRAM = `
const { createServer } = require('node:http');
const { SpecCallbackSDK, SpecSdk, WWSPEC_LOG_INFO } = require('wework-spec-sdk');

async function listener(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const callback = new SpecCallbackSDK(request.method, request.headers, Buffer.concat(chunks));
  let text = '';
  if (callback.IsOk()) {
    WWSPEC_LOG_INFO('ability=%s', callback.GetAbilityId());
    const { response: page } = await new SpecSdk(callback).Invoke('sync_msg', '{"limit":2}');
    text = JSON.stringify({ pid: process.pid, messages: JSON.parse(page).msg_list.length });
  }
  const { headers, body } = callback.BuildResponseHeaderBody(text);
  response.writeHead(200, headers).end(body);
}

if (require.main === module) createServer(listener).listen(8080);
module.exports = { listener };
`;

/** The names of a test runner's hooks, and how a test file imports them. */
export interface Runner {
  /** Statements that declare `test`, `before`, `beforeEach` and `after`. */
  readonly hooks: string;
  /** Whether its test files are ES modules. */
  readonly esm?: boolean;
}

/** Two tests of {@link PROGRAM}, which is in the same folder as `app.js`. @param program - the argument of `withSandbox`. */
export function testFile(program: string, { hooks, esm = false }: Runner): string {
  const imports = esm
    ? `import assert from 'node:assert';
import { withSandbox } from 'wework-spec-sdk/testing';
import { listener } from './app.js';`
    : `const assert = require('node:assert');
const { withSandbox } = require('wework-spec-sdk/testing');
const { listener } = require('./app.js');`;
  return `${imports}
${hooks}
let sandbox;
before(async () => { sandbox = await withSandbox(${program}); });
beforeEach(() => sandbox.reset());
after(() => sandbox.stop());

for (const round of [1, 2]) {
  test('round ' + round, async () => {
    const { errcode, response } = await sandbox.call('count', {});
    assert.deepStrictEqual({ errcode, messages: response.messages }, { errcode: 0, messages: 2 });
    assert.deepStrictEqual(sandbox.requests.map(({ kind, name }) => [kind, name]), [['invoke', 'sync_msg'], ['call', 'count']]);
    assert.deepStrictEqual((await sandbox.logs.search()).map(({ text }) => text), ['ability=count']);
    sandbox.faults.inject({ direction: 'response', status: 500 });
    assert.strictEqual((await sandbox.call('count', {})).errcode, 710676);
  });
}
`;
}

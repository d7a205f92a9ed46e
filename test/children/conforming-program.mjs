// A zone program that uses the whole public interface as its requests say, and prints its port. Each ability responds with the result as
// JSON, or with { code } if the SDK throws.
import { createServer } from 'node:http';
import * as sdk from 'wework-spec-sdk';

const logs = {
  INFO: sdk.WWSPEC_LOG_INFO,
  ERROR: sdk.WWSPEC_LOG_ERROR,
  DEBUG: sdk.WWSPEC_LOG_DEBUG,
};
/** State of the program that the platform cannot see. */
const notes = [];

const told = (error) => ({ code: error.code, message: error.message });

async function outcome(use) {
  try {
    return await use();
  } catch (error) {
    return told(error);
  }
}

const abilities = {
  fields: (callback) => [
    callback.GetCorpId(),
    callback.GetAgentId(),
    callback.GetCallType(),
    callback.GetData(),
    callback.GetIsAsync(),
    callback.GetJobInfo(),
    callback.GetAbilityId(),
  ],
  notifyIdOfRequest: (callback) => callback.GetNotifyId(),
  echo: (callback) => JSON.parse(callback.GetData()),
  info: () => sdk.GetSdkInfo(),
  async invoke(callback) {
    const { api, request, ids } = JSON.parse(callback.GetData());
    const client = ids ? new sdk.SpecSdk(...ids) : new sdk.SpecSdk(callback);
    const { ret, response } = await client.Invoke(api, JSON.stringify(request));
    return { ret, response: response === '' ? '' : JSON.parse(response) };
  },
  invokeSync(callback) {
    const { ret, response } = new sdk.SpecSdk(callback).InvokeSync('sync_msg', callback.GetData());
    return { ret, response: JSON.parse(response) };
  },
  async manyAtOnce(callback) {
    const calls = Array.from({ length: 20 }, () =>
      new sdk.SpecSdk(callback).Invoke('sync_msg', '{"limit":1}'),
    );
    return (await Promise.all(calls)).map(({ ret }) => ret);
  },
  debugMode(callback) {
    const { debugToken, accessToken } = JSON.parse(callback.GetData());
    return sdk.SpecOpenDebugMode(debugToken, accessToken);
  },
  notifyIds: () => [sdk.GenerateNotifyId(), sdk.GenerateNotifyId()],
  log(callback) {
    const { level, text } = JSON.parse(callback.GetData());
    logs[level]('%s', text);
    return 'logged';
  },
  notes: () => notes,
  exit() {
    setImmediate(() => process.exit(7));
    return 'bye';
  },
};

async function respond(callback) {
  const ability = callback.GetAbilityId();
  return JSON.stringify(await outcome(() => abilities[ability](callback)));
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  // Each supported shape of headers.
  const shapes = [request.headers, request.rawHeaders, new Map(Object.entries(request.headers))];
  const shape = shapes[Number(request.headers['x-shape'] ?? 0)];
  const isOnThreads = request.headers['x-on-threads'] !== undefined;
  const callback = isOnThreads
    ? await sdk.SpecCallbackSDK.verify(request.method, shape, chunks)
    : new sdk.SpecCallbackSDK(request.method, shape, Buffer.concat(chunks));
  const text = callback.IsOk() ? await respond(callback) : '';
  if (!callback.IsOk()) notes.push((await outcome(() => callback.GetData())).code);
  const { headers, body } = isOnThreads
    ? await callback.BuildResponseHeaderBodyAsync(text)
    : callback.BuildResponseHeaderBody(text);
  const again = await outcome(() => callback.BuildResponseHeaderBody(text));
  if (again.code !== 'ERR_SPEC_ALREADY_RESPONDED') notes.push('built a second response');
  response.writeHead(200, headers).end(body);
});
server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));

/**
 * A zone program on node:http alone: verifies and decrypts requests, calls interfaces of the platform, logs, and sends encrypted and
 * signed responses.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SpecCallbackSDK, SpecSdk, WWSPEC_LOG_ERROR, WWSPEC_LOG_INFO } from 'wework-spec-sdk';

/** The fields of a `sync_msg` record that this program reads. */
interface Message {
  sender: { id: string };
  receiver_list: { id: string }[];
}

const server = createServer(async (request, response) => {
  try {
    const body = await readBody(request);
    const callback = new SpecCallbackSDK(request.method ?? '', request.headers, body);
    const result = callback.IsOk() ? await resultFor(callback) : refuse(request);
    const sealed = callback.BuildResponseHeaderBody(result);
    response.writeHead(200, sealed.headers).end(sealed.body);
  } catch (error) {
    // For example, the client closed the connection before the body was complete.
    WWSPEC_LOG_ERROR('request failed: %s', error instanceof Error ? error.message : error);
    response.destroy();
  }
});

function refuse(request: IncomingMessage): string {
  console.log(`refused a request from ${request.socket.remoteAddress}: IsOk() is false`);
  return '';
}

async function resultFor(callback: SpecCallbackSDK): Promise<string> {
  console.log(
    `received call_type ${callback.GetCallType()}, ability "${callback.GetAbilityId()}", ` +
      `corp ${callback.GetCorpId()}, agent ${callback.GetAgentId()}, data ${callback.GetData()}`,
  );
  WWSPEC_LOG_INFO('ability=%s corp=%s', callback.GetAbilityId(), callback.GetCorpId());
  try {
    return JSON.stringify({ errcode: 0, ...(await analyse(callback)) });
  } catch (error) {
    WWSPEC_LOG_ERROR('analysis failed: %s', error instanceof Error ? error.message : error);
    return JSON.stringify({ errcode: 1, errmsg: 'the analysis failed; see the log' });
  }
}

/** Counts the archived messages and those of each sender, and finds the largest number of receivers. */
async function analyse(callback: SpecCallbackSDK) {
  const sdk = new SpecSdk(callback);
  const senders = new Map<string, number>();
  let messages = 0;
  let mostReceivers = 0;
  for (let cursor = '', more = true; more; ) {
    const { ret, response } = await sdk.Invoke(
      'sync_msg',
      JSON.stringify({ limit: 200, ...(cursor === '' ? {} : { cursor }) }),
    );
    if (ret !== 0) throw new Error(`sync_msg: ret ${ret}`);
    const page = JSON.parse(response);
    if (page.errcode !== 0) throw new Error(`sync_msg: ${page.errcode} ${page.errmsg}`);
    console.log(
      `invoked sync_msg: ${page.msg_list.length} messages, ${Buffer.byteLength(response)} bytes`,
    );
    for (const { sender, receiver_list } of page.msg_list as Message[]) {
      messages += 1;
      senders.set(sender.id, (senders.get(sender.id) ?? 0) + 1);
      mostReceivers = Math.max(mostReceivers, receiver_list.length);
    }
    cursor = page.next_cursor;
    more = page.has_more === 1;
  }
  WWSPEC_LOG_INFO('messages=%d senders=%d', messages, senders.size);
  return { messages, most_receivers: mostReceivers, senders: Object.fromEntries(senders) };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

server.listen(Number(process.env.PORT ?? 8080), '0.0.0.0', () => {
  console.log(`listening on port ${(server.address() as AddressInfo).port}`);
});

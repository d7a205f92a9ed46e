/**
 * The servers of bench/http.ts and bench/scale.ts: echo on the SDK's classes alone, and with ZoneProgram. Sends its port to the parent, and
 * then its counters for each message.
 *
 * http-server bare|program text|json
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { SpecCallbackSDK, ZoneProgram } from 'wework-spec-sdk';
import { waitedMicroseconds } from './requests';

/** Counters of a server so far, in microseconds and bytes. */
export interface ServerCounters {
  /** In which the event loop had work, whether or not it had a processor. */
  readonly active: number;
  readonly waited: number;
  readonly cpu: number;
  readonly rss: number;
}

const [kind, content] = process.argv.slice(2);

/** What the ability returns: the text that it got, or the object of which the text is JSON. */
const respond: (data: string) => string =
  content === 'text' ? (data) => data : (data) => JSON.stringify(JSON.parse(data));

function bareServer(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const callback = new SpecCallbackSDK('POST', request.headers, chunks);
    const { headers, body } = callback.BuildResponseHeaderBody(
      callback.IsOk() ? respond(callback.GetData()) : '',
    );
    headers['content-length'] = String(body.length);
    // node:http sends head and body in one system call, because the length is known and both are there.
    response.writeHead(200, headers).end(body);
  });
}

async function listen(): Promise<number> {
  if (kind === 'program') {
    const program = new ZoneProgram();
    program.ability(
      'echo',
      content === 'text' ? (_request, call) => call.data : (request) => request as object,
    );
    return (await program.listen({ port: 0, host: '127.0.0.1' })).port;
  }
  const server = createServer(bareServer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function counters(): ServerCounters {
  const { user, system } = process.cpuUsage();
  return {
    active: performance.eventLoopUtilization().active * 1000,
    waited: waitedMicroseconds(),
    cpu: user + system,
    rss: process.memoryUsage.rss(),
  };
}

process.on('message', () => process.send?.(counters()));
process.once('disconnect', () => process.exit());
void listen().then((port) => process.send?.(port));

// As public-api.ts, for ZoneProgram. Compiled, never run.

import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Call,
  type JobQueue,
  type ProgramFailure,
  type ProgramResponse,
  type Tracer,
  type UnknownZoneEvent,
  ZoneProgram,
  type ZoneProgramOptions,
} from 'wework-spec-sdk';
import { same } from './same';

/** A schema of no library: numbers in, a date out. */
declare const schema: {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: 'test';
    readonly validate: (
      value: unknown,
    ) => { value: { at: Date } } | { issues: [{ message: string }] };
    readonly types?: { input: { at: number }; output: { at: Date } };
  };
};

export function abilities(program: ZoneProgram): ZoneProgram {
  program.ability('a', (request, call) => {
    // biome-ignore lint/suspicious/noExplicitAny: the type under test.
    same<typeof request, any>(true);
    same<typeof call, Call>(true);
    return {};
  });
  program.ability('b', async ({ n }: { n: number }) => `${n + 1}`);
  program.ability('c', schema, ({ at }) => ({ year: at.getFullYear() }));
  program.ability('d', { input: schema, handlerTimeout: 5 }, async ({ at }) => ({
    year: at.getTime(),
  }));
  // @ts-expect-error nothing is no response
  program.ability('e', () => {});
  // @ts-expect-error a number is none
  program.ability('f', () => 5);
  // @ts-expect-error the output is a Date
  program.ability('g', schema, ({ at }: { at: number }) => ({ at }));
  // @ts-expect-error there must be a handler
  program.ability('h');
  // @ts-expect-error that is no schema
  program.ability('i', { input: {} }, () => ({}));
  return program.notFound((request, call) => ({ request, id: call.requestId }));
}

export function events(program: ZoneProgram): ZoneProgram {
  return program
    .event('conversation_new_message', (event) => {
      same<typeof event.conversation_new_message.token, string>(true);
      // @ts-expect-error of another event
      void event.hit_keyword;
    })
    .event('something_new', async (event) => {
      same<typeof event, UnknownZoneEvent>(true);
    })
    .event('hit_keyword', ({ hit_keyword }) => ({ token: hit_keyword.token }))
    .relayEvents({ ability: 'get_callback_data', ttl: 1000, store: new Map() as never })
    .passThrough({ interfaces: ['sync_msg'] });
}

export async function served(
  program: ZoneProgram,
  request: IncomingMessage,
  response: ServerResponse,
  fetched: Request,
): Promise<[ProgramResponse, Response, number]> {
  await program.requestListener(request, response);
  const handled = await program.handle('POST', request.headers, Buffer.alloc(0));
  const { port } = await program.listen({ port: 0 });
  const { jobs, invoke } = await program.metrics();
  same<typeof jobs.waiting, number>(true);
  const p99 = invoke.sync_msg?.latency.p99;
  same<typeof p99, number | undefined>(true);
  await program.close();
  return [handled, await program.fetch(fetched), port];
}

export function options(queue: JobQueue, tracer: Tracer): ZoneProgramOptions[] {
  const onError = ({ kind, errcode }: ProgramFailure) => ({ kind, code: errcode });
  // @ts-expect-error no such option
  const unknown: ZoneProgramOptions = { port: 8080 };
  // @ts-expect-error a report has an errcode
  const shape: ZoneProgramOptions = { jobs: { onError: () => ({ result: 'x' }) } };
  return [
    unknown,
    shape,
    { onError, tracer, jobs: { queue, onError: ({ errcode }) => ({ errcode, result: '{}' }) } },
    new ZoneProgram() && {},
  ];
}

export function logs({ log }: Call): void {
  log.info('%s', 1);
  log.error(new Error('x'));
  log.debug({});
  const console: Pick<Console, 'log' | 'warn' | 'table' | 'time'> = log;
  const stream: { write(line: string): boolean } = log;
  void [console, stream];
}

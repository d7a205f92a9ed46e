// As public-api.ts, for the definition of abilities that types program, test and application. Compiled, never run.

import * as v from 'valibot';
import {
  type AbilityHandler,
  type AbilityRequest,
  type AbilityResponse,
  type Call,
  type HandlerResult,
  type ZoneInterfaces,
  ZoneProgram,
  type ZoneProgramOptions,
} from 'wework-spec-sdk';
import type { FastifyZoneProgramOptions } from 'wework-spec-sdk/fastify';
import { type CallResult, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { withSandbox } from 'wework-spec-sdk/testing';
import * as z from 'zod';
import { same } from './same';

interface Greeting {
  errcode: number;
  greeting: string;
}
interface Abilities {
  greet: { request: { name: string }; response: Greeting };
  report: {
    request: { days: number; note?: string };
    response: { errcode: number; total: number };
  };
  anything: { request: unknown; response: { errcode: number } };
}

export function defined(options: ZoneProgramOptions): ZoneProgram<Abilities> {
  const program = new ZoneProgram<Abilities>(options);
  program.ability('greet', (request, call) => {
    same<typeof request, { name: string }>(true);
    same<typeof call, Call>(true);
    return { errcode: 0, greeting: request.name };
  });
  program.ability('greet', async ({ name }) => ({ errcode: 0, greeting: name }));
  program.ability('greet', { handlerTimeout: 5 }, (request) => {
    same<typeof request, { name: string }>(true);
    return { errcode: 0, greeting: request.name };
  });
  const handler: AbilityHandler<
    AbilityRequest<Abilities, 'greet'>,
    AbilityResponse<Abilities, 'greet'>
  > = async ({ name }) => ({ errcode: 0, greeting: name });
  program.ability('greet', handler);
  // @ts-expect-error the definition has no such ability
  program.ability('gret', () => ({ errcode: 0, greeting: '' }));
  // @ts-expect-error the request has no such field
  program.ability('greet', (request) => ({ errcode: 0, greeting: request.nam }));
  // @ts-expect-error the name is a string
  program.ability('greet', ({ name }: { name: number }) => ({ errcode: 0, greeting: `${name}` }));
  // @ts-expect-error the response has no greeting
  program.ability('greet', () => ({ errcode: 0 }));
  // @ts-expect-error nor has the one that is awaited
  program.ability('greet', async () => ({ errcode: 0 }));
  // @ts-expect-error a greeting is a string
  program.ability('greet', async () => ({ errcode: 0, greeting: 5 }));
  // @ts-expect-error with a timeout as without
  program.ability('greet', { handlerTimeout: 5 }, () => ({ errcode: 0 }));
  return program;
}

export function withSchemas(program: ZoneProgram<Abilities>): void {
  program.ability('report', z.object({ days: z.number() }), ({ days }) => ({
    errcode: 0,
    total: days,
  }));
  program.ability(
    'report',
    v.pipe(
      v.object({ days: v.number() }),
      v.transform(({ days }) => ({ from: new Date(days) })),
    ),
    (request) => {
      same<typeof request, { from: Date }>(true);
      return { errcode: 0, total: 1 };
    },
  );
  const input = z.object({ days: z.number(), note: z.string().default('') });
  program.ability('report', { input, handlerTimeout: 5 }, async ({ note }) => ({
    errcode: 0,
    total: note.length,
  }));
  program.ability('anything', z.object({ limit: z.number() }), ({ limit }) => ({ errcode: limit }));
  // @ts-expect-error applications send no field `day`
  program.ability('report', z.object({ day: z.number() }), () => ({ errcode: 0, total: 1 }));
  // @ts-expect-error applications send a number
  program.ability('report', { input: v.object({ days: v.string() }) }, () => ({
    errcode: 0,
    total: 1,
  }));
  // @ts-expect-error the schema makes a date of it
  program.ability('report', z.object({ days: z.coerce.date() }), (request: { days: number }) => ({
    errcode: 0,
    total: request.days,
  }));
  // @ts-expect-error the response of the definition has a total
  program.ability('report', z.object({ days: z.number() }), () => ({ errcode: 0 }));
}

export function definitions(): void {
  new ZoneProgram<{ invoke_sync_msg: ZoneInterfaces['sync_msg'] }>().passThrough({
    interfaces: ['sync_msg'],
  });
  // @ts-expect-error an ability has a response
  new ZoneProgram<{ a: { request: string } }>();
  // @ts-expect-error a response is an object
  new ZoneProgram<{ a: { request: string; response: number } }>();
  // @ts-expect-error an ability has a request
  void withSandbox<{ a: { response: object } }>('app.js');
  // @ts-expect-error without abilities, there is none to register
  new ZoneProgram<Record<never, never>>().ability('a', () => ({}));
}

export function undefinedAbilities(program: ZoneProgram): void {
  program.ability('a', (request) => {
    // biome-ignore lint/suspicious/noExplicitAny: the type under test.
    same<typeof request, any>(true);
    return { days: request.days, name: request.user.name };
  });
  program.ability('b', { handlerTimeout: 5 }, ({ days }) => ({ days }));
  const returned: HandlerResult = {};
  program.ability('c', () => returned);
}

/** Code that serves any program takes one with a definition, and the other way round. */
export function mixed(one: ZoneProgram<Abilities>, any: ZoneProgram): FastifyZoneProgramOptions {
  const general: ZoneProgram = one;
  const special: ZoneProgram<Abilities> = any;
  // @ts-expect-error two definitions are not one
  const other: ZoneProgram<{ a: { request: number; response: object } }> = one;
  void [general, special, other];
  return { program: one };
}

export async function calls(): Promise<void> {
  const sandbox = await withSandbox<Abilities>('dist/app.js', { output: false });
  same<typeof sandbox, ZoneSandbox<Abilities>>(true);
  const called = await sandbox.call('greet', { name: 'a' });
  same<typeof called, CallResult<Greeting>>(true);
  called.response.greeting.length;
  const job = await sandbox.callAsync('report', { days: 3 }, { agentId: 0 });
  const { response } = await job.result();
  same<typeof response, { errcode: number; total: number }>(true);
  await sandbox.call('anything', [1, 2]);
  // How a test sends what the definition forbids.
  await sandbox.call('greet', {} as never);
  // @ts-expect-error no such ability
  await sandbox.call('gret', { name: 'a' });
  // @ts-expect-error nor as a job
  await sandbox.callAsync('gret', { name: 'a' });
  // @ts-expect-error the name is a string
  await sandbox.call('greet', { name: 5 });
  // @ts-expect-error the days are missing
  await sandbox.callAsync('report', {});
  // @ts-expect-error the response has no such field
  called.response.greting;
  // @ts-expect-error the response of another ability
  response.greeting;
  const started = await ZoneSandbox.start<Abilities>({ program: 'http://127.0.0.1:8080' });
  // @ts-expect-error the name is a string
  await started.call('greet', { name: 5 });
  const general: ZoneSandbox = sandbox;
  await general.call('gret', 5);
}

export async function callsWithoutDefinition(): Promise<number> {
  const sandbox = await withSandbox('app.mjs');
  const { response } = await sandbox.call('hello', { name: 'a' });
  const job = await sandbox.callAsync('hello', 'text');
  const result = await job.result();
  // biome-ignore lint/suspicious/noExplicitAny: the type under test.
  same<typeof result.response, any>(true);
  return response.greeting.length;
}

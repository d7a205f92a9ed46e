"use strict";
// As public-api.ts, for ZoneProgram. Compiled, never run.
Object.defineProperty(exports, "__esModule", { value: true });
exports.abilities = abilities;
exports.events = events;
exports.served = served;
exports.options = options;
exports.logs = logs;
const wework_spec_sdk_1 = require("wework-spec-sdk");
const same = (_) => { };
function abilities(program) {
    program.ability('a', (request, call) => {
        // biome-ignore lint/suspicious/noExplicitAny: the type under test.
        same(true);
        same(true);
        return {};
    });
    program.ability('b', async ({ n }) => `${n + 1}`);
    program.ability('c', schema, ({ at }) => ({ year: at.getFullYear() }));
    program.ability('d', { input: schema, handlerTimeout: 5 }, async ({ at }) => ({
        year: at.getTime(),
    }));
    // @ts-expect-error nothing is no response
    program.ability('e', () => { });
    // @ts-expect-error a number is none
    program.ability('f', () => 5);
    // @ts-expect-error the output is a Date
    program.ability('g', schema, ({ at }) => ({ at }));
    // @ts-expect-error there must be a handler
    program.ability('h');
    // @ts-expect-error that is no schema
    program.ability('i', { input: {} }, () => ({}));
    return program.notFound((request, call) => ({ request, id: call.requestId }));
}
function events(program) {
    return program
        .event('conversation_new_message', (event) => {
        same(true);
        // @ts-expect-error of another event
        void event.hit_keyword;
    })
        .event('something_new', async (event) => {
        same(true);
    })
        .event('hit_keyword', ({ hit_keyword }) => ({ token: hit_keyword.token }))
        .relayEvents({ ability: 'get_callback_data', ttl: 1000, store: new Map() })
        .passThrough({ interfaces: ['sync_msg'] });
}
async function served(program, request, response, fetched) {
    await program.requestListener(request, response);
    const handled = await program.handle('POST', request.headers, Buffer.alloc(0));
    const { port } = await program.listen({ port: 0 });
    const { jobs, invoke } = await program.metrics();
    same(true);
    const p99 = invoke.sync_msg?.latency.p99;
    same(true);
    await program.close();
    return [handled, await program.fetch(fetched), port];
}
function options(queue, tracer) {
    const onError = ({ kind, errcode }) => ({ kind, code: errcode });
    // @ts-expect-error no such option
    const unknown = { port: 8080 };
    // @ts-expect-error a report has an errcode
    const shape = { jobs: { onError: () => ({ result: 'x' }) } };
    return [
        unknown,
        shape,
        { onError, tracer, jobs: { queue, onError: ({ errcode }) => ({ errcode, result: '{}' }) } },
        new wework_spec_sdk_1.ZoneProgram() && {},
    ];
}
function logs({ log }) {
    log.info('%s', 1);
    log.error(new Error('x'));
    log.debug({});
    const console = log;
    const stream = log;
    void [console, stream];
}

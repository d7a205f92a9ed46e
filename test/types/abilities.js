"use strict";
// As public-api.ts, for the definition of abilities that types program, test and application. Compiled, never run.
var __createBinding = (this && this.__createBinding) || (Object.create ? (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    var desc = Object.getOwnPropertyDescriptor(m, k);
    if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
      desc = { enumerable: true, get: function() { return m[k]; } };
    }
    Object.defineProperty(o, k2, desc);
}) : (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    o[k2] = m[k];
}));
var __setModuleDefault = (this && this.__setModuleDefault) || (Object.create ? (function(o, v) {
    Object.defineProperty(o, "default", { enumerable: true, value: v });
}) : function(o, v) {
    o["default"] = v;
});
var __importStar = (this && this.__importStar) || (function () {
    var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function (o) {
            var ar = [];
            for (var k in o) if (Object.prototype.hasOwnProperty.call(o, k)) ar[ar.length] = k;
            return ar;
        };
        return ownKeys(o);
    };
    return function (mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        __setModuleDefault(result, mod);
        return result;
    };
})();
Object.defineProperty(exports, "__esModule", { value: true });
exports.defined = defined;
exports.withSchemas = withSchemas;
exports.definitions = definitions;
exports.undefinedAbilities = undefinedAbilities;
exports.mixed = mixed;
exports.calls = calls;
exports.callsWithoutDefinition = callsWithoutDefinition;
const v = __importStar(require("valibot"));
const wework_spec_sdk_1 = require("wework-spec-sdk");
const sandbox_1 = require("wework-spec-sdk/sandbox");
const testing_1 = require("wework-spec-sdk/testing");
const z = __importStar(require("zod"));
const same = (_) => { };
function defined(options) {
    const program = new wework_spec_sdk_1.ZoneProgram(options);
    program.ability('greet', (request, call) => {
        same(true);
        same(true);
        return { errcode: 0, greeting: request.name };
    });
    program.ability('greet', async ({ name }) => ({ errcode: 0, greeting: name }));
    program.ability('greet', { handlerTimeout: 5 }, (request) => {
        same(true);
        return { errcode: 0, greeting: request.name };
    });
    const handler = async ({ name }) => ({ errcode: 0, greeting: name });
    program.ability('greet', handler);
    // @ts-expect-error the definition has no such ability
    program.ability('gret', () => ({ errcode: 0, greeting: '' }));
    // @ts-expect-error the request has no such field
    program.ability('greet', (request) => ({ errcode: 0, greeting: request.nam }));
    // @ts-expect-error the name is a string
    program.ability('greet', ({ name }) => ({ errcode: 0, greeting: `${name}` }));
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
function withSchemas(program) {
    program.ability('report', z.object({ days: z.number() }), ({ days }) => ({
        errcode: 0,
        total: days,
    }));
    program.ability('report', v.pipe(v.object({ days: v.number() }), v.transform(({ days }) => ({ from: new Date(days) }))), (request) => {
        same(true);
        return { errcode: 0, total: 1 };
    });
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
    program.ability('report', z.object({ days: z.coerce.date() }), (request) => ({
        errcode: 0,
        total: request.days,
    }));
    // @ts-expect-error the response of the definition has a total
    program.ability('report', z.object({ days: z.number() }), () => ({ errcode: 0 }));
}
function definitions() {
    new wework_spec_sdk_1.ZoneProgram().passThrough({
        interfaces: ['sync_msg'],
    });
    // @ts-expect-error an ability has a response
    new wework_spec_sdk_1.ZoneProgram();
    // @ts-expect-error a response is an object
    new wework_spec_sdk_1.ZoneProgram();
    // @ts-expect-error an ability has a request
    void (0, testing_1.withSandbox)('app.js');
    // @ts-expect-error without abilities, there is none to register
    new wework_spec_sdk_1.ZoneProgram().ability('a', () => ({}));
}
function undefinedAbilities(program) {
    program.ability('a', (request) => {
        // biome-ignore lint/suspicious/noExplicitAny: the type under test.
        same(true);
        return { days: request.days, name: request.user.name };
    });
    program.ability('b', { handlerTimeout: 5 }, ({ days }) => ({ days }));
    const returned = {};
    program.ability('c', () => returned);
}
/** Code that serves any program takes one with a definition, and the other way round. */
function mixed(one, any) {
    const general = one;
    const special = any;
    // @ts-expect-error two definitions are not one
    const other = one;
    void [general, special, other];
    return { program: one };
}
async function calls() {
    const sandbox = await (0, testing_1.withSandbox)('dist/app.js', { output: false });
    same(true);
    const called = await sandbox.call('greet', { name: 'a' });
    same(true);
    called.response.greeting.length;
    const job = await sandbox.callAsync('report', { days: 3 }, { agentId: 0 });
    const { response } = await job.result();
    same(true);
    await sandbox.call('anything', [1, 2]);
    // How a test sends what the definition forbids.
    await sandbox.call('greet', {});
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
    const started = await sandbox_1.ZoneSandbox.start({ program: 'http://127.0.0.1:8080' });
    // @ts-expect-error the name is a string
    await started.call('greet', { name: 5 });
    const general = sandbox;
    await general.call('gret', 5);
}
async function callsWithoutDefinition() {
    const sandbox = await (0, testing_1.withSandbox)('app.mjs');
    const { response } = await sandbox.call('hello', { name: 'a' });
    const job = await sandbox.callAsync('hello', 'text');
    const result = await job.result();
    // biome-ignore lint/suspicious/noExplicitAny: the type under test.
    same(true);
    return response.greeting.length;
}

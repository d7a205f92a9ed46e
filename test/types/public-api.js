"use strict";
// Compiled, never run: what the public types accept, and what they refuse. A line that should be refused and is not
// makes `tsc` fail, as an unused @ts-expect-error.
var __addDisposableResource = (this && this.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (this && this.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});
Object.defineProperty(exports, "__esModule", { value: true });
exports.headers = headers;
exports.callbackSdk = callbackSdk;
exports.specSdk = specSdk;
exports.functions = functions;
exports.settings = settings;
exports.errors = errors;
exports.zoneSandbox = zoneSandbox;
exports.zoneState = zoneState;
exports.sandboxCalls = sandboxCalls;
exports.sandboxFaults = sandboxFaults;
exports.sandboxListeners = sandboxListeners;
exports.testKit = testKit;
const wework_spec_sdk_1 = require("wework-spec-sdk");
const sandbox_1 = require("wework-spec-sdk/sandbox");
const testing_1 = require("wework-spec-sdk/testing");
const same = (_) => { };
function headers(request, fetched) {
    const body = Buffer.alloc(0);
    // @ts-expect-error numbers are no values
    const numbers = { a: 1 };
    // @ts-expect-error a pair has two parts
    const triples = [['a', 'b', 'c']];
    // @ts-expect-error there must be headers
    new wework_spec_sdk_1.SpecCallbackSDK('POST', undefined, body);
    // @ts-expect-error null is no value
    const nulls = { a: null };
    void [numbers, triples, nulls];
    return [
        new wework_spec_sdk_1.SpecCallbackSDK('POST', request.headers, body),
        new wework_spec_sdk_1.SpecCallbackSDK('POST', request.rawHeaders, 'text'),
        new wework_spec_sdk_1.SpecCallbackSDK('POST', fetched.headers, new Uint8Array()),
        new wework_spec_sdk_1.SpecCallbackSDK('POST', new Map([['a', 'b']]), body),
        new wework_spec_sdk_1.SpecCallbackSDK('POST', [['a', 'b']], body),
        new wework_spec_sdk_1.SpecCallbackSDK('POST', { a: 'b', c: ['d', 'e'], f: undefined }, body),
        new wework_spec_sdk_1.SpecCallbackSDK('POST', {}, body),
    ];
}
function callbackSdk(callback, response) {
    same(true);
    same(true);
    same(true);
    same(true);
    same(true);
    same(true);
    same(true);
    same(true);
    same(true);
    const built = callback.BuildResponseHeaderBody('{}');
    same(true);
    same(true);
    response.writeHead(200, built.headers).end(built.body);
    callback.BuildResponseHeaderBody(new Uint8Array());
    // @ts-expect-error an object is no response
    callback.BuildResponseHeaderBody({ errcode: 0 });
    // @ts-expect-error there must be a response
    callback.BuildResponseHeaderBody();
    // @ts-expect-error the method comes first
    new wework_spec_sdk_1.SpecCallbackSDK({}, 'body');
    // @ts-expect-error an ArrayBuffer is no body
    new wework_spec_sdk_1.SpecCallbackSDK('POST', {}, new ArrayBuffer(1));
    // @ts-expect-error what is native stays inside
    callback.native;
}
async function specSdk(callback) {
    const sdks = [
        new wework_spec_sdk_1.SpecSdk('corp', 1),
        new wework_spec_sdk_1.SpecSdk('corp', 1, 'ability'),
        new wework_spec_sdk_1.SpecSdk('corp', 1, 'ability', 'job'),
        new wework_spec_sdk_1.SpecSdk(callback),
        new wework_spec_sdk_1.SpecSDK(callback),
    ];
    const sdk = new wework_spec_sdk_1.SpecSdk(callback);
    same(true);
    const result = await sdk.Invoke('sync_msg', '{}');
    same(true);
    same(true);
    same(true);
    // @ts-expect-error the agent is a number
    new wework_spec_sdk_1.SpecSdk('corp', '1');
    // @ts-expect-error there must be an agent
    new wework_spec_sdk_1.SpecSdk('corp');
    // @ts-expect-error a callback needs nothing else
    new wework_spec_sdk_1.SpecSdk(callback, 1);
    // @ts-expect-error something that looks like a callback is none
    new wework_spec_sdk_1.SpecSdk({ IsOk: () => true });
    // @ts-expect-error the request is JSON text
    sdk.Invoke('sync_msg', { limit: 1 });
    // @ts-expect-error there must be a request
    sdk.InvokeSync('sync_msg');
    // @ts-expect-error a promise has no ret
    sdk.Invoke('sync_msg', '{}').ret;
    void sdks;
}
async function functions() {
    (0, wework_spec_sdk_1.WWSPEC_LOG_INFO)('ret=%d', 0, { any: 'thing' });
    (0, wework_spec_sdk_1.WWSPEC_LOG_ERROR)(new Error('failed'));
    (0, wework_spec_sdk_1.WWSPEC_LOG_DEBUG)(1, 2, 3);
    // @ts-expect-error there must be something to log
    (0, wework_spec_sdk_1.WWSPEC_LOG_INFO)();
    same(true);
    // @ts-expect-error both tokens are needed
    (0, wework_spec_sdk_1.SpecOpenDebugMode)('token');
    same(true);
    same(true);
    // @ts-expect-error the ciphertext is base64 text
    (0, wework_spec_sdk_1.DecryptSecretKey)(Buffer.alloc(256), 'pem');
    same(true);
    same(true);
    same(true);
}
function settings() {
    const log = [{}, { longText: 'cut' }, { longText: 'split' }];
    const pool = [{}, { size: 4 }, { queueLimit: 0 }];
    log.forEach(wework_spec_sdk_1.configureLog);
    pool.forEach(wework_spec_sdk_1.configureThreadPool);
    // @ts-expect-error there is no such way
    (0, wework_spec_sdk_1.configureLog)({ longText: 'drop' });
    // @ts-expect-error the size is a number
    (0, wework_spec_sdk_1.configureThreadPool)({ size: '4' });
    // @ts-expect-error there is no such setting
    (0, wework_spec_sdk_1.configureThreadPool)({ threads: 4 });
}
function errors(caught) {
    same(true);
    if (caught instanceof wework_spec_sdk_1.SpecError)
        same(true);
    if (!(0, wework_spec_sdk_1.isSpecError)(caught))
        return undefined;
    // @ts-expect-error there is no such code
    if (caught.code === 'ERR_SPEC_NONE')
        return undefined;
    // @ts-expect-error a code stays what it is
    caught.code = 'ERR_SPEC_QUEUE_FULL';
    return caught.code;
}
async function zoneSandbox() {
    const sandbox = await sandbox_1.ZoneSandbox.start({ program: 'http://127.0.0.1:8080' });
    same(true);
    const request = sandbox.wire.seal({ data: {} });
    const callback = new wework_spec_sdk_1.SpecCallbackSDK(request.method, request.headers, request.body);
    const { headers, body } = callback.BuildResponseHeaderBody('');
    const outcome = sandbox.wire.open(request, headers, body);
    // @ts-expect-error only a response has a text
    outcome.text;
    if (outcome.kind === 'response')
        same(true);
    // @ts-expect-error a sandbox is started, not made
    new sandbox_1.ZoneSandbox({});
}
async function zoneState() {
    const sandbox = await sandbox_1.ZoneSandbox.start({
        corp: { staff: 50, customers: 2000, messages: 100_000, seed: 7 },
        limits: { strictTokens: true, pullsWithoutTokenPerMinute: 3 },
        models: { summary: async ({ messages }) => messages.map(({ text }) => text).join() },
    });
    sandbox.use('create_summary_task', (request, { state, now }) => {
        const [key] = request.msg_list;
        same(true);
        const message = state.corp.message(key?.msgid ?? '');
        same(true);
        return { jobid: `${now}` };
    });
    const message = sandbox.corp.say('from', { to: 'to' }, 'text');
    same(true);
    // @ts-expect-error a single chat or a group
    sandbox.corp.say('from', {}, 'text');
    // @ts-expect-error what was archived stays as it is
    message.text = 'another';
    // @ts-expect-error there is no such limit
    await sandbox_1.ZoneSandbox.start({ limits: { words: 5 } });
    // @ts-expect-error a sentiment is 0, 1 or 2
    sandbox.state.models.sentiment = () => 5;
    sandbox.state.models.sentiment = ({ text }) => (text === '' ? 0 : 1);
    sandbox.state.ownPrograms.states.set('model-1', 'not deployed');
    sandbox.clock.advance(5);
    await sandbox.save('state.json');
    await sandbox.load(await sandbox.save());
    await sandbox_1.ZoneSandbox.start({ state: 'state.json' });
}
async function sandboxCalls(sandbox) {
    // biome-ignore lint/suspicious/noExplicitAny: the type under test.
    same(true);
    const { jobid, result } = await sandbox.callAsync('a', { days: 3 }, { agentId: 0 });
    same(true);
    same(true);
    await sandbox.emit('conversation_new_message', { token: 't' });
    await sandbox.emit('chat_archive_audit_approved_room', { external_userid: 'w', chatid: 'c' });
    // @ts-expect-error the object of another event
    await sandbox.emit('conversation_new_message', { jobid: 'j' });
    // @ts-expect-error there is no such event
    await sandbox.emit('no_such_event', {});
    // @ts-expect-error a task cannot respond to a notification
    await sandbox.callAsync('a', {}, { notifyId: 'n' });
}
function sandboxFaults(sandbox, code) {
    const rules = [
        { interface: 'sync_msg', errcode: 45009, times: 2 },
        { direction: 'request', ability: 'a', badSignature: true },
        { direction: 'response', status: 502, probability: 0.5, seed: 7 },
        { direction: 'event', event: 'hit_keyword', duplicate: 1 },
        { direction: 'server', interface: 'chatdata/sync_call_program', accessTokenExpired: true },
    ];
    for (const rule of rules)
        same(!!rule);
    // @ts-expect-error a request has no errcode
    sandbox.faults.inject({ direction: 'request', errcode: 1 });
    // @ts-expect-error there is no such event
    sandbox.faults.inject({ direction: 'event', event: 'none', drop: true });
    // @ts-expect-error there is no such code
    if (code === 'ERR_SANDBOX_NONE')
        throw new Error();
}
async function sandboxListeners(sandbox) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        sandbox
            .on('exchange', ({ interfaceName, ret }) => {
            same(true);
            same(true);
        })
            .once('log', ({ reqId }) => same(true))
            .off('event', () => { });
        // @ts-expect-error there is no such event
        sandbox.on('response', () => { });
        const fault = sandbox.faults.inject(({ request }) => request === '{}' ? { cut: true } : undefined);
        same(true);
        // @ts-expect-error a function decides on the invoke side only
        sandbox.faults.inject(() => ({ duplicate: 1 }));
        const owned = __addDisposableResource(env_1, await (0, testing_1.withSandbox)('app.js'), true);
        same(true);
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = __disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
async function testKit() {
    const zone = await (0, testing_1.withSandbox)('app.js', { execArgv: ['--import', 'tsx'] });
    await (0, testing_1.withSandbox)((request, response) => {
        response.end(request.url);
    });
    same(true);
    const records = await zone.logs.search({ level: 'ERR', since: new Date() });
    same(true);
    // @ts-expect-error there is no such level
    await zone.logs.search({ level: 'LOUD' });
    // @ts-expect-error a number is no program
    await (0, testing_1.withSandbox)(8080);
}

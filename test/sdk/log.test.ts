import { format, inspect } from 'node:util';
import { Script } from 'node:vm';
import {
  configureLog,
  SpecCallbackSDK,
  WWSPEC_LOG_DEBUG,
  WWSPEC_LOG_ERROR,
  WWSPEC_LOG_INFO,
} from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { node, root, runProgram } from '../support/child';
import { LogFile, type LogRecord, recordsOf } from '../support/log-records';
import { setEnvironment } from '../support/process-environment';
import { Program } from '../support/program';
import { startSandbox } from '../support/sandbox';
import { thrownBy } from '../support/thrown';

let sandbox: ZoneSandbox;
let restore: () => void;
const log = new LogFile();
beforeAll(async () => {
  sandbox = await startSandbox();
  restore = setEnvironment({
    WEWORK_SPEC_SANDBOX_LOG_FILE: log.path,
    WEWORK_SPEC_SANDBOX_LOG_LEVEL: '3',
  });
});
afterAll(async () => {
  restore();
  log.remove();
  await sandbox.stop();
});
afterEach(() => configureLog({ longText: 'cut' }));

/** The custom fields of what is logged. */
function logged(...args: [unknown, ...unknown[]]): string[] {
  return log.recordsOf(() => WWSPEC_LOG_INFO(...args)).map(({ custom }) => custom);
}

describe('a record', () => {
  test('has exactly the form of the guide: <pid,tid>,datetime,level,req_id,file,line,custom', () => {
    const before = Date.now();
    const [record, ...others] = log.recordsOf(() => WWSPEC_LOG_INFO('text, with commas'));
    const after = Date.now();
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      pid: process.pid,
      level: 'INFO',
      file: 'log.test.ts',
      custom: 'text, with commas',
    });
    const time = new Date(record?.time.replace(' ', 'T') ?? '').getTime();
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(after);
    expect(record?.line).toBeGreaterThan(0);
    expect(record?.tid).toBeGreaterThan(0);
  });

  test.each([
    ['a path', '/srv/program/app.js', 'app.js'],
    ['a URL', 'file:///srv/a%20b/the%20app.mjs', 'the app.mjs'],
    ['a URL that is not a valid path', 'file:///srv/%zz/app.mjs', 'app.mjs'],
    ['a URL of another scheme', 'https://example.com/app.mjs', 'app.mjs'],
  ])('names the file of a caller whose name is %s', (_, filename, file) => {
    const script = new Script('\n(log) => log("x")', { filename, lineOffset: 40 });
    const call = script.runInThisContext() as (log: unknown) => void;
    expect(log.recordsOf(() => call(WWSPEC_LOG_INFO))).toMatchObject([{ file, line: 42 }]);
  });

  test.each([
    ['has no name', () => new Function('log', 'log("x")')(WWSPEC_LOG_INFO)],
    ['is native code', () => ['x'].forEach(WWSPEC_LOG_INFO)],
    [
      'cannot be found, because the program has replaced Error.captureStackTrace',
      () => {
        const { captureStackTrace } = Error;
        Error.captureStackTrace = () => {
          throw new Error('of the program');
        };
        try {
          WWSPEC_LOG_INFO('x');
        } finally {
          Error.captureStackTrace = captureStackTrace;
        }
      },
    ],
  ])('says "unknown" and line 0 when the caller %s', (_, call) => {
    expect(log.recordsOf(call)).toMatchObject([{ file: 'unknown', line: 0 }]);
  });

  test.each([
    ['INFO', WWSPEC_LOG_INFO],
    ['ERR', WWSPEC_LOG_ERROR],
    ['DBG', WWSPEC_LOG_DEBUG],
  ])('of level %s says so', (level, write) => {
    expect(log.recordsOf(() => write('x'))[0]?.level).toBe(level);
  });
});

describe('the text', () => {
  const map = new Map([['键', 1]]);
  const cases: [unknown, ...unknown[]][] = [
    ['plain'],
    [''],
    ['ret=%d', 5],
    ['ret=%i and %f', '5.7', '5.7'],
    ['%s says %s', '张伟', '你好🌸'],
    ['%j', { a: [1, '中'] }],
    ['%o', 'x'],
    ['%O', { a: 1 }],
    ['100%% of %d', 3],
    ['ret', 5, 'response', '{"a":1}'],
    [5, 'first'],
    [{ a: 1, b: ['x'] }, map],
    [null, undefined, true, 10n, Symbol('s')],
    ['%s', undefined],
    ['%d', 'no number'],
    ['%s'],
    ['%s %s', 'one'],
    ['one', 'two %s', 'three'],
    [Symbol('alone')],
    [() => 1],
    [Object.create(null)],
    ['%c styled', 'color: red'],
  ];
  test.each(cases.map((args) => [inspect(args), args] as const))(
    'is joined as util.format does it: %s',
    (_, args) => {
      expect(logged(...args)).toEqual([format(...args)]);
    },
  );

  test.each(['100% %n %s', '%s%s%s%s%n', '%99999999d', '%', '%%', '%*d', '%1$s %hhn'])(
    'is data: percent signs mean nothing to the SDK: %j',
    (text) => {
      expect(logged(text)).toEqual([format(text)]);
      expect(logged('%s', text)).toEqual([text]);
      expect(logged('text:', text)).toEqual([`text: ${text}`]);
    },
  );

  test('of an object takes one line, however large it is', () => {
    configureLog({ longText: 'split' });
    const deep = { a: { b: { c: {} } } };
    const list = Array.from({ length: 30 }, (_, i) => i * 1000);
    const oneLine = { breakLength: Number.POSITIVE_INFINITY, compact: true };
    for (const value of [deep, list, { list, deep }, new Map([[list, deep]])]) {
      expect(logged(value).join('')).toBe(inspect(value, oneLine));
    }
  });

  test('cannot forge a record: line breaks are written as escapes', () => {
    const forged = '\n<1,1>,2024-07-12 18:22:42.795,ERR,0123456789abcdef,a.ts,1,forged';
    for (const text of [forged, `\r${forged}`, forged.replace('\n', '\r\n')]) {
      const records = log.recordsOf(() => WWSPEC_LOG_INFO(text));
      expect(records).toHaveLength(1);
      expect(records[0]?.custom).toContain('\\n<1,1>');
    }
    expect(logged('a\nb\r\nc')).toEqual(['a\\nb\\r\\nc']);
  });

  test('has control characters as escapes', () => {
    expect(logged('a\0b\x1b[31m\x7f\b')).toEqual(['a\\x00b\\x1b[31m\\x7f\\x08']);
  });

  test('has tabs as escapes, too', () => {
    expect(logged('a\tb')).toEqual(['a\\tb']);
  });

  test('has U+FFFD in place of a lone surrogate', () => {
    expect(logged('a\ud800b', '\udc00')).toEqual(['a\ufffdb \ufffd']);
    expect(logged('\ud83c')).toEqual(['\ufffd']);
  });

  test('may contain anything that util.format accepts', () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    const values: unknown[] = [
      circular,
      new Proxy({}, {}),
      new Error('message'),
      Buffer.from('x'),
      new Date(0),
      new WeakMap(),
      Promise.resolve(),
      new Array(3),
      -0,
      {
        get thrown() {
          throw new Error('never called');
        },
      },
      {
        toString() {
          throw new Error('never called');
        },
      },
    ];
    for (const value of values) expect(logged(value).length).toBe(1);
    expect(logged('%j', circular)).toEqual([format('%j', circular)]);
  });

  test('says why arguments cannot be formatted, where util.format throws', () => {
    const fail = () => {
      throw new Error('mine');
    };
    const detached = new Uint8Array(8);
    structuredClone(detached, { transfer: [detached.buffer] });
    const failing: unknown[] = [
      { [inspect.custom]: fail },
      Object.assign(new Error('x'), { message: Symbol('s'), stack: fail }),
      { toString: fail },
      detached,
    ];
    for (const value of failing) {
      expect(logged('ret=%s', value)).toEqual([expect.stringMatching(/^ret=/)]);
      expect(logged(value)).toHaveLength(1);
    }
    expect(() => format(failing[0])).toThrow('mine');
    expect(logged('ret=%s', failing[0])[0]).toMatch(
      /^ret=%s \(arguments cannot be formatted: Error: mine at log\.test\.ts:\d+\)$/,
    );
  });

  test('has line separators of Unicode as escapes', () => {
    expect(logged('a\u0085b\u2028c\u2029d\u009b')).toEqual(['a\\x85b\\u2028c\\u2029d\\x9b']);
  });
});

describe('a text of more than 128 bytes', () => {
  const characters: [string, string][] = [
    ['1 byte', 'x'],
    ['2 bytes', 'é'],
    ['3 bytes', '中'],
    ['4 bytes', '🌸'],
  ];
  const offsets = Array.from({ length: 8 }, (_, i) => i);

  test.each(characters)(
    'is cut at the end of a character of %s, at every offset',
    (_, character) => {
      const size = Buffer.byteLength(character);
      for (const offset of offsets) {
        const text = 'a'.repeat(offset) + character.repeat(200);
        const fitting = 'a'.repeat(offset) + character.repeat(Math.floor((128 - offset) / size));
        expect(logged(text)).toEqual([fitting]);
      }
    },
  );

  test.each(characters)('is not cut when it just fits, with characters of %s', (_, character) => {
    const size = Buffer.byteLength(character);
    for (let length = 120; length <= 128; length += 1) {
      const text = 'a'.repeat(length - size) + character;
      expect(logged(text)).toEqual([text]);
    }
    const tooLong = 'a'.repeat(129 - size) + character;
    expect(logged(tooLong)).toEqual(['a'.repeat(129 - size)]);
  });

  test('is cut in bytes, whatever the characters', () => {
    const custom = logged('你好🌸é!'.repeat(100))[0] ?? '';
    expect(Buffer.byteLength(custom)).toBeGreaterThan(124);
    expect(Buffer.byteLength(custom)).toBeLessThanOrEqual(128);
    expect('你好🌸é!'.repeat(100).startsWith(custom)).toBe(true);
  });

  test('is split over records without loss when configureLog says so', () => {
    configureLog({ longText: 'split' });
    for (const offset of offsets) {
      const text = 'a'.repeat(offset) + '你好🌸é!'.repeat(300);
      const records = log.recordsOf(() => WWSPEC_LOG_ERROR(text));
      expect(records.map(({ custom }) => custom).join('')).toBe(text);
      expect(records.every(({ custom }) => Buffer.byteLength(custom) <= 128)).toBe(true);
      expect(new Set(records.map(({ level, file, line }) => `${level} ${file} ${line}`)).size).toBe(
        1,
      );
    }
  });

  test.each([0, 1, 127, 128, 129, 256, 257])(
    'is split into no more records than needed: %d bytes',
    (length) => {
      configureLog({ longText: 'split' });
      const records = logged('x'.repeat(length));
      expect(records.join('')).toBe('x'.repeat(length));
      expect(records).toHaveLength(Math.max(1, Math.ceil(length / 128)));
    },
  );

  test('is cut before it is escaped, so that its length does not matter', () => {
    // Escaped as a whole, this would be longer than a string can be.
    const long = '\n'.repeat(270_000_000);
    expect(log.recordsOf(() => WWSPEC_LOG_INFO('%s', long))).toMatchObject([
      { custom: '\\n'.repeat(64) },
    ]);
  });

  test('of a megabyte is split completely, in order', () => {
    configureLog({ longText: 'split' });
    const text = Array.from({ length: 100_000 }, (_, i) => `${i}中`).join(' ');
    expect(logged(text).join('') === text).toBe(true);
  });

  test('is cut again after configureLog says so', () => {
    configureLog({ longText: 'split' });
    configureLog({ longText: 'cut' });
    expect(logged('x'.repeat(300))).toEqual(['x'.repeat(128)]);
    configureLog({ longText: 'split' });
    configureLog({});
    expect(logged('x'.repeat(300))).toEqual(['x'.repeat(128)]);
  });
});

describe('req_id', () => {
  function idsOf(run: () => void): string[] {
    return log.recordsOf(run).map(({ requestId }) => requestId);
  }

  test('stays the same within a request and changes with the next one', () => {
    const ids = Array.from({ length: 3 }, () => {
      const { method, headers, body } = sandbox.wire.seal();
      const callback = new SpecCallbackSDK(method, headers, body);
      const within = idsOf(() => {
        WWSPEC_LOG_INFO('one');
        WWSPEC_LOG_ERROR('two');
        callback.GetData();
        callback.BuildResponseHeaderBody('{}');
        WWSPEC_LOG_INFO('three');
      });
      expect(new Set(within).size).toBe(1);
      return within[0];
    });
    expect(new Set(ids).size).toBe(3);
  });

  // In a process of its own, because the SDK limits the records of refusals in a process.
  test('is new for a refused request, and the first five refusals are logged under theirs', async () => {
    const refusals = `
      const { SpecCallbackSDK, WWSPEC_LOG_INFO } = require('wework-spec-sdk');
      WWSPEC_LOG_INFO('before');
      for (let n = 0; n < 1000; n += 1) {
        new SpecCallbackSDK('POST', {}, '');
        if (n < 7) WWSPEC_LOG_INFO('after %d', n);
      }`;
    const { code, stdout } = await runProgram(node, ['-e', refusals], {
      cwd: root,
      env: { WEWORK_SPEC_SDK: 'sandbox', ...sandbox.env, WEWORK_SPEC_SANDBOX_LOG_COLLECT: '' },
    });
    expect(code).toBe(0);
    const records = recordsOf(stdout);
    const refused = (n: number) => [
      ...(n < 5 ? [['ERR', 'request refused: missing-header']] : []),
      ['INFO', `after ${n}`],
    ];
    expect(records.map(({ level, custom }) => [level, custom])).toEqual([
      ['INFO', 'before'],
      ...[0, 1, 2, 3, 4, 5, 6].flatMap(refused),
    ]);
    expect(records.map(({ requestId }) => requestId)).toEqual([
      records[0]?.requestId,
      ...[1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 12].map((index) => records[index]?.requestId),
    ]);
    expect(new Set(records.map(({ requestId }) => requestId)).size).toBe(8);
  });
});

describe('configureLog', () => {
  test.each([
    ['longText', { longText: 'x' }],
    ['longText', { longText: 1 }],
    ['longText', { longText: null }],
    ['longText', { longText: {} }],
    ['longText', { longText: Symbol('x') }],
    ['options', undefined],
    ['options', null],
    ['options', 'cut'],
    ['options', 1],
  ] as [string, unknown][])('refuses a wrong %s with a code: %p', (name, options) => {
    const error = thrownBy(() => configureLog(options as never));
    expect(error.code).toMatch(/^ERR_SPEC_INVALID_ARG_(TYPE|VALUE)$/);
    expect(error.message).toContain(name);
  });
});

describe('in a separate process', () => {
  const program = new Program('log');
  afterAll(() => program.remove());
  interface Run {
    readonly scene: string;
    readonly variables?: Record<string, string>;
    readonly nodeOptions?: string[];
  }
  async function run({ scene, variables = {}, nodeOptions = [] }: Run): Promise<LogRecord[]> {
    const { code, stdout, stderr } = await program.run({
      args: [scene],
      env: variables,
      nodeOptions,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return recordsOf(stdout);
  }
  const lineOf = (text: string, words: string): number =>
    text.split('\n').findIndex((line) => line.includes(words)) + 1;
  const places = [
    ["'info here'", 'INFO'],
    ["'error here'", 'ERR'],
    ["'debug here'", 'DBG'],
    ["'in a method'", 'INFO'],
    ["'in a callback'", 'INFO'],
    ["'through another name'", 'INFO'],
  ] as const;
  const debug = { WEWORK_SPEC_SANDBOX_LOG_LEVEL: '3' };

  test('records go to standard output, in the order of the calls', async () => {
    const records = await run({ scene: 'levels' });
    expect(records.map(({ custom }) => custom)).toEqual(['two', 'three']);
  });

  test.each([
    [undefined, ['INFO', 'ERR']],
    ['1', ['ERR']],
    ['2', ['INFO', 'ERR']],
    ['3', ['DBG', 'INFO', 'ERR']],
  ])('with log level %s these levels are written: %j', async (level, expected) => {
    const variables: Record<string, string> =
      level === undefined ? {} : { WEWORK_SPEC_SANDBOX_LOG_LEVEL: level };
    const records = await run({ scene: 'levels', variables });
    expect(records.map((record) => record.level)).toEqual(expected);
  });

  test('file and line are those of the call in the running JavaScript', async () => {
    const records = await run({ scene: 'lines', variables: debug });
    expect(records.map(({ file, line, level }) => [file, line, level])).toEqual(
      places.map(([words, level]) => ['log.js', lineOf(program.code, words), level]),
    );
  });

  test('with source maps enabled, file and line are those of the TypeScript', async () => {
    const nodeOptions = ['--enable-source-maps'];
    const records = await run({ scene: 'lines', variables: debug, nodeOptions });
    const callLine = (words: string): number =>
      words.includes('another name')
        ? lineOf(program.source, 'log(')
        : lineOf(program.source, words);
    expect(records.map(({ file, line }) => [file, line])).toEqual(
      places.map(([words]) => ['log.ts', callLine(words)]),
    );
    expect(lineOf(program.source, "'info here'")).not.toBe(lineOf(program.code, "'info here'"));
  });

  test('a formatter of stack traces that the program has installed has no effect, and stays installed', async () => {
    const records = await run({ scene: 'formatter' });
    const expected = lineOf(program.code, 'with a formatter');
    expect(records[0]).toMatchObject({ file: 'log.js', line: expected });
    expect(records[1]?.custom).toBe('kept: mine 0');
  });

  test.each([
    ['node --frozen-intrinsics', 'levels', ['--frozen-intrinsics', '--no-warnings']],
    ['a program that freezes Error', 'frozen', []],
  ])('%s changes nothing', async (_, scene, nodeOptions) => {
    const records = await run({ scene, nodeOptions });
    expect(records.map(({ custom }) => custom)).toEqual(['two', 'three']);
    for (const { file, line } of records) {
      expect(file).toBe('log.js');
      expect(line).toBeGreaterThan(0);
    }
  });

  test('an ES module is named by its file, too', async () => {
    const file = program.write(
      '模块 one.mjs',
      "import { WWSPEC_LOG_INFO } from 'wework-spec-sdk';\n\nWWSPEC_LOG_INFO('x');\n",
    );
    const { stdout } = await program.runFile(file);
    expect(recordsOf(stdout)[0]).toMatchObject({ file: '模块 one.mjs', line: 3 });
  });

  test('code of the generator, for which the source map has no source, can log', async () => {
    // "AAAA" maps the start of line 1 to the source; "A" the start of line 2 to nothing.
    const map = { version: 3, sources: ['made.ts'], names: [], mappings: 'AAAA;A;A' };
    const url = `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
    const file = program.write(
      'made.js',
      "const { WWSPEC_LOG_INFO } = require('wework-spec-sdk');\n" +
        `WWSPEC_LOG_INFO('x');\n//# sourceMappingURL=${url}\n`,
    );
    const { code, stdout, stderr } = await program.runFile(file, {
      nodeOptions: ['--enable-source-maps'],
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(recordsOf(stdout)[0]).toMatchObject({ file: 'made.js', line: 2, custom: 'x' });
  });

  test.each([
    ['a NUL', 'a\\0b.js'],
    ['a lone surrogate', 'a\\ud800b.js'],
    ['a line break', 'a\\nb.js'],
    ['nothing', ''],
    ['a broken URL', 'file:///%ZZ'],
    ['4000 characters', 'x'.repeat(4000)],
  ])('code from a script whose name holds %s can log', async (_, name) => {
    const file = program.write(
      'script.js',
      "globalThis.log = require('wework-spec-sdk').WWSPEC_LOG_INFO;\n" +
        `require('node:vm').runInThisContext('log("x")', { filename: '${name}' });\n`,
    );
    const { code, stdout, stderr } = await program.runFile(file);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(recordsOf(stdout).map(({ custom }) => custom)).toEqual(['x']);
  });

  test('code of eval and of new Function can log', async () => {
    const file = program.write(
      'eval.js',
      "globalThis.log = require('wework-spec-sdk').WWSPEC_LOG_INFO;\n" +
        "eval('log(1)');\nnew Function('log(2)')();\n[3].forEach(log);\nsetImmediate(log, 4);\n",
    );
    const { code, stdout } = await program.runFile(file);
    expect(code).toBe(0);
    expect(recordsOf(stdout).map(({ custom }) => custom[0])).toEqual(['1', '2', '3', '4']);
  });

  const TEXT = '你好🌸'.repeat(100);
  test('long texts are split when WEWORK_SPEC_LOG_LONG_TEXT says so', async () => {
    const variables = { TEXT, WEWORK_SPEC_LOG_LONG_TEXT: 'split' };
    const records = await run({ scene: 'long', variables });
    expect(records.length).toBeGreaterThan(1);
    expect(records.map(({ custom }) => custom).join('')).toBe(TEXT);
  });

  test.each([undefined, '', 'cut'])(
    'long texts are cut when WEWORK_SPEC_LOG_LONG_TEXT is %p',
    async (value) => {
      const variables: Record<string, string> =
        value === undefined ? { TEXT } : { TEXT, WEWORK_SPEC_LOG_LONG_TEXT: value };
      expect(await run({ scene: 'long', variables })).toHaveLength(1);
    },
  );

  test('configureLog takes precedence over the environment', async () => {
    const variables = { TEXT, WEWORK_SPEC_LOG_LONG_TEXT: 'split', CONFIGURE: 'cut' };
    expect(await run({ scene: 'long', variables })).toHaveLength(1);
  });

  test('an invalid WEWORK_SPEC_LOG_LONG_TEXT is reported at the first record, with a code', async () => {
    const { code, stderr } = await program.run({
      args: ['levels'],
      env: { WEWORK_SPEC_LOG_LONG_TEXT: 'both' },
    });
    expect(code).toBe(1);
    expect(stderr).toContain('ERR_SPEC_INVALID_ARG_VALUE');
    expect(stderr).toContain('WEWORK_SPEC_LOG_LONG_TEXT');
  });

  test('req_id is zeros before the first request, and then new for each request', async () => {
    const records = await run({ scene: 'requests' });
    expect(records[0]?.requestId).toBe('0'.repeat(16));
    const byRequest = [1, 4, 7].map((start) =>
      records.slice(start, start + 3).map(({ requestId }) => requestId),
    );
    for (const ids of byRequest) expect(new Set(ids).size).toBe(1);
    expect(new Set(records.map(({ requestId }) => requestId)).size).toBe(4);
  });
});

import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Running, startProgram } from '../support/child';
import { command, Home } from '../support/home';
import { tempDirs } from '../support/temp-dir';
import { until } from '../support/until';

const newDir = tempDirs();
const node = JSON.stringify(process.execPath);

const PROGRAM = `
const { ZoneProgram, SecretKeyring } = require('wework-spec-sdk');
const program = new ZoneProgram();
program.ability('hello', () => ({ errcode: 0, keyLength: new SecretKeyring({ 1: process.env.PRIVATE_KEY }) && process.env.PRIVATE_KEY.length }));
program.ability('boom', () => {
  throw new RangeError('the list is empty', { cause: new TypeError('the cause') });
});
program.ability('pull', (request, { zone }) => zone.sync_msg(request));
program.ability('endless', () => new Promise(() => {}));
program.event('conversation_new_message', async (_, { zone }) => {
  await zone.invoke('spec_notify_app', { notify_id: 'n-1', notify_scene: 3 });
});
program.listen(8080);
`;

describe('a sandbox with a program', () => {
  let home: Home;
  let running: Running;
  let terminal = '';

  beforeAll(async () => {
    home = new Home(newDir);
    writeFileSync(home.program, PROGRAM);
    const args = [
      ...['sandbox', '--watch', 'app/app.js', '--corp', 'messages=5', '--seed', '7'],
      ...['--limits', 'taskMs=0,strictTokens=true'],
      ...['--private-key-env', 'PRIVATE_KEY', '--private-key-file', 'key.pem'],
    ];
    running = startProgram(process.execPath, [command, ...args], {
      cwd: home.folder,
      env: { XDG_RUNTIME_DIR: home.runtime },
    });
    running.process.stderr?.on('data', (more: string) => {
      terminal += more;
    });
    await shows('listens at');
  });
  afterAll(async () => {
    running.process.kill();
    await running.ended;
  });

  /** Fulfilled when the terminal of the sandbox shows a text. */
  const shows = async (text: string) => {
    while (!terminal.includes(text)) {
      if (running.process.exitCode !== null) throw new Error(terminal);
      await once(running.process.stderr as Readable, 'data');
    }
  };

  const json = async (...args: string[]) => JSON.parse((await home.run(...args, '--json')).stdout);
  const ok = async (...args: string[]) => {
    const { code, stdout, stderr } = await home.run(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };

  test('an exception of a handler is printed whole in the terminal, with a line for each request', async () => {
    const called = await home.run('call', 'boom');
    expect(called.code).toBe(1);
    const { request_id } = JSON.parse(called.stdout);
    expect(called.stdout).not.toMatch(/RangeError|list is empty|the cause/);
    expect(called.stderr).toContain(`wework-spec logs --req-id ${request_id}\n`);
    expect(await ok('logs', '--req-id', request_id)).toMatch(
      /,ERR,.*boom failed: RangeError: the list is empty at app\.js:6\n$/,
    );
    await shows(`call boom: errcode 0, response errcode 710660, `);
    await shows(`request_id ${request_id}\n`);
    expect(terminal).toMatch(
      /\[[0-9a-f]{8}\] ability boom failed: RangeError: the list is empty\n +at .*app\.js:6:/,
    );
    expect(terminal).toContain('[cause]: TypeError: the cause\n');
  });

  test('a call of an unknown ability is a failure with a suggestion', async () => {
    const sync = await home.run('call', 'helo');
    expect(sync.code).toBe(1);
    expect(sync.stderr).toContain(
      'no ability "helo". Did you mean "hello"? It has: hello, boom, pull, endless\n',
    );
    const job = await home.run('call', 'helo', '--async');
    expect(job.code).toBe(1);
    expect(job.stderr).toContain('Did you mean "hello"?');
  });

  test('call --async --no-wait does not wait for the report', async () => {
    const { code, stdout, stderr } = await home.run('call', 'endless', '--async', '--no-wait');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^job-\w+\n$/);
    expect(stderr).toMatch(/^\d+(?:\.\d)? ms\n$/);
    expect(await json('call', 'endless', '--async', '--no-wait')).toMatchObject({
      errcode: 0,
      jobid: expect.stringMatching(/^job-/),
    });
    // The jobs are in the folder that the sandbox has given to its program.
    expect(existsSync(join(home.folder, 'wework-spec-data'))).toBe(false);
    expect(await home.run('jobs', 'list')).toMatchObject({
      code: 0,
      stdout: 'no dead jobs\n',
      stderr: expect.stringMatching(/^jobs in .*\/data-1 \(of the program in the sandbox at /),
    });
  });

  test('people have ids, with which they can say something; the program notifies its application', async () => {
    const { staff, customers, groups } = await json('people');
    const found = await ok('people', staff[0].name);
    expect(found).toContain(staff[0].id);
    expect(found).not.toContain(customers[0].id);
    const said = await json('say', customers[0].name, staff[0].id, '我要退款');
    expect(said).toMatchObject({ from: customers[0].id, to: [staff[0].id], text: '我要退款' });
    expect(said).not.toHaveProperty('secretKey');
    const group = groups.find(({ members }: { members: string[] }) =>
      members.includes(staff[0].id),
    );
    const inGroup = await json('say', staff[0].id, group.name || group.id, '大家好', '--type', '2');
    expect(inGroup).toMatchObject({ chatid: group.id, msgtype: 2 });
    expect(
      (await json('messages', '--limit', '2')).map(({ msgid }: { msgid: string }) => msgid),
    ).toEqual([said.msgid, inGroup.msgid]);
    expect(await json('messages')).toHaveLength(7);
    const ofGroup = await json('messages', '--chat', group.id);
    expect(ofGroup.at(-1)).toEqual(inGroup);
    expect(ofGroup).not.toContainEqual(said);
    expect(await ok('messages', '--limit', '1')).toContain('大家好');
    // The events of both messages.
    let requests = await json('requests');
    while (requests.filter(({ kind }: { kind: string }) => kind === 'event').length < 2) {
      requests = await json('requests');
    }
    expect(requests).toContainEqual(
      expect.objectContaining({ kind: 'invoke', name: 'spec_notify_app', code: 0 }),
    );
    expect(await ok('requests')).toMatch(
      /^event conversation_new_message: errcode 0, \d+(\.\d)? ms, request_id [0-9a-f]{8}$/m,
    );
    expect(await json('notifications')).toContainEqual({
      ...{ notifyId: 'n-1', notifyScene: 3, time: expect.any(Number) },
    });
    expect(await ok('notifications')).toMatch(/n-1 +3/);
    expect(await home.run('say', 'nobody', staff[0].id, 'x')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ERR_SANDBOX_UNKNOWN_ID.*wework-spec people/),
    });
  });

  test('the clock is shown, moved, stopped and started', async () => {
    const before = Date.parse((await json('clock')).now);
    const after = Date.parse((await json('clock', 'advance', '2h')).now);
    expect(after - before).toBeGreaterThanOrEqual(7_200_000);
    expect(await json('clock', 'set', '2030-01-05T09:00:00Z')).toEqual({
      now: '2030-01-05T09:00:00.000Z',
      isStopped: true,
    });
    expect(await ok('clock')).toMatch(/^2030-01-05 .*, stopped\n$/);
    expect(await json('clock', 'advance', '-1d')).toMatchObject({
      now: '2030-01-04T09:00:00.000Z',
    });
    expect(await json('clock', 'resume')).toMatchObject({ isStopped: false });
  });

  test('the private key is printed, in a file, and in the variable of the program', async () => {
    const pem = await ok('key');
    expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(await ok('key', 'copy.pem')).toBe('version 1: copy.pem\n');
    for (const name of ['copy.pem', 'key.pem']) {
      const file = join(home.folder, name);
      expect(readFileSync(file, 'utf8')).toBe(pem);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    const { response_data } = await json('call', 'hello');
    expect(JSON.parse(response_data)).toEqual({ errcode: 0, keyLength: pem.length });
  });

  test('--limits reach the sandbox', async () => {
    const never = JSON.stringify({ token: 'never issued' });
    // Without strictTokens, the sandbox accepts any token.
    expect((await home.run('call', 'pull', never)).code).toBe(1);
    expect(await json('requests', '--limit', '2')).toContainEqual(
      expect.objectContaining({
        name: 'sync_msg',
        response: expect.stringContaining('"errcode":40058'),
      }),
    );
  });

  test('the state of one sandbox is the start of another', async () => {
    await ok('state', 'save', 'saved.json');
    const other = new Home(newDir);
    await other.startDescribed('--state', join(home.folder, 'saved.json'));
    const texts = async (where: Home) =>
      JSON.parse((await where.run('messages', '--json')).stdout).map(
        ({ text }: { text: string }) => text,
      );
    expect(await texts(other)).toEqual(await texts(home));
  });

  test.each([
    [['people', 'a', 'b']],
    [['people', '--limit', '0']],
    [['say', 'a', 'b']],
    [['say', 'a', 'b', 'c', '--type', 'x']],
    [['messages', 'extra']],
    [['notifications', 'extra']],
    [['requests', '--limit', 'x']],
    [['clock', 'set']],
    [['clock', 'set', 'noon-ish']],
    [['clock', 'advance', 'much']],
    [['clock', 'resume', 'now']],
    [['key', 'a', 'b']],
    [['key', 'no/such/folder']],
    [['completion']],
    [['completion', 'tcsh']],
    [['sandbox', '--corp', 'staff']],
    [['sandbox', '--corp', 'staf=3']],
    [['sandbox', '--corp', 'staff=0']],
    [['sandbox', '--seed', 'x']],
    [['sandbox', '--limits', '{"rules":"many"}']],
    [['sandbox', '--state', 'a.json', '--seed', '1']],
    [['sandbox', '--private-key-env', '1x']],
    [['sandbox', '--exit-with', 'x']],
    [['sandbox', '--exit-with', '4194999']],
  ])('the command line %j is a usage error', async (args) => {
    const { code, stdout, stderr } = await home.run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^wework-spec: \w+: .*\n$/);
  });
});

test('a name that several people have is refused with their ids', async () => {
  const home = new Home(newDir);
  await home.startDescribed();
  await home.run('state', 'save', 'saved.json');
  const file = join(home.folder, 'saved.json');
  const saved = JSON.parse(readFileSync(file, 'utf8'));
  const [first, second] = saved.corp.members;
  second.name = first.name;
  writeFileSync(file, JSON.stringify(saved));
  expect((await home.run('state', 'load', 'saved.json')).code).toBe(0);
  const { code, stderr } = await home.run('say', first.name, second.userid, 'x');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^wework-spec: ERR_SANDBOX_NAME: Several people or groups have the name/);
  expect(stderr).toContain(`${first.userid}, ${second.userid}`);
});

test('--corp sets the size of the corp, --seed its conversations', async () => {
  const conversations = async (seed: string) => {
    const home = new Home(newDir);
    await home.startDescribed('--corp', 'staff=5,customers=7,messages=20', '--seed', seed);
    const json = async (name: string) => JSON.parse((await home.run(name, '--json')).stdout);
    const { staff, customers } = await json('people');
    const messages: { text: string }[] = await json('messages');
    expect([staff.length, customers.length, messages.length]).toEqual([5, 7, 20]);
    return messages.map(({ text }) => text);
  };
  const [first, other, again] = await Promise.all(['7', '8', '7'].map(conversations));
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test('--exit-with parent stops the sandbox with the process that started it', async () => {
  const home = new Home(newDir);
  // The shell ends, and its own parent does not.
  const shell = home.shell(
    `${node} ${command} sandbox --json --exit-with parent > out.json 2> err.log &
     until grep -q '^}' out.json 2> none; do sleep 0.1; done
     ${node} ${command} ps`,
  );
  expect(await shell).toMatchObject({ code: 0, stdout: expect.stringContaining('http://') });
  await until(async () => (await home.run('ps')).stdout === 'no running sandbox\n');
});

test('--exit-with stops the sandbox when the script has ended, also when it was killed', async () => {
  const home = new Home(newDir);
  const line = (end: string) =>
    `${node} ${command} sandbox --json --exit-with $$ > out.json 2> err.log &
     until grep -q '^}' out.json 2> none; do sleep 0.1; done; ${end}`;
  for (const end of ['exit 0', 'kill -KILL $$']) {
    await home.shell(line(end));
    await until(async () => (await home.run('ps')).stdout === 'no running sandbox\n');
    expect(existsSync(join(home.folder, 'out.json'))).toBe(true);
    writeFileSync(join(home.folder, 'out.json'), '');
  }
});

import { cleanEnd, startChild } from '../support/child';
import { HoldingPlatform } from '../support/holding-platform';

// The platform never responds to a held call, and the SDK would wait an hour. So a process that wrongly waits for a call
// hangs, and fails by the time limit of the test.

let platform: HoldingPlatform;
beforeEach(async () => {
  platform = await HoldingPlatform.start();
});
afterEach(() => platform.stop());

function lifecycle(scenario: string, ...args: string[]) {
  return startChild('lifecycle.mjs', [scenario, ...args], {
    env: platform.env,
    nodeArgs: ['--expose-gc'],
  });
}

describe('process.exit', () => {
  test.each([0, 1, 42, 255])(
    'ends with code %i while calls are inside the SDK and queued',
    async (code) => {
      const ended = await lifecycle('exit', String(code)).ended;
      expect(ended).toEqual(cleanEnd('', code));
    },
  );

  test('ends with its code right after calls were started', async () => {
    for (let i = 0; i < 20; ++i) {
      expect(await lifecycle('exitAtOnce', '3').ended).toEqual(cleanEnd('', 3));
    }
  });

  test('ends with its code while threads enter and leave the SDK', async () => {
    for (let i = 0; i < 20; ++i) {
      expect(await lifecycle('exitWhileCallsComeAndGo', '4').ended).toEqual(cleanEnd('', 4));
    }
  });

  test('ends with its code while requests are verified and responses built on threads', async () => {
    for (let i = 0; i < 20; ++i) {
      expect(await lifecycle('exitWhileVerifying', '8').ended).toEqual(cleanEnd('', 8));
    }
  });

  test('ends with its code in the callback of a promise of Invoke', async () => {
    expect(await lifecycle('exitInPromiseCallback', '5').ended).toEqual(cleanEnd('', 5));
  });

  test('ends with the code of an exit listener', async () => {
    expect(await lifecycle('exitInExitListener', '6').ended).toEqual(cleanEnd('', 6));
  });

  test('ends with its code while SpecOpenDebugMode waits for the platform', async () => {
    platform.holdDebugMode = true;
    expect(await lifecycle('exitWithDebugMode', '7').ended).toEqual(cleanEnd('', 7));
  });
});

describe('an unhandled error', () => {
  test('in the settlement of one call leaves the others alone', async () => {
    const ended = await startChild('settling.mjs', [], { env: platform.env }).ended;
    expect(ended).toEqual(cleanEnd('uncaught: on purpose\n7 settled\n'));
  });

  test('ends the process with code 1 while calls are inside the SDK', async () => {
    const ended = await lifecycle('uncaughtException').ended;
    expect(ended).toMatchObject({ code: 1, signal: null, stdout: '' });
    expect(ended.stderr).toContain('Error: thrown on purpose');
  });

  test('as a rejection does the same', async () => {
    const ended = await lifecycle('unhandledRejection').ended;
    expect(ended).toMatchObject({ code: 1, signal: null, stdout: '' });
    expect(ended.stderr).toContain('Error: rejected on purpose');
  });
});

describe('SIGTERM', () => {
  test('ends a process whose calls are inside the SDK', async () => {
    const { process: child, ended } = lifecycle('stay');
    await platform.held(3, 'stay');
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: null, signal: 'SIGTERM', stdout: '', stderr: '' });
  });

  test('reaches the handler of the program, which may exit', async () => {
    const { process: child, ended } = lifecycle('stayWithHandler', '8');
    await platform.held(3, 'stay');
    child.kill('SIGTERM');
    expect(await ended).toEqual(cleanEnd('', 8));
  });
});

describe('a process without anything left to do', () => {
  test('ends by itself when no call is in progress', async () => {
    expect(await lifecycle('naturalEnd').ended).toEqual(cleanEnd('errcode 0\n'));
  });

  test('ends with the exit code that was set', async () => {
    expect(await lifecycle('exitCode', '9').ended).toEqual(cleanEnd('', 9));
  });

  test.each(['naturalEndWaits', 'naturalEndWaitsAgain'])(
    'waits for the call in progress (%s)',
    async (scenario) => {
      const { ended } = lifecycle(scenario);
      await platform.held(1, 'waits');
      platform.release();
      expect(await ended).toEqual(cleanEnd('main program ended\nsettled: waits\n'));
    },
  );

  test('waits for a verification', async () => {
    const { ended } = lifecycle('naturalEndVerifies');
    expect(await ended).toEqual(cleanEnd('main program ended\nsettled: true\n'));
  });
});

describe('the garbage collector', () => {
  test('collects callbacks that were verified on threads', async () => {
    expect(await lifecycle('collectionWhileVerifying').ended).toEqual(cleanEnd('collected\n'));
  });

  test('may collect callbacks and SDK objects while their calls are inside the SDK', async () => {
    const ended = await lifecycle('collectionWithCallsInFlight').ended;
    expect(ended).toEqual(cleanEnd('collected,collected,collected\n'));
  });

  test('collects SDK objects and promises without references', async () => {
    expect(await lifecycle('collectionOfPromises').ended).toEqual(cleanEnd('collected\n'));
  });

  test('collects callbacks, with and without a response, with and without an SDK object created from them', async () => {
    expect(await lifecycle('collectionOfCallbacks').ended).toEqual(cleanEnd('collected\n'));
  });
});

import { EventEmitter } from 'node:events';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';

/**
 * A platform that delays its responses until the test releases them, for programs that end during calls.
 *
 * The program controls it through `Invoke`, so that nothing else keeps the program alive:
 *
 * | interface | responds |
 * |---|---|
 * | `hold` | when its group is released |
 * | `held` | when `count` calls of the group are held |
 * | `release` | at once, and releases all calls that are held |
 * | `seal` | with a sealed request with `bytes` bytes of data |
 * | `now` | at once, with its request |
 */
export class HoldingPlatform {
  /** Whether `SpecOpenDebugMode` is also held, in the group `debug-mode`. */
  holdDebugMode = false;

  readonly #sandbox: ZoneSandbox;
  #isHolding = true;
  readonly #changed = new EventEmitter().setMaxListeners(0);
  readonly #held = new Map<string, (() => void)[]>();

  private constructor(sandbox: ZoneSandbox) {
    this.#sandbox = sandbox;
    sandbox
      .use('hold', async ({ group }) => {
        await this.#hold(String(group));
        return { errcode: 0, group };
      })
      .use('held', async ({ group, count }) => {
        await this.held(Number(count), String(group));
        return { errcode: 0 };
      })
      .use('release', () => {
        this.release();
        return { errcode: 0 };
      })
      .use('seal', ({ bytes }) =>
        sandbox.wire.seal({ abilityId: 'held', data: 'x'.repeat(Number(bytes)) }),
      )
      .use('now', (request) => request);
    sandbox.faults.inject(async ({ path }) => {
      if (this.holdDebugMode && path === '/spec/debug-mode') await this.#hold('debug-mode');
      return undefined;
    });
  }

  static async start(): Promise<HoldingPlatform> {
    return new HoldingPlatform(await ZoneSandbox.start({ debugToken: 'debug-token' }));
  }

  /** The environment of the program, with only four threads so that queues fill quickly. */
  get env(): Record<string, string> {
    return {
      ...this.#sandbox.env,
      // Longer than any test, so that a missing response is noticed as a hang.
      WEWORK_SPEC_SANDBOX_TIMEOUT: '3600',
      WEWORK_SPEC_THREADS: '4',
    };
  }

  /** Settles when at least `count` calls of the group are held. */
  async held(count: number, group: string): Promise<void> {
    while ((this.#held.get(group)?.length ?? 0) < count) {
      await new Promise((resolve) => this.#changed.once('held', resolve));
    }
  }

  /** Responds to all calls that are held. */
  release(): void {
    for (const group of this.#held.values()) for (const respond of group) respond();
    this.#held.clear();
  }

  /** Responds to all calls that are held, and to later ones at once. */
  stopHolding(): void {
    this.#isHolding = false;
    this.release();
  }

  async stop(): Promise<void> {
    await this.#sandbox.stop();
    this.release();
  }

  async #hold(group: string): Promise<void> {
    if (!this.#isHolding) return;
    await new Promise<void>((resolve) => {
      this.#held.set(group, [...(this.#held.get(group) ?? []), resolve]);
      this.#changed.emit('held');
    });
  }
}

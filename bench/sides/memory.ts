/**
 * Handles the requests of sides/sealer.ts from standard input in an asynchronous loop: `memory FIRST COUNT`. Prints the resident memory
 * after FIRST requests and at the end, and the page faults for a request between them.
 */
import { read } from 'node:fs';
import { promisify } from 'node:util';
import { SpecCallbackSDK } from 'wework-spec-sdk';

const [first = 0, count = 0] = process.argv.slice(2).map(Number);
const MEANS_OF = 500;

export interface MemoryFigures {
  readonly early: number;
  readonly late: number;
  readonly peak: number;
  readonly faults: number;
}

/** Reads from standard input into memory that is used again, so that receiving costs no memory. */
class Input {
  readonly #memory = Buffer.allocUnsafeSlow(1 << 20);
  readonly #read = promisify(read);
  #from = 0;
  #to = 0;

  async line(): Promise<string> {
    for (;;) {
      const end = this.#memory.subarray(0, this.#to).indexOf(10, this.#from);
      if (end >= 0) {
        const text = this.#memory.toString('latin1', this.#from, end);
        this.#from = end + 1;
        return text;
      }
      await this.#more();
    }
  }

  /** The bytes are valid until the next call. */
  async bytes(size: number): Promise<Buffer> {
    while (this.#to - this.#from < size) await this.#more();
    this.#from += size;
    return this.#memory.subarray(this.#from - size, this.#from);
  }

  async #more(): Promise<void> {
    this.#memory.copyWithin(0, this.#from, this.#to);
    this.#to -= this.#from;
    this.#from = 0;
    const { bytesRead } = await this.#read(
      0,
      this.#memory,
      this.#to,
      this.#memory.length - this.#to,
      null,
    );
    if (bytesRead === 0) throw new Error('the requests ended early');
    this.#to += bytesRead;
  }
}

async function main(): Promise<void> {
  const input = new Input();
  Object.assign(process.env, JSON.parse(await input.line()), {
    // The SDK library forgets the nonces of requests soon, so that they are not measured.
    WEWORK_SPEC_SANDBOX_WINDOW: '5',
    WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null',
  });
  const samples: number[] = [];
  let early = 0;
  let peak = 0;
  let faults = 0;
  for (let done = 1; done <= count; done += 1) {
    const [head = 0, body = 0] = (await input.line()).split(' ').map(Number);
    const bytes = await input.bytes(head + body);
    const headers = JSON.parse(bytes.toString('latin1', 0, head));
    const callback = new SpecCallbackSDK('POST', headers, bytes.subarray(head));
    if (!callback.IsOk()) throw new Error('a request was refused');
    const response = callback.BuildResponseHeaderBody(callback.GetData());
    if (response.body.length === 0) throw new Error('a response is empty');
    if (done > first - MEANS_OF && (done <= first || done > count - MEANS_OF)) {
      samples.push(process.memoryUsage.rss());
    }
    if (done % 100 === 0) peak = Math.max(peak, process.memoryUsage.rss());
    if (done === first) {
      early = mean(samples.splice(0));
      faults = process.resourceUsage().minorPageFault;
    }
  }
  faults = (process.resourceUsage().minorPageFault - faults) / (count - first);
  const figures: MemoryFigures = { early, late: mean(samples), peak, faults };
  console.log(JSON.stringify(figures));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

void main();

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { silenceLog } from '../support/process-environment';
import { tempDirs } from '../support/temp-dir';
import type { Coded } from '../support/thrown';

silenceLog();
const newDir = tempDirs();

type Path = readonly (string | number)[];

let sandbox: ZoneSandbox;
let saved: string;
beforeAll(async () => {
  sandbox = await ZoneSandbox.start({ corp: { messages: 20 } });
  saved = JSON.stringify(await sandbox.save());
});
afterAll(() => sandbox.stop());

/** The places that are checked when a state is loaded: its parts, and how messages refer to their parties. */
const places: readonly Path[] = [
  ...[[], ['format'], ['version'], ['time'], ['corp'], ['keyPair'], ['state']],
  ...['messages', 'parties'].flatMap((list) => [
    ['corp', list],
    ['corp', list, 0],
    ['corp', list, 1],
  ]),
  ['corp', 'messages', 0, 'parties'],
];

/** A copy of the saved state with another value, or nothing, at a place. */
function withChange(path: Path, value: unknown): unknown {
  const state = JSON.parse(saved);
  const last = path.at(-1);
  if (last === undefined) return value;
  const holder = path.slice(0, -1).reduce((part, key) => part[key], state);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return state;
}

/** The outcome is that the state is loaded, or an error with a code. */
async function load(state: unknown): Promise<void> {
  try {
    await sandbox.load(state as never);
  } catch (error) {
    if (!/^ERR_SANDBOX_STATE(?:_READ)?$/.test(String((error as Coded).code))) throw error;
  }
}

const json = fc.oneof(
  fc.constant(undefined),
  fc.jsonValue(),
  fc.constantFrom({ $map: [1] }, { $set: 1 }),
);

test('any change of a saved state is loaded or refused with a code', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), json, (place, value) =>
      load(withChange(place, value)),
    ),
    { numRuns: 300 },
  );
});

test('any file is loaded or refused with a code', async () => {
  const file = join(newDir(), 'state.json');
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.nat().map((end) => saved.slice(0, end % saved.length)),
      ),
      (text) => {
        writeFileSync(file, text);
        return load(file);
      },
    ),
    { numRuns: 100 },
  );
});

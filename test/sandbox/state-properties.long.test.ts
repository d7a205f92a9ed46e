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
let places: Path[];
beforeAll(async () => {
  sandbox = await ZoneSandbox.start({ corp: { messages: 6, staff: 2, customers: 2 } });
  const { corp, state } = sandbox;
  await corp.rotateKey();
  corp.say(corp.customers[0] as string, { to: corp.staff[0] as string }, 'x');
  state.archive.issueToken('sync_msg');
  state.media.add('a.txt', 'x');
  state.events.emitAt(sandbox.clock.now() + 86_400_000, 'hit_keyword', { token: 't' });
  saved = JSON.stringify(await sandbox.save());
  places = placesOf(JSON.parse(saved));
});
afterAll(() => sandbox.stop());

/** Every place of the saved state: of long lists only the first entries. */
function placesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Object.entries(value).slice(0, Array.isArray(value) ? 2 : undefined);
  return [path, ...entries.flatMap(([key, part]) => placesOf(part, [...path, key]))];
}

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

/** The outcome is that the state is loaded, or an error with a code; then the state before stays. */
async function load(state: unknown): Promise<void> {
  const before = JSON.stringify({ ...(await sandbox.save()), time: 0 });
  sandbox.clock.set(sandbox.clock.now());
  try {
    await sandbox.load(state as never);
  } catch (error) {
    if (!/^ERR_SANDBOX_STATE(?:_READ)?$/.test(String((error as Coded).code))) throw error;
    expect(JSON.stringify({ ...(await sandbox.save()), time: 0 })).toBe(before);
  }
}

const json = fc.oneof(
  fc.constant(undefined),
  fc.jsonValue(),
  fc.constantFrom({ $map: [1] }, { $set: 1 }),
);

test('any change of a saved state is loaded or refused with a code', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), json, (place, value) =>
      load(withChange(places[place % places.length] as Path, value)),
    ),
    { numRuns: 150 },
  );
});

test('no place of a saved state makes load() throw anything else, whatever it is replaced with', async () => {
  for (const place of places) {
    for (const value of [undefined, null, 'x']) await load(withChange(place, value));
  }
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

import { readFile } from 'node:fs/promises';
import { parseJson } from '../../common/json';
import { writePrivateFile } from '../../common/private-file';
import { MAX_TIME_MS } from '../../common/timers';
import { type SandboxError, sandboxError } from '../../errors';
import type { CorpContent, Message, Party } from '../corp/content';
import type { CorpKeyPair } from '../corp/key-ring';
import { areParties, isCorpContent, isKeyPair } from './content-shape';

const FORMAT = 'wework-spec-sandbox-state';
const VERSION = 2;
const CORP_LISTS = [
  'members',
  'customers',
  'departments',
  'groups',
  'tagGroups',
  'documents',
  'parties',
  'messages',
] as const;

/** The complete state of a sandbox, as `sandbox.save` returns it and a file contains it. */
export interface SavedState {
  /** Marks the file, so that any other JSON file is refused. */
  readonly format: 'wework-spec-sandbox-state';
  /** The version of the format; other versions are refused. */
  readonly version: 2;
  /** The platform's time in milliseconds since 1970, from which a loaded state continues. */
  readonly time: number;
  /** The content of the corp. */
  readonly corp: SavedCorp;
  /** The first RSA key pair of the corp, with its private key; the others are in `stores`. */
  readonly keyPair: CorpKeyPair;
  /** The data of each store by its name. */
  readonly stores: unknown;
}

/** Messages refer to their sender and receivers by number, because thousands of messages share the list of a large group. */
export interface SavedCorp extends Omit<CorpContent, 'messages'> {
  /** The distinct pairs of sender and receivers; messages refer to them by index, which keeps the file small. */
  readonly parties: readonly (readonly [sender: Party, receivers: readonly Party[]])[];
  /** In ascending order of `sendTime`. */
  readonly messages: readonly SavedMessage[];
}

/** A message in a saved state; `parties` is an index into {@link SavedCorp.parties}. */
export type SavedMessage = Omit<Message, 'sender' | 'receivers'> & { readonly parties: number };

/** Builds a saved state. */
export function savedState(
  content: CorpContent,
  rest: Omit<SavedState, 'format' | 'version' | 'corp'>,
): SavedState {
  const numbers = new Map<readonly Party[], Map<string, number>>();
  const parties: [Party, readonly Party[]][] = [];
  const messages = content.messages.map(({ sender, receivers, ...message }): SavedMessage => {
    const bySender = numbers.get(receivers) ?? new Map<string, number>();
    numbers.set(receivers, bySender);
    let number = bySender.get(sender.id);
    if (number === undefined) {
      number = parties.push([sender, receivers]) - 1;
      bySender.set(sender.id, number);
    }
    return { ...message, parties: number };
  });
  return {
    format: FORMAT,
    version: VERSION,
    ...rest,
    corp: { ...content, parties, messages },
  };
}

/** A saved state with its corp decoded. `stores` is not checked yet: `ZoneState.read` does. */
export interface LoadedState extends Omit<SavedState, 'corp'> {
  readonly content: CorpContent;
}

/** @throws SandboxError `ERR_SANDBOX_STATE` this is not a saved state. */
export function loadedState(saved: unknown): LoadedState {
  try {
    return partsOf(saved);
  } catch {
    // Includes TypeErrors, because the checks cover only the main parts.
    throw notAState();
  }
}

function partsOf(saved: unknown): LoadedState {
  const { corp, ...rest } = checkState(saved);
  const content = contentOf(corp);
  if (content === undefined) throw notAState();
  return { ...rest, content };
}

function contentOf({ parties, messages, ...cast }: SavedCorp): CorpContent | undefined {
  const whole = messages.map(({ parties: number, ...message }): Message | undefined => {
    const pair = parties[number];
    return pair && { ...message, sender: pair[0], receivers: pair[1] };
  });
  const content = { ...cast, messages: whole };
  return areParties(parties) && isCorpContent(content) ? content : undefined;
}

/**
 * Writes a state to a file atomically. Only the owner may read it: it contains private keys.
 *
 * @throws SandboxError `ERR_SANDBOX_STATE_WRITE`
 */
export async function writeState(file: string, state: SavedState): Promise<void> {
  try {
    await writePrivateFile(file, JSON.stringify(state));
  } catch (cause) {
    throw sandboxError('ERR_SANDBOX_STATE_WRITE', [file, (cause as Error).message], cause);
  }
}

/**
 * Reads a state from a file.
 *
 * @throws SandboxError `ERR_SANDBOX_STATE_READ`, `ERR_SANDBOX_STATE`
 */
export async function readState(file: string): Promise<LoadedState> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw sandboxError('ERR_SANDBOX_STATE_READ', [file, (cause as Error).message], cause);
  }
  return loadedState(parseJson(text)?.value);
}

function checkState(state: unknown): SavedState {
  const { format, version, corp, keyPair, time } = (state ?? {}) as Partial<SavedState>;
  const isState =
    format === FORMAT &&
    version === VERSION &&
    CORP_LISTS.every((name) => Array.isArray(corp?.[name])) &&
    isKeyPair(keyPair) &&
    typeof time === 'number' &&
    // The second check alone would accept -5e-324, which a Date rounds to 0.
    time >= 0 &&
    time <= MAX_TIME_MS;
  if (isState) return state as SavedState;
  throw notAState();
}

/** The error for data that is not a saved state. */
export function notAState(): SandboxError {
  return sandboxError('ERR_SANDBOX_STATE', [FORMAT, VERSION]);
}

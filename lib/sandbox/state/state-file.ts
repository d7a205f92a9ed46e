import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { type SandboxError, sandboxError } from '../../errors';
import type { CorpContent, Message, Party } from '../corp/content';
import type { CorpKeyPair } from '../corp/key-ring';
import { readData, type StateData } from './data';
import type { SavedJob } from './jobs';

const FORMAT = 'wework-spec-sandbox-state';
const VERSION = 1;
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

/** A whole state, in the form in which a file holds it. */
export interface SavedState {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** The platform's time, in milliseconds since 1970: a loaded state goes on from there. */
  readonly time: number;
  readonly corp: SavedCorp;
  /** The first RSA key pair of the corp, with its private key; the others are in `state`. */
  readonly keyPair: CorpKeyPair;
  readonly state: unknown;
  readonly jobs: readonly SavedJob[];
}

/** Messages refer to who talks to whom by number: thousands share the list of a large group. */
interface SavedCorp extends Omit<CorpContent, 'messages'> {
  readonly parties: readonly (readonly [sender: Party, receivers: readonly Party[]])[];
  readonly messages: readonly SavedMessage[];
}

type SavedMessage = Omit<Message, 'sender' | 'receivers'> & { readonly parties: number };

/** Makes what a file shall hold. */
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

/** The parts of a saved state, ready to be used. */
export interface LoadedState extends Omit<SavedState, 'corp' | 'state'> {
  readonly content: CorpContent;
  readonly data: StateData;
}

/** @throws SandboxError `ERR_SANDBOX_STATE` when this is no state. */
export function loadedState(saved: unknown): LoadedState {
  try {
    return partsOf(saved);
  } catch {
    // Also a TypeError: the checks look at the main parts alone.
    throw noState();
  }
}

function partsOf(saved: unknown): LoadedState {
  const { corp, state, ...rest } = checkState(saved);
  const data = readData(state);
  const content = contentOf(corp);
  if (data === undefined || content === undefined) throw noState();
  return { ...rest, content, data };
}

function contentOf({ parties, messages, ...cast }: SavedCorp): CorpContent | undefined {
  const whole = messages.map(({ parties: number, ...message }): Message | undefined => {
    const pair = parties[number];
    return pair && { ...message, sender: pair[0], receivers: pair[1] };
  });
  return whole.includes(undefined) ? undefined : { ...cast, messages: whole as Message[] };
}

/**
 * Writes a state into a file, which is replaced as a whole or not at all.
 *
 * @throws SandboxError `ERR_SANDBOX_STATE`.
 */
export async function writeState(file: string, state: SavedState): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    // For its owner alone: there are keys in it.
    await writeFile(draft, JSON.stringify(state), { mode: 0o600 });
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true });
    throw sandboxError(
      'ERR_SANDBOX_STATE',
      '',
      'The state cannot be written. Check that its folder exists and may be written to.',
      cause,
    );
  }
}

/**
 * Reads a state from a file.
 *
 * @throws SandboxError `ERR_SANDBOX_STATE`.
 */
export async function readState(file: string): Promise<LoadedState> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw sandboxError(
      'ERR_SANDBOX_STATE',
      '',
      'The state cannot be read. Check that the file exists and may be read.',
      cause,
    );
  }
  return loadedState(parsed(text));
}

function checkState(state: unknown): SavedState {
  const { format, version, corp, keyPair, time, jobs } = (state ?? {}) as Partial<SavedState>;
  const isState =
    format === FORMAT &&
    version === VERSION &&
    CORP_LISTS.every((name) => Array.isArray(corp?.[name])) &&
    typeof keyPair?.privateKeyPem === 'string' &&
    typeof time === 'number' &&
    // The second check alone takes -5e-324, which a Date rounds to 0.
    time >= 0 &&
    new Date(time).getTime() >= 0 &&
    Array.isArray(jobs);
  if (isState) return state as SavedState;
  throw noState();
}

function noState(): SandboxError {
  return sandboxError(
    'ERR_SANDBOX_STATE',
    '',
    `This is not a state that sandbox.save() of this version has written: JSON with "format": "${FORMAT}" and "version": ${VERSION} is expected.`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

import { whenAborted } from '../common/abort';
import { integerOption, signalOption } from '../common/options';
import { makeError } from '../errors';
import type {
  ArchivedMessage,
  GetMsgListByPageIdRequest,
  GetMsgListByPageIdResponse,
  SyncMsgRequest,
  SyncMsgResponse,
} from '../interfaces/types';
import type { RetryOptions } from './options';
import { checkProgress } from './pages';
import { hasMore } from './response';
import type { ZoneCaller } from './zone-caller';

/** From where and how to pull the archive. */
export interface BatchOptions {
  /** The cursor of the last batch that was dealt with; absent or empty: from the oldest message of the last five days. */
  readonly cursor?: string | undefined;
  /**
   * From the conversation_new_message event, good for 10 minutes. Without one the platform applies a strict rate
   * limit. A function is asked before each listing, for pulls that take longer than a token lasts.
   */
  readonly token?: string | (() => string | undefined) | undefined;
  /** Unix seconds; where to begin near when the cursor is lost. Only the first listing carries it. */
  readonly beginTime?: number | undefined;
  /** 2 adaptive (default), 1 page ids always, 0 one page after another: for SDKs before 1.3.0, which lack page ids. */
  readonly mode?: 0 | 1 | 2 | undefined;
  /** Messages in a page, 1 to 1000; default 1000. */
  readonly limit?: number | undefined;
  /** Stops the iterator: it fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for one call with its repetitions; default: the client's. */
  readonly timeout?: number | undefined;
  /** Default: the client's. */
  readonly retry?: RetryOptions | false | undefined;
}

/** Messages that belong together: what one call of sync_msg listed, directly or by page ids. */
export interface MessageBatch {
  /** In ascending order of `send_time`; empty when there is nothing new. */
  readonly messages: ArchivedMessage[];
  /** Safe to store once the messages are dealt with. */
  readonly cursor: string;
  /** Whether there was more when this batch was listed. */
  readonly hasMore: boolean;
}

/** A listing whose messages are on their way. */
interface Listing {
  readonly cursor: string;
  readonly hasMore: boolean;
  readonly messages: Promise<ArchivedMessage[]>;
}

/** The archive in batches; see ZoneClient.batches. */
export async function* batches(
  zone: ZoneCaller,
  options: BatchOptions,
): AsyncGenerator<MessageBatch, void, undefined> {
  const { signal, timeout, retry } = options;
  checkBatchOptions(options);
  // Ends what is under way when the consumer breaks off, or one of several pages fails.
  const end = new AbortController();
  const forget = whenAborted(signal, () => end.abort(signal?.reason));
  const calls = { signal: end.signal, timeout, retry };

  const pageOf = async (pageId: string): Promise<ArchivedMessage[]> => {
    const { msg_list: page } = await zone.invoke<
      GetMsgListByPageIdRequest,
      GetMsgListByPageIdResponse
    >('get_msg_list_by_page_id', { page_id: pageId }, calls);
    return listOf('get_msg_list_by_page_id', page);
  };

  const listFrom = async (position: SyncMsgRequest): Promise<Listing> => {
    const { limit = 1000, mode = 2 } = options;
    const token = typeof options.token === 'function' ? options.token() : options.token;
    const response = await zone.invoke<SyncMsgRequest, SyncMsgResponse>(
      'sync_msg',
      { ...position, token, limit, mode },
      calls,
    );
    const more = hasMore(response);
    if (more) checkProgress('sync_msg', position.cursor, response.next_cursor);
    const messages = messagesOf(response, pageOf);
    // Looked at only when the consumer comes for it, which may be never.
    messages.catch(() => {});
    return { cursor: response.next_cursor, hasMore: more, messages };
  };

  try {
    let next: Promise<Listing> | undefined = listFrom({
      cursor: options.cursor,
      begin_time: options.cursor ? undefined : options.beginTime,
    });
    while (next !== undefined) {
      const listing: Listing = await next;
      next = listing.hasMore ? listFrom({ cursor: listing.cursor }) : undefined;
      next?.catch(() => {});
      const { cursor, hasMore: more } = listing;
      yield { messages: await listing.messages, cursor, hasMore: more };
      end.signal.throwIfAborted();
    }
  } finally {
    forget();
    end.abort(new Error('the iterator has ended'));
  }
}

/** The messages of a listing, in its order, whichever way the platform answered. */
async function messagesOf(
  { msg_list: list, page_id_list: pageIds }: SyncMsgResponse,
  pageOf: (pageId: string) => Promise<ArchivedMessage[]>,
): Promise<ArchivedMessage[]> {
  if (pageIds === undefined || pageIds === null) return listOf('sync_msg', list ?? []);
  const pages = await Promise.all(listOf('sync_msg', pageIds).map(pageOf));
  return [...listOf('sync_msg', list ?? []), ...pages.flat()];
}

function listOf<T>(interfaceName: string, value: T[]): T[] {
  if (Array.isArray(value)) return value;
  throw makeError('ERR_SPEC_BAD_RESPONSE', interfaceName, 'has no list of messages or page ids');
}

function checkBatchOptions({ cursor, token, mode, limit, signal }: BatchOptions): void {
  if (cursor !== undefined && typeof cursor !== 'string') {
    throw makeError('ERR_SPEC_INVALID_ARG_TYPE', 'cursor', 'of type string', cursor);
  }
  if (token !== undefined && typeof token !== 'string' && typeof token !== 'function') {
    throw makeError('ERR_SPEC_INVALID_ARG_TYPE', 'token', 'of type string or function', token);
  }
  if (mode !== undefined) integerOption('mode', mode, 0, 2);
  if (limit !== undefined) integerOption('limit', limit, 1, 1000);
  signalOption(signal);
}

/** The archive message by message; see ZoneClient.messages. */
export class MessageStream implements AsyncIterableIterator<ArchivedMessage> {
  readonly #messages: AsyncGenerator<ArchivedMessage, void, undefined>;
  #cursor: string | undefined;

  constructor(batchesOfMessages: AsyncIterable<MessageBatch>, cursor: string | undefined) {
    this.#cursor = cursor;
    this.#messages = this.#each(batchesOfMessages);
  }

  /**
   * Where to go on from: safe to store at any time. It moves on with a whole batch, when the consumer has come back for
   * the message after that batch; a crash repeats at most the batch that was under way. Undefined before the first batch
   * of a pull that began without a cursor.
   */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  next(): Promise<IteratorResult<ArchivedMessage, void>> {
    return this.#messages.next();
  }

  return(): Promise<IteratorResult<ArchivedMessage, void>> {
    return this.#messages.return();
  }

  throw(error: unknown): Promise<IteratorResult<ArchivedMessage, void>> {
    return this.#messages.throw(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async *#each(
    batchesOfMessages: AsyncIterable<MessageBatch>,
  ): AsyncGenerator<ArchivedMessage, void, undefined> {
    for await (const { messages, cursor } of batchesOfMessages) {
      yield* messages;
      this.#cursor = cursor;
    }
  }
}

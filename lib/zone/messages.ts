import { whenAborted } from '../common/abort';
import { integerOption, signalOption, unixSecondsOption, wrongType } from '../common/options';
import { makeError } from '../errors';
import type {
  ArchivedMessage,
  GetMsgListByPageIdRequest,
  GetMsgListByPageIdResponse,
  SyncMsgRequest,
  SyncMsgResponse,
} from '../interfaces/types';
import type { RetryOptions } from './options';
import { Position } from './pages';
import { checkedHasMore } from './response';
import type { ZoneCaller } from './zone-caller';

/** Options of {@link ZoneClient.batches} and {@link ZoneClient.messages}. */
export interface BatchOptions {
  /** The cursor of the last processed batch. Without one, the pull starts at the oldest message of the last five days. */
  readonly cursor?: string | undefined;
  /**
   * The event token of `conversation_new_message`, valid for 10 minutes. Without one the platform applies a strict rate
   * limit. A function is called before each `sync_msg` request, so that it can provide newer tokens to a long pull.
   */
  readonly token?: string | (() => string | undefined) | undefined;
  /** Unix time in seconds near which to start if the cursor is lost; sent with the first request only, and not with a cursor. */
  readonly beginTime?: number | undefined;
  /**
   * `mode` of `sync_msg`: 2 adaptive (default), 1 always page ids, 0 one page after another. SDKs before 1.3.0 support
   * only 0.
   */
  readonly mode?: 0 | 1 | 2 | undefined;
  /** The maximum number of messages in a page, 1 to 1000; default 1000. */
  readonly limit?: number | undefined;
  /** Stops the iteration, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** The time limit of one call including retries, in milliseconds; default: that of the client. */
  readonly timeout?: number | undefined;
  /** When to retry a failed call; default: the policy of the client. */
  readonly retry?: RetryOptions | false | undefined;
}

/** The messages that one `sync_msg` request listed, directly or by page ids. */
export interface MessageBatch {
  /** In ascending order of `send_time`; empty if there are no new messages. */
  readonly messages: ArchivedMessage[];
  /**
   * Where the next batch starts. Store it when the messages are processed. If the platform's last response has none, this is the
   * last one before, so that a stored cursor never gets lost; empty if there was none.
   */
  readonly cursor: string;
  /** Whether there were more messages when this batch was listed. */
  readonly hasMore: boolean;
}

/** The response to a `sync_msg` request, whose pages may still be loading. */
interface Listing {
  readonly cursor: string;
  readonly hasMore: boolean;
  readonly messages: Promise<ArchivedMessage[]>;
}

/** Implements ZoneClient.batches. */
export async function* batches(
  zone: ZoneCaller,
  options: BatchOptions,
): AsyncGenerator<MessageBatch, void, undefined> {
  const { signal, timeout, retry } = options;
  checkBatchOptions(options);
  // Aborts running calls when the consumer stops or one of several pages fails.
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

  const position = new Position('sync_msg', options.cursor);
  const listFrom = async (start: SyncMsgRequest): Promise<Listing> => {
    const { limit = 1000, mode = 2 } = options;
    const token = typeof options.token === 'function' ? options.token() : options.token;
    const response = await zone.invoke<SyncMsgRequest, SyncMsgResponse>(
      'sync_msg',
      { ...start, token, limit, mode },
      calls,
    );
    const more = checkedHasMore('sync_msg', response);
    const cursor = more ? position.advance(response) : position.end(response);
    const messages = messagesOf(response, pageOf);
    // Awaited when the consumer asks for the batch, which may never happen: no unhandled rejection then.
    messages.catch(() => {});
    return { cursor, hasMore: more, messages };
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

/** The messages of a response in its order, listed directly or by page ids. */
async function messagesOf(
  { msg_list: list, page_id_list: pageIds }: SyncMsgResponse,
  pageOf: (pageId: string) => Promise<ArchivedMessage[]>,
): Promise<ArchivedMessage[]> {
  if (pageIds === undefined || pageIds === null) return listOf('sync_msg', list ?? []);
  // A page id that is listed twice is one page: its messages are delivered once.
  const pages = await Promise.all([...new Set(listOf('sync_msg', pageIds))].map(pageOf));
  return [...listOf('sync_msg', list ?? []), ...pages.flat()];
}

function listOf<T>(interfaceName: string, value: T[]): T[] {
  if (Array.isArray(value)) return value;
  throw makeError('ERR_SPEC_BAD_RESPONSE', interfaceName, 'has no list of messages or page ids');
}

function checkBatchOptions({ cursor, token, beginTime, mode, limit, signal }: BatchOptions): void {
  if (cursor !== undefined && typeof cursor !== 'string') {
    throw wrongType('options.cursor', 'of type string', cursor);
  }
  if (token !== undefined && typeof token !== 'string' && typeof token !== 'function') {
    throw wrongType('options.token', 'of type string or function', token);
  }
  if (beginTime !== undefined) unixSecondsOption('options.beginTime', beginTime);
  if (mode !== undefined) integerOption('options.mode', mode, 0, 2);
  if (limit !== undefined) integerOption('options.limit', limit, 1, 1000);
  signalOption(signal);
}

/**
 * An iterator over the messages of the archive: {@link ZoneClient.messages}. `next()` rejects as {@link ZoneClient.invoke}
 * does.
 */
export class MessageStream implements AsyncIterableIterator<ArchivedMessage> {
  readonly #messages: AsyncGenerator<ArchivedMessage, void, undefined>;
  #cursor: string | undefined;

  constructor(batchesOfMessages: AsyncIterable<MessageBatch>, cursor: string | undefined) {
    this.#cursor = cursor;
    this.#messages = this.#each(batchesOfMessages);
  }

  /**
   * Where to continue later; can be stored at any time. It advances batch by batch, once the consumer asks for the first
   * message after a batch. After a crash at most one batch is delivered again. Undefined until the first batch is complete
   * if the pull started without a cursor.
   */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** The next message. */
  next(): Promise<IteratorResult<ArchivedMessage, void>> {
    return this.#messages.next();
  }

  /** Ends the iteration; running calls are aborted. */
  return(): Promise<IteratorResult<ArchivedMessage, void>> {
    return this.#messages.return();
  }

  /** Ends the iteration with an error; running calls are aborted. */
  throw(error: unknown): Promise<IteratorResult<ArchivedMessage, void>> {
    return this.#messages.throw(error);
  }

  /** Returns itself, for `for await`. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  async *#each(
    batchesOfMessages: AsyncIterable<MessageBatch>,
  ): AsyncGenerator<ArchivedMessage, void, undefined> {
    for await (const { messages, cursor } of batchesOfMessages) {
      yield* messages;
      if (cursor !== '') this.#cursor = cursor;
    }
  }
}

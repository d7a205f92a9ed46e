/**
 * Summarises new messages: on an event, the program pulls the new messages, has the general model summarise them, and notifies the
 * application, which fetches the summary by the notify_id.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Call, SecretKeyring, ZoneProgram } from 'wework-spec-sdk';

const {
  PORT = '8080',
  CURSOR_DIR = 'cursors',
  PRIVATE_KEY_FILE = 'private-key.pem',
  PUBLIC_KEY_VER = '1',
} = process.env;

const program = new ZoneProgram();
const keyring = new SecretKeyring();

// No events are relayed; the ability returns the values that notifyApp() stores.
program.relayEvents({ ability: 'get_callback_data', events: [] });

// Sequential, because two pulls from the same cursor would summarise the same messages.
let work: Promise<unknown> = Promise.resolve();

program.event('conversation_new_message', (event, call) => {
  const { token } = event.conversation_new_message;
  // The response is sent at once. If the process ends before the cursor is stored, the next event pulls the same messages again.
  work = work
    .then(() => sumUp(call, token))
    .catch((error: Error) => call.log.error('no summary: %s', error.message));
});

async function sumUp(call: Call, token: string): Promise<void> {
  const file = join(CURSOR_DIR, encodeURIComponent(call.corpId));
  const cursor = await readFile(file, 'utf8').catch(() => undefined);
  for await (const batch of call.zone.batches({ cursor, token })) {
    // A task accepts at most 1000 messages.
    for (const msgList of await keyring.toMsgLists(batch.messages)) {
      const { response_data: summary } = await call.zone.runTask('create_summary_task', {
        msg_list: msgList,
      });
      await call.notifyApp({ messages: msgList.length, summary });
      call.log.info('summary of %d messages', msgList.length);
    }
    await store(file, batch.cursor);
  }
}

/** Replaces the file atomically. */
async function store(file: string, cursor: string): Promise<void> {
  await mkdir(CURSOR_DIR, { recursive: true });
  await writeFile(`${file}.new`, cursor);
  await rename(`${file}.new`, file);
}

async function main(): Promise<void> {
  keyring.set(Number(PUBLIC_KEY_VER), await readFile(PRIVATE_KEY_FILE, 'utf8'));
  const { port } = await program.listen({ port: Number(PORT), signals: true });
  console.log(`listening on ${port}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

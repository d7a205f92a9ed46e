/**
 * The functions of the vendor's C++ and Java samples (https://developer.work.weixin.qq.com/document/path/100052): interfaces of the
 * zone passed through to the application, events relayed to it, an asynchronous job, and debug mode.
 */
import { AbilityError, SpecOpenDebugMode, ZoneProgram } from 'wework-spec-sdk';

const program = new ZoneProgram();

// Abilities invoke_sync_msg and so on. Each name is a permission for the application, so list only what it needs.
program.passThrough({
  interfaces: [
    'sync_msg',
    'get_msg_list_by_page_id',
    'get_group_chat',
    'get_agree_status_single',
    'get_agree_status_room',
    'search_chat',
    'search_msg',
    'create_summary_task',
    'get_summary_result',
  ],
});

// The application receives program_notify with a notify_id, and fetches the event with this ability and id.
program.relayEvents({ ability: 'get_callback_data', ttl: 20 * 60_000 });

/**
 * Serves both kinds of calls: the result is sent in the response (sync_call_program) or reported later (async_program_task). The
 * platform has replaced `{chat}` in the input protocol with the conversation.
 */
program.ability('do_async_job', async (request: { input?: string }, call) => {
  const { input } = request;
  if (typeof input !== 'string') throw new AbilityError(710647, 'input is missing');
  if (call.attempt > 1) call.log.info('run %d: the last process died', call.attempt);
  call.log.debug(
    '%s call, %d characters',
    call.isAsync ? 'asynchronous' : 'synchronous',
    input.length,
  );
  const lines = input.split('\n').filter((line) => line !== '');
  // Numbers only, because conversation content must not leave the zone.
  return { output: JSON.stringify({ lines: lines.length, characters: input.length }) };
});

async function main(): Promise<void> {
  // The platform sends requests to a debugging server only in debug mode. The application must also call open_debug_mode.
  const { DEBUG_TOKEN, ACCESS_TOKEN, PORT = '8080' } = process.env;
  if (DEBUG_TOKEN && ACCESS_TOKEN) {
    const isOpen = await SpecOpenDebugMode(DEBUG_TOKEN, ACCESS_TOKEN);
    program.log[isOpen ? 'info' : 'error']('debug mode %s', isOpen ? 'is open' : 'was refused');
  }
  const { port } = await program.listen({ port: Number(PORT), signals: true });
  console.log(`listening on ${port}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

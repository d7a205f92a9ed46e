// A ZoneProgram that uses everything and prints its port. It makes no exceptions for functions that its SDK lacks.
import { ZoneProgram } from 'wework-spec-sdk';

const program = new ZoneProgram({
  dataDir: process.env.DATA_DIR,
  jobs: { retry: { delay: 20, maxDelay: 200 } },
});

program.ability('sync', async (request, call) => {
  program.log.info('program 日志 %s', request.text);
  call.log.error('call 日志 %s', request.text);
  call.log.debug('debug 日志 %s', request.text);
  const { msg_list } = await call.zone.invoke('sync_msg', { limit: 1 });
  return { text: request.text, notifyId: call.notifyId, messages: msg_list.length };
});
program.ability('job', async (request, call) => {
  call.log.info('job 日志 %s', request.text);
  const { msg_list } = await call.zone.invoke('sync_msg', { limit: 1 });
  return { text: request.text, messages: msg_list.length };
});
program.ability('throws', () => {
  throw new Error('mine');
});
program.event('handled', (event, call) => {
  call.log.info('event 日志 %s', event.text);
  return { errcode: 0, text: event.text };
});
program.relayEvents({ ability: 'fetch' });

const { port } = await program.listen({ port: 0, host: '127.0.0.1', signals: true });
process.stdout.write(`port ${port}\n`);

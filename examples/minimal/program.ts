/** The smallest program: one ability that returns the senders of the last messages. */
import { ZoneProgram } from 'wework-spec-sdk';

const program = new ZoneProgram();

program.ability('who_wrote', async (request: { limit?: number }, call) => {
  const { msg_list = [] } = await call.zone.invoke('sync_msg', { limit: request.limit ?? 5 });
  call.log.info('%d messages', msg_list.length);
  return { errcode: 0, senders: msg_list.map((message) => message.sender.id) };
});

// The platform calls port 8080.
program.listen({ port: Number(process.env.PORT ?? 8080), signals: true }).then(({ port }) => {
  console.log(`listening on ${port}`);
});

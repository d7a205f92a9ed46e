/** The smallest program: one ability that says who has written the last messages. */
import { ZoneProgram } from 'wework-spec-sdk';

const program = new ZoneProgram();

program.ability('who_wrote', async (request: { limit?: number }, call) => {
  const { msg_list = [] } = await call.zone.invoke('sync_msg', { limit: request.limit ?? 5 });
  call.log.info('%d messages', msg_list.length);
  return { errcode: 0, senders: msg_list.map((message) => message.sender.id) };
});

// 8080 is where the platform calls.
program.listen({ port: Number(process.env.PORT ?? 8080), signals: true }).then(({ port }) => {
  console.log(`listening on ${port}`);
});

/** A program in a Fastify server with other routes and a pino log. */
import fastify from 'fastify';
import { ZoneProgram } from 'wework-spec-sdk';
import { zoneProgram } from 'wework-spec-sdk/fastify';

const program = new ZoneProgram();

// pino writes to the zone's log; each record contains the id of the current request.
const app = fastify({ logger: { level: 'info', stream: program.log } });

program.ability('count_words', (request: { text: string }) => {
  app.log.info('counting');
  return { errcode: 0, words: request.text.split(/\s+/).filter((word) => word !== '').length };
});

app.get('/healthy', async () => ({ requests: (await program.metrics()).requests }));
app.register(zoneProgram, { program, path: '/' });

process.once('SIGTERM', () => void app.close());

app.listen({ port: Number(process.env.PORT ?? 8080), host: '0.0.0.0' }).then((address) => {
  console.log(`listening on ${new URL(address).port}`);
});

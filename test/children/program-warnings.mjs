// The warnings of a program about a request when neither the platform nor the SDK's log is available.
import { createServer, request } from 'node:http';
import express from 'express';
import { ZoneProgram } from 'wework-spec-sdk';

const [scenario] = process.argv.slice(2);
const program = new ZoneProgram();
const app = express();
if (scenario === 'consumed') app.use(express.text({ type: () => true }));
app.use(program.requestListener);
if (scenario === 'fetched') {
  const consumed = new Request('http://x/', { method: 'POST', body: 'x' });
  await consumed.text();
  process.once('warning', ({ code, message }) => console.log(`${code} ${message}`));
  console.log((await program.fetch(consumed)).status);
  await new Promise((resolve) => setImmediate(resolve));
  process.exit();
}
const server = createServer(app).listen(0, '127.0.0.1');

process.once('warning', ({ code, message }) => console.log(`${code} ${message}`));
server.once('listening', () => {
  const sent = request({ port: server.address().port, host: '127.0.0.1', method: 'POST' });
  sent.once('response', (response) => {
    console.log(response.statusCode);
    response.resume();
    server.close();
  });
  sent.end('body');
});

// A program that handles requests without a server. Nothing but its handler can keep the process alive.
import { ZoneProgram } from 'wework-spec-sdk';

const { REQUESTS, TIMEOUT } = process.env;
const program = new ZoneProgram({ handlerTimeout: Number(TIMEOUT) });
program.ability('never', () => new Promise(() => {}));
program.ability('soon', async () => ({ done: true }));
for (const { headers, body } of JSON.parse(REQUESTS)) await program.handle('POST', headers, body);
process.stdout.write(JSON.stringify((await program.metrics()).requests));

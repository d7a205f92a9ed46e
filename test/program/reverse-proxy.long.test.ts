import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { freePort } from '../support/free-port';
import { namedBlock } from '../support/markdown';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { serveProgram } from '../support/served-program';
import { tempDirs } from '../support/temp-dir';
import { until } from '../support/until';

silenceLog();
const newDir = tempDirs();

/** Starts nginx with the configuration of a page in front of a server. @returns the address of nginx */
async function startNginx(page: string, program: string): Promise<string> {
  const folder = newDir();
  const port = await freePort();
  const location = namedBlock(page, 'nginx.conf').replace('http://127.0.0.1:8080', program);
  for (const name of ['body', 'proxy']) mkdirSync(join(folder, name));
  writeFileSync(
    join(folder, 'nginx.conf'),
    `user root; daemon off; pid nginx.pid; error_log stderr; events {}
    http {
      access_log off; client_body_temp_path body; proxy_temp_path proxy;
      fastcgi_temp_path body; uwsgi_temp_path body; scgi_temp_path body;
      server { listen 127.0.0.1:${port}; ${location} }
    }`,
  );
  const nginx = startProgram('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {});
  onTestEnd(async () => {
    nginx.process.kill();
    await nginx.ended;
  });
  const address = `http://127.0.0.1:${port}/zone/`;
  await until(() =>
    fetch(address).then(
      () => true,
      () => false,
    ),
  );
  return address;
}

test.each(['docs/guide/debug-mode.md', 'docs/zh/guide/debug-mode.md'])(
  'a program behind the proxy of %s gets calls of every size',
  async (page) => {
    const sandbox = await startSandbox();
    onTestEnd(() => sandbox.stop());
    const { address } = await serveProgram(sandbox, (program) =>
      program.ability('size', ({ text }) => ({ errcode: 0, size: text.length })),
    );
    sandbox.programs.address = await startNginx(page, address);
    for (const size of [1, 5_000_000]) {
      const { errcode, response } = await sandbox.call('size', { text: 'x'.repeat(size) });
      expect({ errcode, response }).toEqual({ errcode: 0, response: { errcode: 0, size } });
    }
  },
);

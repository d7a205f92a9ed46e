import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { node, root, runChild } from '../support/child';
import { tempDirs } from '../support/temp-dir';

// node exports its own OpenSSL and comes first in lookup order. An SDK library that gets some functions from node
// and others from the system's copy would mix the two and crash.

const library = join(root, 'out', 'sandbox', 'Release', 'libWeWorkSpecSandbox.so');
const newDir = tempDirs();

/** The file of each OpenSSL symbol that the dynamic linker bound for the library. */
function bindingsOf(dir: string): Map<string, string> {
  const bindings = new Map<string, string>();
  const line = /binding file (\S+) \[0\] to (\S+) \[0\]: normal symbol `(\S+)' \[OPENSSL_/;
  for (const name of readdirSync(dir)) {
    for (const text of readFileSync(join(dir, name), 'utf8').split('\n')) {
      const [, from, to, symbol] = line.exec(text) ?? [];
      if (from === library && to && symbol) {
        bindings.set(symbol, realpathSync(to === 'node' ? node : to));
      }
    }
  }
  return bindings;
}

test('everything works, and the SDK library uses a single copy of OpenSSL', async () => {
  const dir = newDir();
  const { code, signal, stdout, stderr } = await runChild('smoke.mjs', [], {
    env: {
      WEWORK_SPEC_SDK: 'sandbox',
      LD_DEBUG: 'bindings',
      LD_DEBUG_OUTPUT: join(dir, 'bindings'),
    },
  });
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  const result = JSON.parse(lines.pop() as string);
  expect(result).toMatchObject({
    data: '{"text":"你好🌸"}',
    outcome: { kind: 'response', text: '{"errcode":0}' },
    ret: 0,
    errcode: 0,
    unknown: { ret: -10006, response: '' },
    opened: true,
    notifyId: true,
    secretKey: 'secret',
    wrongKey: 'ERR_SPEC_SECRET_KEY',
  });
  expect(lines).toContainEqual(expect.stringMatching(/,INFO,[0-9a-f]{16},smoke\.mjs,\d+,smoke$/));

  const bindings = bindingsOf(dir);
  const symbols = [...bindings.keys()];
  expect(symbols).toContainEqual(expect.stringMatching(/^SSL_/));
  expect(symbols).toContainEqual(expect.stringMatching(/^EVP_/));
  expect(symbols).toContainEqual(expect.stringMatching(/^OSSL_HTTP_/));
  expect(bindings.size).toBeGreaterThan(20);
  const files = [...new Set(bindings.values())];
  expect(files).toHaveLength(1);
  expect(result.openssl.files.map((file: string) => realpathSync(file))).toEqual(files);
  if (files[0] === realpathSync(node)) {
    expect(result.openssl.version).toContain(result.versions.openssl.replace(/\+.*/, ''));
  }
});

import { resolve } from 'node:path';
import { writePrivateFile } from '../../../common/private-file';
import { defineCommand, UsageError } from '../command';
import { writeJson, writeLine, writeText } from '../output';
import { sandboxOf, sandboxOptions } from './sandbox-options';

/** Prints the private key of the corp in a running sandbox, or writes it to a file. */
export const key = defineCommand({
  name: 'key',
  summary: "print the corp's private key, with which programs decrypt secret keys",
  positionals: '[file]',
  description: `The newest key of the simulated corp, as PEM: for DecryptSecretKey and SecretKeyring. With a file, the key is written there, readable by
you alone. To start a program with it, use --private-key-env or --private-key-file of wework-spec sandbox.`,
  options: sandboxOptions,
  examples: [
    ['wework-spec key corp.pem', 'write the key to a file'],
    ['export PRIVATE_KEY="$(wework-spec key)"', 'hand it to a program that you start'],
  ],
  async run(context) {
    const { values, positionals, stdout, cwd } = context;
    const [file, ...more] = positionals;
    if (more.length > 0) throw new UsageError('key: expected at most one file');
    const pair = await (await sandboxOf(context)).send('private-key', {});
    if (file !== undefined) {
      const path = resolve(cwd, file);
      await writePrivateFile(path, pair.privateKeyPem).catch((error: Error) => {
        throw new UsageError(`key: ${error.message}`);
      });
      const { publicKeyVersion } = pair;
      if (values.json) writeJson(stdout, { file: path, publicKeyVersion });
      else writeLine(stdout, `version ${publicKeyVersion}: ${file}`);
    } else if (values.json) writeJson(stdout, pair);
    else writeText(stdout, pair.privateKeyPem);
    return 0;
  },
});

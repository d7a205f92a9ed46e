import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { writePrivateFile } from '../../../common/private-file';
import { defineCommand, UsageError } from '../command';
import { writeJson, writeLine } from '../output';
import { sandboxOf, sandboxOptions } from './sandbox-options';

/** Saves, loads or resets the state of a running sandbox. */
export const state = defineCommand({
  name: 'state',
  summary: 'save, load or reset the state of the sandbox',
  positionals: 'save|load|reset [file]',
  choices: ['save', 'load', 'reset'],
  description: `The file is JSON. It can contain private keys and conversations of the simulated corp, so use it for test data only. It
replaces a file or symbolic link of this name by a new file that you alone can read. "reset" restores the state in which the sandbox was started.`,
  options: sandboxOptions,
  examples: [
    ['wework-spec state save corp.json', 'save the current state'],
    ['wework-spec state load corp.json', 'replace the current state'],
    ['wework-spec state reset', 'restore the initial state'],
  ],
  async run(context) {
    const { values, positionals, stdout, cwd } = context;
    const [verb, file, ...more] = positionals;
    const needsFile = verb === 'save' || verb === 'load';
    if ((!needsFile && verb !== 'reset') || needsFile !== (file !== undefined) || more.length > 0) {
      throw new UsageError(
        'state: expected "save FILE", "load FILE" or "reset"; see wework-spec help state',
      );
    }
    const client = await sandboxOf(context);
    const path = resolve(cwd, file ?? '');
    if (verb === 'save') {
      const saved = JSON.stringify(await client.send('save-state', {}));
      await writePrivateFile(path, `${saved}\n`).catch((error: Error) => {
        throw new UsageError(`state: ${error.message}`);
      });
    } else if (verb === 'load') {
      const text = await readFile(path, 'utf8').catch((error: Error) => {
        throw new UsageError(`state: ${error.message}`);
      });
      let saved: unknown;
      try {
        saved = JSON.parse(text);
      } catch {
        throw new UsageError(`state: ${file} is not JSON`);
      }
      await client.send('load-state', saved);
    } else {
      await client.send('reset', {});
    }
    if (values.json) writeJson(stdout, { done: verb, ...(needsFile ? { file: path } : {}) });
    else
      writeLine(stdout, { save: `saved to ${file}`, load: `loaded ${file}`, reset: 'reset' }[verb]);
    return 0;
  },
});

import { resolve } from 'node:path';
import { checkImage } from '../../image/image-checks';
import { UnreadableImage } from '../../image/image-files';
import { writeChecks } from '../checks';
import { defineCommand, UsageError } from '../command';
import { writeLine } from '../output';

/** Checks an exported image before it is uploaded. */
export const image = defineCommand({
  name: 'image',
  summary: 'check an exported image before it is uploaded to the zone',
  positionals: 'check <folder|tar>',
  description: `Checks a root file system, or the tar file of docker export: the start command, its user and data folder, Node.js, this package
with the addon for the vendor's SDK, every library that these need, and files that must not be in an image, such as private keys. Runs nothing
of it. Exit code 0 if no check fails, else 1.`,
  options: {
    start: {
      type: 'string',
      value: 'COMMAND',
      description: 'the start command that you enter on the admin site',
    },
    json: {
      type: 'boolean',
      description: 'print JSON: { ok, checks: [{ name, status, finding, fix }] }',
    },
  },
  examples: [
    ["wework-spec image check image.tar --start '/bin/sh /app/start.sh'", 'after docker export'],
    ['wework-spec image check ./rootfs --json', 'a folder, for scripts'],
  ],
  async run({ values, positionals, env, cwd, stdout, stderr }) {
    const [verb, target, ...others] = positionals;
    if (verb !== 'check' || target === undefined || others.length > 0) {
      throw new UsageError('image: expected "check <folder|tar>"; see wework-spec help image');
    }
    try {
      const checks = await checkImage(resolve(cwd, target), values.start);
      return writeChecks(checks, { json: values.json ?? false, stdout, env });
    } catch (error) {
      if (!(error instanceof UnreadableImage)) throw error;
      writeLine(stderr, `wework-spec: ${error.message}`);
      return 1;
    }
  },
});

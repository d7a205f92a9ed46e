import { formatSeenRequest } from '../../../sandbox/wire/seen-request';
import { defineCommand } from '../command';
import { writeJson, writeLine } from '../output';
import { limitArgument, limitOption, sandboxOf, sandboxOptions } from './sandbox-options';

/** Shows the requests that passed through a running sandbox. */
export const requests = defineCommand({
  name: 'requests',
  summary: 'show the requests between platform, program and application',
  description: `The newest ones, oldest first: call, job and event to the program, invoke from the program, server from the application. --json
has their decrypted requests and responses.`,
  options: { ...limitOption('the newest ones'), ...sandboxOptions },
  examples: [
    ['wework-spec requests', 'show errcodes and times'],
    ['wework-spec requests --json --limit 1', 'show request and response of the last one'],
  ],
  async run(context) {
    const { values, stdout } = context;
    const query = limitArgument('requests', values.limit);
    const found = await (await sandboxOf(context)).send('requests', query);
    if (values.json) writeJson(stdout, found);
    else if (found.length === 0) writeLine(stdout, 'no requests');
    else for (const request of found) writeLine(stdout, formatSeenRequest(request));
    return 0;
  },
});

import { defineCommand, UsageError } from '../command';
import { styleFor, writeJson, writeLine } from '../output';
import { jsonArgument, sandboxOf, sandboxOptions } from './sandbox-options';

/** Calls an ability of the program in a running sandbox. */
export const call = defineCommand({
  name: 'call',
  summary: 'call an ability of the program in the sandbox',
  positionals: '<ability> [request]',
  description: `Calls the program as an application does, and prints its response. The request is JSON, {} by default; "-" reads it from stdin.
With --async, the command creates a task and waits for the program's report. Exit code 1 if the platform returns an errcode.`,
  options: {
    async: { type: 'boolean', description: 'create a task and wait for its report' },
    'no-wait': { type: 'boolean', description: 'with --async: print the jobid without waiting' },
    'notify-id': {
      type: 'string',
      value: 'ID',
      description: 'notify_id of the notification that caused this call',
    },
    'program-id': {
      type: 'string',
      value: 'ID',
      description: "program to call (default: the sandbox's own)",
    },
    ...sandboxOptions,
  },
  examples: [
    [`wework-spec call chat_analysis '{"days":3}'`, 'call an ability'],
    ['wework-spec call report --async', 'create a task and wait for its result'],
    ['wework-spec call chat_analysis - --json < request.json', 'in scripts'],
  ],
  async run(context) {
    const { values, positionals, stdout, stderr, env, stdin } = context;
    const [ability, text = '{}', ...more] = positionals;
    if (ability === undefined || more.length > 0) {
      throw new UsageError(
        'call: expected an ability and at most one request; see wework-spec help call',
      );
    }
    const request = await jsonArgument(text, 'call: the request', stdin);
    const client = await sandboxOf(context);
    const command = {
      ability,
      request,
      ...(values['notify-id'] === undefined ? {} : { notifyId: values['notify-id'] }),
      ...(values['program-id'] === undefined ? {} : { programId: values['program-id'] }),
    };
    const style = styleFor(stderr, env);
    if (values.async && !values['no-wait'] && stderr.isTTY) {
      writeLine(
        stderr,
        style('dim', "waiting for the program's report; press Ctrl-C to stop waiting"),
      );
    }
    const signal = context.interrupted();
    const result = values.async
      ? await client.send('call-async', { ...command, wait: !values['no-wait'] }, signal)
      : await client.send('call', command, signal);
    const failed = result.errcode !== 0 || (result.response_errcode ?? 0) !== 0;
    if (values.json) {
      writeJson(stdout, result);
      return failed ? 1 : 0;
    }
    if (result.errcode !== 0) {
      writeLine(stderr, style('red', `errcode ${result.errcode}: ${result.errmsg}`));
      return 1;
    }
    if (values.async) writeLine(stderr, style('dim', `job ${result.jobid}`));
    if (failed) writeLine(stderr, style('red', `the job failed: ${result.response_errcode}`));
    if (!values['no-wait']) writeLine(stdout, readable(result.response_data));
    writeLine(stderr, style('dim', `${result.elapsed.toFixed(1)} ms`));
    return failed ? 1 : 0;
  },
});

/** Indents JSON; returns any other text unchanged. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

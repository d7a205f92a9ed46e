import { defineCommand, UsageError } from '../command';
import { styleFor, writeJson, writeLine } from '../output';
import { jsonArgument, sandboxOf, sandboxOptions } from './sandbox-options';

/** Calls an ability of the program in a running sandbox. */
export const call = defineCommand({
  name: 'call',
  summary: 'call an ability of the program in the sandbox, as an application does',
  positionals: '<ability> [request]',
  description: `Prints what the program answers. The request is JSON, {} by default; "-" reads it from the standard input. With --async the
program gets a task, and the command waits for what it reports. Exit code 1 when the platform gives an errcode.`,
  options: {
    async: { type: 'boolean', description: 'give the program a task, and wait for its report' },
    'no-wait': { type: 'boolean', description: 'with --async: print the jobid and do not wait' },
    'notify-id': {
      type: 'string',
      value: 'ID',
      description: 'of the notification that this call answers',
    },
    'program-id': {
      type: 'string',
      value: 'ID',
      description: "the program; default: the sandbox's own",
    },
    ...sandboxOptions,
  },
  examples: [
    [`wework-spec call chat_analysis '{"days":3}'`, 'call an ability'],
    ['wework-spec call report --async', 'give a task and wait for its result'],
    ['wework-spec call chat_analysis - --json < request.json', 'for scripts'],
  ],
  async run(context) {
    const { values, positionals, stdout, stderr, env, stdin } = context;
    const [ability, text = '{}', ...more] = positionals;
    if (ability === undefined || more.length > 0) {
      throw new UsageError(
        'call: give an ability and at most one request; see wework-spec help call',
      );
    }
    const request = await jsonArgument(text, 'call: the request', stdin);
    const client = sandboxOf(context);
    const command = {
      ability,
      request,
      ...(values['notify-id'] === undefined ? {} : { notifyId: values['notify-id'] }),
      ...(values['program-id'] === undefined ? {} : { programId: values['program-id'] }),
    };
    const style = styleFor(stderr, env);
    if (values.async && !values['no-wait'] && stderr.isTTY) {
      writeLine(stderr, style('dim', 'waiting for what the program reports; Ctrl-C gives up'));
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

/** JSON with its members below each other; another text as it is. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

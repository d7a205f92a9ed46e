import { errcodeOf, parseJson } from '../../../common/json';
import type { CallReport } from '../../../sandbox/control/control-service';
import { defineCommand, UsageError } from '../command';
import { styleFor, writeJson, writeLine } from '../output';
import { didYouMean } from '../suggestion';
import { jsonArgument, sandboxOf, sandboxOptions } from './sandbox-options';

/** Calls an ability of the program in a running sandbox. */
export const call = defineCommand({
  name: 'call',
  summary: 'call an ability of the program in the sandbox',
  positionals: '<ability> [request]',
  description: `Calls the program as an application does, and prints its response. The request is JSON, {} by default; "-" reads it from stdin.
With --async, the command creates a task and waits for the program's report. Exit code 1 if the platform returns an errcode, or
if the program's response or report has one.`,
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
    if (values['no-wait'] && !values.async) {
      throw new UsageError('call: --no-wait requires --async');
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
    const failed = result.errcode !== 0 || failureCodeOf(result) !== 0;
    if (values.json) {
      writeJson(stdout, result);
      return failed ? 1 : 0;
    }
    const tell = (text: string): void => writeLine(stderr, style('dim', text));
    if (result.errcode !== 0) {
      writeLine(stderr, style('red', `errcode ${result.errcode}: ${result.errmsg}`));
    } else {
      if (values['no-wait']) writeLine(stdout, result.jobid ?? '');
      else if (values.async) tell(`job ${result.jobid}`);
      if (failed) writeLine(stderr, style('red', failureOf(result, values.async === true)));
      if (!values['no-wait']) writeLine(stdout, readable(result.response_data));
      tell(`${result.elapsed} ms`);
    }
    if (failed && result.request_id !== undefined) {
      tell(`log of the program: wework-spec logs --req-id ${result.request_id}`);
    }
    return failed ? 1 : 0;
  },
});

/** The errcode of the report, or of the program's response; 0 if it has none. */
function failureCodeOf({ response_errcode, response_data }: CallReport): number {
  return response_errcode ?? errcodeOf(response_data);
}

function failureOf(result: CallReport, isAsync: boolean): string {
  const words = `the ${isAsync ? 'job' : 'ability'} failed: errcode ${failureCodeOf(result)}`;
  const { ability, abilities } = result;
  if (ability === undefined || abilities === undefined) return words;
  const list = abilities.length === 0 ? 'none' : abilities.join(', ');
  return `${words}. The program has no ability "${ability}".${didYouMean(ability, abilities)} It has: ${list}`;
}

/** Indents JSON; returns any other text unchanged. */
function readable(text: string): string {
  const parsed = parseJson(text);
  return parsed === undefined ? text : JSON.stringify(parsed.value, undefined, 2);
}

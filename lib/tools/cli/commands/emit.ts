import { zoneEvents } from '../../../interfaces';
import { defineCommand, UsageError } from '../command';
import { styleFor, writeJson, writeLine } from '../output';
import { jsonArgument, sandboxOf, sandboxOptions } from './sandbox-options';

/** Sends an event to the program in a running sandbox. */
export const emit = defineCommand({
  name: 'emit',
  summary: 'send an event to the program in the sandbox',
  positionals: '<event> [object]',
  description: `The object is JSON, as docs/interfaces.md#events describes it: without type and time; "-" reads it from the standard input.
Without an object, that of the documentation's example is sent. Exit code 1 when the program did not take the event.

Events:
${zoneEvents.map(({ eventType, title }) => `  ${eventType.padEnd(36)}${title}`).join('\n')}`,
  options: sandboxOptions,
  examples: [
    [`wework-spec emit conversation_new_message '{"token":"t-1"}'`, 'tell of new messages'],
    ['wework-spec emit hit_keyword', "the documentation's example"],
  ],
  async run(context) {
    const { values, positionals, stdout, stderr, env, stdin } = context;
    const [event, text, ...more] = positionals;
    if (event === undefined || more.length > 0) {
      throw new UsageError('emit: give an event and at most one object; see wework-spec help emit');
    }
    const definition = zoneEvents.find(({ eventType }) => eventType === event);
    const example = definition?.example as Readonly<Record<string, unknown>> | undefined;
    const content =
      text === undefined
        ? example?.[definition?.object ?? '']
        : await jsonArgument(text, 'emit: the object', stdin);
    const result = await sandboxOf(context).send('emit', { event, content: content ?? {} });
    if (values.json) {
      writeJson(stdout, result);
    } else if (result.errcode === 0) {
      writeLine(stdout, `sent; taken after ${result.elapsed.toFixed(1)} ms`);
    } else {
      const style = styleFor(stderr, env);
      writeLine(stderr, style('red', `errcode ${result.errcode}: ${result.errmsg}`));
    }
    return result.errcode === 0 ? 0 : 1;
  },
});

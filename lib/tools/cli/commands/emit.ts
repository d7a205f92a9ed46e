import { zoneEvents } from '../../../interfaces';
import { defineCommand, UsageError } from '../command';
import { styleFor, writeJson, writeLine } from '../output';
import { didYouMean } from '../suggestion';
import { jsonArgument, sandboxOf, sandboxOptions } from './sandbox-options';

/** Sends an event to the program in a running sandbox. */
export const emit = defineCommand({
  name: 'emit',
  summary: 'send an event to the program in the sandbox',
  positionals: '<event> [object]',
  choices: zoneEvents.map(({ eventType }) => eventType),
  description: `The object is the event's own member as in docs/interfaces.md#events, without type and time: JSON, or "-" to read it from stdin.
By default the documentation's example is sent. Exit code 1 if the program does not accept the event.

Events:
${zoneEvents.map(({ eventType, title }) => `  ${eventType.padEnd(36)}${title}`).join('\n')}`,
  options: sandboxOptions,
  examples: [
    [`wework-spec emit conversation_new_message '{"token":"t-1"}'`, 'announce new messages'],
    ['wework-spec emit hit_keyword', "send the documentation's example"],
  ],
  async run(context) {
    const { values, positionals, stdout, stderr, env, stdin } = context;
    const [event, text, ...more] = positionals;
    if (event === undefined || more.length > 0) {
      throw new UsageError(
        'emit: expected an event and at most one object; see wework-spec help emit',
      );
    }
    const definition = zoneEvents.find(({ eventType }) => eventType === event);
    if (definition === undefined) {
      const known = zoneEvents.map(({ eventType }) => eventType);
      throw new UsageError(
        `emit: unknown event "${event}"; see wework-spec help emit.${didYouMean(event, known)}`,
      );
    }
    const example = definition.example as Readonly<Record<string, unknown>> | undefined;
    const content =
      text === undefined
        ? example?.[definition.object]
        : await jsonArgument(text, 'emit: the object', stdin);
    const client = await sandboxOf(context);
    const result = await client.send('emit', { event, content: content ?? {} });
    if (values.json) {
      writeJson(stdout, result);
    } else if (result.errcode === 0) {
      writeLine(stdout, `accepted after ${result.elapsed} ms`);
    } else {
      const style = styleFor(stderr, env);
      writeLine(stderr, style('red', `errcode ${result.errcode}: ${result.errmsg}`));
    }
    return result.errcode === 0 ? 0 : 1;
  },
});

import { integerArgument } from '../arguments';
import { defineCommand, UsageError } from '../command';
import { writeJson, writeLine } from '../output';
import { sandboxOf, sandboxOptions } from './sandbox-options';

/** Archives a message of somebody in a running sandbox. */
export const say = defineCommand({
  name: 'say',
  summary: 'say something in a conversation of the simulated corp',
  positionals: '<from> <to> <text>',
  description: `Archives a message. Sender and receiver are ids, or names that only one has; the receiver can be a group. Keyword rules are applied,
and the program that receives events gets conversation_new_message. wework-spec people lists ids and names.`,
  options: {
    type: {
      type: 'string',
      value: 'N',
      description:
        'msgtype: 1 text (default), 2 image, 8 file …; see sync_msg in docs/interfaces.md',
    },
    ...sandboxOptions,
  },
  examples: [
    ["wework-spec say 吴昊🚀 刘洋 '我要退款'", 'a customer writes to an employee'],
    ["wework-spec say wo-张伟 wr-项目组 '大家好'", 'an employee writes to a group'],
  ],
  async run(context) {
    const { values, positionals, stdout } = context;
    const [from, to, text, ...more] = positionals;
    if (from === undefined || to === undefined || text === undefined || more.length > 0) {
      throw new UsageError(
        'say: expected a sender, a receiver and a text; see wework-spec help say',
      );
    }
    const msgtype =
      values.type === undefined
        ? undefined
        : integerArgument('say: --type', values.type, 0, 2 ** 31);
    const message = await (await sandboxOf(context)).send('say', {
      ...{ from, to, text },
      ...(msgtype === undefined ? {} : { msgtype }),
    });
    if (values.json) writeJson(stdout, message);
    else writeLine(stdout, message.msgid);
    return 0;
  },
});

import { defineCommand } from '../command';
import { localTime, table, writeJson, writeLine, writeText } from '../output';
import { limitArgument, limitOption, sandboxOf, sandboxOptions } from './sandbox-options';

/** Shows the archived messages of a running sandbox. */
export const messages = defineCommand({
  name: 'messages',
  summary: 'show the archived messages of the simulated corp',
  description: 'The newest messages, oldest first, with their texts, which programs never see.',
  options: {
    chat: {
      type: 'string',
      value: 'GROUP',
      description: 'only messages of this group, by id or name',
    },
    ...limitOption('the newest ones'),
    ...sandboxOptions,
  },
  examples: [
    ['wework-spec messages --limit 10', 'show the last ten messages'],
    ['wework-spec messages --chat wr-项目组', 'show the messages of a group'],
  ],
  async run(context) {
    const { values, stdout } = context;
    const { chat } = values;
    const query = {
      ...(chat === undefined ? {} : { chat }),
      ...limitArgument('messages', values.limit),
    };
    const found = await (await sandboxOf(context)).send('messages', query);
    if (values.json) writeJson(stdout, found);
    else if (found.length === 0) writeLine(stdout, 'no messages');
    else {
      const rows = found.map(({ msgid, sendTime, from, to, chatid, msgtype, text }) => [
        localTime(sendTime * 1000),
        msgid,
        from,
        chatid ?? to.join(' '),
        String(msgtype),
        text,
      ]);
      writeText(stdout, table([['TIME', 'MSGID', 'FROM', 'TO', 'TYPE', 'TEXT'], ...rows]));
    }
    return 0;
  },
});

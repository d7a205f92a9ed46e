import { defineCommand } from '../command';
import { localTime, table, writeJson, writeLine, writeText } from '../output';
import { sandboxOf, sandboxOptions } from './sandbox-options';

/** Shows what programs have sent to the application of a running sandbox with `spec_notify_app`. */
export const notifications = defineCommand({
  name: 'notifications',
  summary: 'show the notifications that the application got',
  description: `The last 1000, oldest first. A notify_id is valid for ten minutes: wework-spec call <ability> --notify-id ID.`,
  options: sandboxOptions,
  examples: [['wework-spec notifications', 'show the notify_ids']],
  async run(context) {
    const { values, stdout } = context;
    const found = await (await sandboxOf(context)).send('notifications', {});
    if (values.json) writeJson(stdout, found);
    else if (found.length === 0) writeLine(stdout, 'no notifications');
    else {
      const rows = found.map(({ notifyId, notifyScene, time, status }) => [
        localTime(time),
        notifyId,
        String(notifyScene ?? ''),
        status === undefined ? '' : `HTTP ${status}`,
      ]);
      writeText(stdout, table([['TIME', 'NOTIFY_ID', 'SCENE', 'CALLBACK'], ...rows]));
    }
    return 0;
  },
});

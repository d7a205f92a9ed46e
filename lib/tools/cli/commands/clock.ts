import type { ClockCommand } from '../../../sandbox/control/zone-commands';
import { durationOf, timeArgument } from '../arguments';
import { defineCommand, UsageError } from '../command';
import { localTime, writeJson, writeLine } from '../output';
import { sandboxOf, sandboxOptions } from './sandbox-options';

/** Shows or changes the clock of a running sandbox. */
export const clock = defineCommand({
  name: 'clock',
  summary: "show or change the platform's time",
  positionals: '[set TIME|advance DURATION|resume]',
  choices: ['set', 'advance', 'resume'],
  description: `Tokens, tasks, exports and expiries follow this clock; the timestamps of requests do not. "set" stops the clock at a time, "advance"
moves it (30s, 10m, 2h, 1d; negative: back), "resume" starts it again. Everything that is due happens before the command ends.`,
  options: sandboxOptions,
  examples: [
    ['wework-spec clock', 'show the time'],
    ['wework-spec clock advance 6m', 'expire tokens and finish tasks'],
    ['wework-spec clock set 2026-01-05T09:00', 'stop the clock at a time'],
  ],
  async run(context) {
    const { values, positionals, stdout } = context;
    const command = commandOf(positionals);
    const { now, isStopped } = await (await sandboxOf(context)).send('clock', command);
    const time = new Date(now);
    if (values.json) writeJson(stdout, { now: time.toISOString(), isStopped });
    else writeLine(stdout, `${localTime(time)}${isStopped ? ', stopped' : ''}`);
    return 0;
  },
});

function commandOf([verb, value, ...more]: readonly string[]): ClockCommand {
  if (more.length === 0) {
    if (verb === undefined) return {};
    if (verb === 'resume' && value === undefined) return { resume: true };
    if (verb === 'set' && value !== undefined)
      return { set: timeArgument('clock: the time', value) };
    const duration = value === undefined ? undefined : durationOf(value);
    if (verb === 'advance' && duration !== undefined) return { advance: duration };
  }
  throw new UsageError(
    'clock: expected nothing, "set TIME", "advance DURATION" such as 10m, or "resume"',
  );
}

import { setTimeout as sleep } from 'node:timers/promises';
import {
  formatLogRecord,
  type LogRecord,
  type LogRecordLevel,
} from '../../../sandbox/logs/log-record';
import type { LogQuery } from '../../../sandbox/logs/log-ring';
import { durationOf, timeArgument } from '../arguments';
import { defineCommand, UsageError } from '../command';
import { type Printed, type Style, styleFor, writeJson, writeLine } from '../output';
import { sandboxOf, sandboxOptions } from './sandbox-options';

const LEVELS: readonly LogRecordLevel[] = ['ERR', 'INFO', 'DBG'];
const LOOK_EVERY_MS = 250;

/** Shows the log records of programs in a running sandbox. */
export const logs = defineCommand({
  name: 'logs',
  summary: 'show the log of the program in the sandbox',
  description: `Records have the zone's format: <pid,tid>,datetime,level,req_id,file,line,text. ERR and INFO are collected by default;
set_log_level changes this.`,
  options: {
    follow: {
      type: 'boolean',
      short: 'f',
      description: 'keep printing new records until interrupted',
    },
    'req-id': {
      type: 'string',
      value: 'ID',
      description: 'only records of this request: the req_id of the record, or a request_id',
    },
    level: {
      type: 'string',
      multiple: true,
      value: 'LEVEL',
      choices: LEVELS,
      description: 'only records of this level: ERR, INFO or DBG; can be repeated',
    },
    text: { type: 'string', value: 'TEXT', description: 'only records that contain this text' },
    since: {
      type: 'string',
      value: 'TIME',
      description:
        'only records since then: an age (30s, 10m, 2h, 1d) or a time (2026-01-31T12:00)',
    },
    until: {
      type: 'string',
      value: 'TIME',
      description: 'only records until then, in the same format',
    },
    'program-id': { type: 'string', value: 'ID', description: 'only records of this program' },
    limit: { type: 'string', value: 'N', description: 'only the newest N records (default: 1000)' },
    ...sandboxOptions,
  },
  examples: [
    ['wework-spec logs --follow', 'watch the log'],
    ['wework-spec logs --req-id 0123456789abcdef', 'show the records of one request'],
    ['wework-spec logs --level ERR --since 10m', 'show the errors of the last ten minutes'],
  ],
  async run(context) {
    const { values, stdout, env } = context;
    const query: LogQuery = {
      ...(values['req-id'] === undefined ? {} : { reqId: values['req-id'] }),
      ...(values.level === undefined ? {} : { level: values.level.map(level) }),
      ...(values.text === undefined ? {} : { text: values.text }),
      ...(values.since === undefined ? {} : { since: time('since', values.since) }),
      ...(values.until === undefined ? {} : { until: time('until', values.until) }),
      ...(values['program-id'] === undefined ? {} : { programId: values['program-id'] }),
      ...(values.limit === undefined ? {} : { limit: limit(values.limit) }),
    };
    const client = await sandboxOf(context);
    const style = styleFor(stdout, env);
    const records = await client.send('logs', query);
    if (values.json && !values.follow) {
      writeJson(stdout, records);
      return 0;
    }
    const show = (list: readonly LogRecord[]): void => {
      for (const record of list) {
        if (values.json) writeJson(stdout, record, 0);
        else writeLine(stdout, coloured(record, style));
      }
    };
    // Before the first record is shown: whoever sees it may interrupt at once.
    const signal = values.follow ? context.interrupted() : undefined;
    show(records);
    if (signal === undefined) return 0;
    let after = records.at(-1)?.seq ?? 0;
    while (!signal.aborted) {
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
      if (signal.aborted) break;
      const more = await client.send('logs', { ...query, after });
      show(more);
      after = more.at(-1)?.seq ?? after;
    }
    return 0;
  },
});

function coloured(record: LogRecord, style: Style): Printed {
  const line = formatLogRecord(record);
  if (record.level === 'ERR') return style('red', line);
  return record.level === 'DBG' ? style('dim', line) : line;
}

function level(text: string): LogRecordLevel {
  const found = LEVELS.find((candidate) => candidate === text.toUpperCase());
  if (found === undefined) throw new UsageError('logs: --level must be ERR, INFO or DBG');
  return found;
}

function limit(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError('logs: --limit must be an integer from 1');
  return Number(text);
}

function time(name: string, text: string): number {
  const age = durationOf(text);
  if (age !== undefined && age >= 0) return Date.now() - age;
  return timeArgument(`logs: --${name}`, text, 'an age such as 10m, or a time');
}

import { extname } from 'node:path';
import { MALFORMED_REQUEST, PlatformError } from '../common/platform-error';
import type { MediaFile } from '../state/records';
import type { ZoneState } from '../state/state';
import type { ZoneHandler } from './interface';

const TEMPLATES: ReadonlySet<string> = new Set(['.doc', '.docx', '.xls', '.xlsx', '.txt']);
const JOB_MS = 24 * 3_600_000;
const MAX_FILE_BYTES = 64 * 1024 * 1024;

const STATUS = { waiting: 1, running: 2, done: 3 } as const;

/**
 * `create_chatdata_export_job` (P99838, https://developer.work.weixin.qq.com/document/path/99838). The code comes from
 * `state.exportCode(msgids)`, the file from `state.addMedia(name, content)` or the application's `upload_media`.
 *
 * | errcode | when |
 * |---|---|
 * | 40058 | the code is none, was used, or is older than 5 minutes; the page names no errcode for that |
 * | 40007 | the file is none, is older than three days, or is neither doc, docx, xls, xlsx nor txt |
 * | 710629 | there are more than 100000 message ids |
 * | 45009 | it is the corp's 1001st job of the day |
 *
 * `chat_archive_export_finished` comes when it is done.
 */
export function createChatdataExportJob(
  state: ZoneState,
): ZoneHandler<'create_chatdata_export_job'> {
  return ({ code, media_id: mediaId }, { corpId, now }) => {
    const template = state.media(mediaId);
    if (template === undefined || !TEMPLATES.has(extname(template.name).toLowerCase())) {
      throw new PlatformError(40007);
    }
    const taken = state.takeExportCode(code);
    if (taken === undefined) throw new PlatformError(MALFORMED_REQUEST, 'the code is not good');
    if (taken.msgids.length > state.limits.exportMessages) throw new PlatformError(710629);
    if (state.countCall('create_chatdata_export_job', corpId) > state.limits.exportsPerDay) {
      throw new PlatformError(45009);
    }
    const doneAt = now + state.limits.exportMs;
    const text = textOf(state, taken.msgids, template);
    const jobid = state.addExportJob({ createdAt: now, doneAt, text });
    state.emitAt(doneAt, 'chat_archive_export_finished', { jobid });
    return { jobid };
  };
}

/**
 * `get_chatdata_export_job_status`: waiting for the first half of the time, then running, then done. A file of more than 64 MB ends
 * with `result_errcode` 710629.
 *
 * | errcode | when |
 * |---|---|
 * | 40088 | there is no such job, or it was created more than 24 hours ago |
 */
export function getChatdataExportJobStatus(
  state: ZoneState,
): ZoneHandler<'get_chatdata_export_job_status'> {
  return ({ jobid }, { now }) => {
    const job = state.exportJob(jobid);
    if (job === undefined || now > job.createdAt + JOB_MS) throw new PlatformError(40088);
    if (now < job.doneAt) {
      const isWaiting = now < (job.createdAt + job.doneAt) / 2;
      return { status: isWaiting ? STATUS.waiting : STATUS.running };
    }
    if (Buffer.byteLength(job.text) > MAX_FILE_BYTES) {
      const { message } = new PlatformError(710629, 'the file is larger than 64 MB');
      return { status: STATUS.done, result_errcode: 710629, result_errmsg: message };
    }
    return {
      status: STATUS.done,
      result_id: job.resultId,
      result_errcode: 0,
      result_errmsg: 'ok',
    };
  };
}

/** What the template says, if it is a text, and a line for each message that there is. */
function textOf({ corp }: ZoneState, msgids: readonly string[], template: MediaFile): string {
  const isText = extname(template.name).toLowerCase() === '.txt';
  const head = isText ? [Buffer.from(template.data, 'base64').toString()] : [];
  const lines = msgids.flatMap((msgid) => {
    const message = corp.message(msgid);
    if (message === undefined || !corp.isVisible(message)) return [];
    const { id } = message.sender;
    const name = corp.member(id)?.name ?? corp.customer(id)?.name ?? id;
    return `${new Date(message.sendTime * 1000).toISOString()} ${name}: ${message.text}`;
  });
  return [...head, ...lines].join('\n');
}

import { extname } from 'node:path';
import type { SandboxLimits } from '../../common/limits';
import { MALFORMED_REQUEST, PlatformError } from '../../common/platform-error';
import type { Corp } from '../../corp/corp';
import type { CallStore } from '../../state/call-store';
import type { EventStore } from '../../state/event-store';
import type { ZoneHandler } from '../common/handler';
import type { MediaFile, MediaStore } from '../media/media-store';
import type { ExportStore } from './export-store';

const TEMPLATES: ReadonlySet<string> = new Set(['.doc', '.docx', '.xls', '.xlsx', '.txt']);
const JOB_MS = 24 * 3_600_000;
const MAX_FILE_BYTES = 64 * 1024 * 1024;

const STATUS = { waiting: 1, running: 2, done: 3 } as const;

/** The parts of the state that these interfaces use. */
export interface ExportParts {
  readonly calls: CallStore;
  readonly corp: Corp;
  readonly events: EventStore;
  readonly exports: ExportStore;
  readonly limits: SandboxLimits;
  readonly media: MediaStore;
}

/**
 * `create_chatdata_export_job` (P99838, https://developer.work.weixin.qq.com/document/path/99838). The code comes from
 * `state.exports.issueCode(msgids)`, the file from `state.media.add(name, content)` or the application's `upload_media`.
 *
 * | errcode | when |
 * |---|---|
 * | 40058 | the code is unknown, used, or older than 5 minutes; the page documents no errcode for that |
 * | 40007 | the file is unknown, older than three days, or not a doc, docx, xls, xlsx or txt file |
 * | 710629 | there are more than 100000 message ids |
 * | 45009 | it is the corp's 1001st job on this day |
 *
 * Sends `chat_archive_export_finished` when the job is done.
 */
export function createChatdataExportJob(
  parts: ExportParts,
): ZoneHandler<'create_chatdata_export_job'> {
  const { calls, events, exports, limits, media } = parts;
  return ({ code, media_id: mediaId }, { corpId, now }) => {
    const template = media.get(mediaId);
    if (template === undefined || !TEMPLATES.has(extname(template.name).toLowerCase())) {
      throw new PlatformError(40007);
    }
    const taken = exports.takeCode(code);
    if (taken === undefined) throw new PlatformError(MALFORMED_REQUEST, 'the code is invalid');
    if (taken.msgids.length > limits.exportMessages) throw new PlatformError(710629);
    if (calls.count('create_chatdata_export_job', corpId) > limits.exportsPerDay) {
      throw new PlatformError(45009);
    }
    const doneAt = now + limits.exportMs;
    const text = textOf(parts.corp, taken.msgids, template);
    const jobid = exports.addJob({ createdAt: now, doneAt, text });
    events.emitAt(doneAt, 'chat_archive_export_finished', { jobid });
    return { jobid };
  };
}

/**
 * `get_chatdata_export_job_status`: waiting for the first half of `limits.exportMs`, then running, then done. A file of more than
 * 64 MB results in `result_errcode` 710629.
 *
 * | errcode | when |
 * |---|---|
 * | 40088 | there is no such job, or it was created more than 24 hours ago |
 */
export function getChatdataExportJobStatus({
  exports,
}: ExportParts): ZoneHandler<'get_chatdata_export_job_status'> {
  return ({ jobid }, { now }) => {
    const job = exports.job(jobid);
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

/** The content of the template, if it is a txt file, and a line for each existing and visible message. */
function textOf(corp: Corp, msgids: readonly string[], template: MediaFile): string {
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

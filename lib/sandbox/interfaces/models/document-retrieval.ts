import type { DocRetrievalParams, FilteredContent } from '../../../interfaces/types';
import { errmsgOf, PlatformError } from '../../common/platform-error';
import type { CorpDocument } from '../../corp/content';
import type { Corp } from '../../corp/corp';
import type { GrantStore } from './grant-store';

const SUPPORTED: ReadonlySet<number> = new Set([8, 9, 19, 20, 21]);

/** The texts of documents that a model may read, and the documents that it may not read. */
export interface Retrieved {
  readonly texts: readonly string[];
  readonly filtered: readonly FilteredContent[];
}

/**
 * Retrieves documents for the general model (P99875, https://developer.work.weixin.qq.com/document/path/99875).
 *
 * | errcode | when |
 * |---|---|
 * | 710722, 710737 | by the definition of the interface |
 * | 710728 | documents are not licensed: `state.grants.documents` |
 * | 710726 | the app has no permission for documents: `state.grants.documentPermission` |
 * | 710803 | the ticket is not in `state.grants.tickets`; while that is empty, every ticket is valid |
 * | 710724 | `oper_userid` or a creator is unknown or out of scope |
 * | 710723 | a keyword is empty |
 * | 710725 | `create_time_start` is after `create_time_end` |
 *
 * | errcode in `filtered_content_list` | when |
 * |---|---|
 * | 710729, 710734 | there is no such document or file |
 * | 710733 | the document type is not supported |
 * | 710730, 710736 | `oper_userid` may not read the document or file |
 * | 710732, 710731, 710738 | type, creation time or creator do not match the request |
 */
export function retrieve(corp: Corp, grants: GrantStore, params: DocRetrievalParams): Retrieved {
  if (!grants.documents) throw new PlatformError(710728);
  if (!grants.documentPermission) throw new PlatformError(710726);
  const { tickets } = grants;
  if (tickets.size > 0 && !tickets.has(params.user_doc_ticket)) throw new PlatformError(710803);
  const people = [params.oper_userid, ...(params.creator_userid_list ?? [])];
  if (people.some((userid) => !corp.isInScope(userid))) throw new PlatformError(710724);
  const keywords = params.keywords ?? [];
  if (keywords.some((word) => word.trim() === '')) throw new PlatformError(710723);
  const { create_time_start: start = 0, create_time_end: end = Number.POSITIVE_INFINITY } = params;
  if (start > end) throw new PlatformError(710725);

  const asked = [
    ...(params.docid_list ?? []).map((id) => ({ id, isWedriveFile: false })),
    ...(params.wedrive_fileid_list ?? []).map((id) => ({ id, isWedriveFile: true })),
  ];
  const filtered: FilteredContent[] = [];
  const texts = (params.retrieved_knowledge_list ?? []).map(({ fragment }) => fragment);
  for (const { id, isWedriveFile } of asked) {
    const document = corp.content.documents.find(
      (one) => one.docid === id && one.isWedriveFile === isWedriveFile,
    );
    const errcode = whyNot(document, isWedriveFile, params, { start, end });
    if (errcode !== undefined) {
      const named = isWedriveFile ? { wedrive_fileid: id } : { docid: id };
      filtered.push({ ...named, errcode, errmsg: errmsgOf(errcode) });
    } else if (document !== undefined) texts.push(document.text);
  }
  if (asked.length === 0 && keywords.length > 0) {
    const found = corp.content.documents.filter(
      (document) =>
        whyNot(document, document.isWedriveFile, params, { start, end }) === undefined &&
        keywords.some((word) => document.name.includes(word) || document.text.includes(word)),
    );
    texts.push(...found.map(({ text }) => text));
  }
  return { texts, filtered };
}

function whyNot(
  document: CorpDocument | undefined,
  isWedriveFile: boolean,
  { oper_userid: reader, doc_type: type, creator_userid_list: creators = [] }: DocRetrievalParams,
  { start, end }: { readonly start: number; readonly end: number },
): number | undefined {
  if (document === undefined) return isWedriveFile ? 710734 : 710729;
  if (!SUPPORTED.has(document.type)) return 710733;
  if (!document.readers.includes(reader)) return isWedriveFile ? 710736 : 710730;
  if (type !== undefined && document.type !== type) return 710732;
  if (document.createTime < start || document.createTime > end) return 710731;
  if (creators.length > 0 && !creators.includes(document.creator)) return 710738;
  return undefined;
}

import type { AddedKnowledgeDocument, KnowledgeBaseAddDocRequest } from '../../interfaces/types';
import { MALFORMED_REQUEST, PlatformError } from '../common/platform-error';
import type { KnowledgeBase, StoredDocument } from '../models/knowledge-base';
import type { ZoneState } from '../state/state';
import type { ZoneHandler } from './interface';

const SUFFIXES: Readonly<Record<number, string>> = { 2: '.pdf', 4: '.xlsx', 5: '.doc', 6: '.docx' };
const STATUS = { added: 0, failed: 1, inProgress: 2 } as const;
// Controls, formats such as the zero-width space, and blanks that look like nothing.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u2800\u3164]/u;

/**
 * `knowledge_base_list` and its old name `document_list` (P99836,
 * https://developer.work.weixin.qq.com/document/path/99836).
 *
 * | errcode | when |
 * |---|---|
 * | 710632 | the corp has no knowledge base |
 * | 710643 | none is granted to the app |
 */
export function knowledgeBaseList(state: ZoneState): ZoneHandler<'knowledge_base_list'> {
  return (_request, { agentId }) => {
    const bases = [...state.knowledgeBases.values()].filter(({ isDeleted }) => !isDeleted);
    if (bases.length === 0) throw new PlatformError(710632);
    const granted = bases.filter((base) => base.isGranted && isOf(base, agentId));
    if (granted.length === 0) throw new PlatformError(710643);
    return { kb_info_list: granted.map(({ id, name }) => ({ kb_id: id, kb_name: name })) };
  };
}

/**
 * `knowledge_base_create`.
 *
 * | errcode | when |
 * |---|---|
 * | 790025 | a `web_url` is not one of http or https |
 * | 790026, 790029 | by the definition of the interface |
 * | 790027 | the corp has 1000 knowledge bases already |
 * | 790032 | the name of a file has not the suffix of its type |
 * | 790033 | a name has invisible characters |
 */
export function knowledgeBaseCreate(state: ZoneState): ZoneHandler<'knowledge_base_create'> {
  return ({ kb_name: name, doc_list: documents }, { agentId }) => {
    checkName(name);
    documents.forEach(checkDocument);
    const count = [...state.knowledgeBases.values()].filter((base) => !base.isDeleted).length;
    if (count >= state.limits.knowledgeBases) throw new PlatformError(790027);
    if (documents.length > state.limits.knowledgeDocuments) throw new PlatformError(790026);
    const base: KnowledgeBase = {
      id: state.newId('kb'),
      name,
      agentId,
      isGranted: true,
      isDeleted: false,
      nextDocid: 1,
      documents: [],
    };
    state.knowledgeBases.set(base.id, base);
    return { kb_id: base.id, doc_list: addDocuments(state, base, documents) };
  };
}

/** `knowledge_base_detail`; errcodes as for {@link ownKnowledgeBase}. */
export function knowledgeBaseDetail(state: ZoneState): ZoneHandler<'knowledge_base_detail'> {
  return ({ kb_id: id }, { agentId, now }) => {
    const base = ownKnowledgeBase(state, id, agentId);
    return {
      kb_id: base.id,
      kb_name: base.name,
      doc_list: base.documents.map((document) => ({
        docid: document.docid,
        doc_name: document.name,
        type: document.type,
        ...(document.webUrl === undefined ? {} : { web_url: document.webUrl }),
        status:
          now < document.learntAt
            ? STATUS.inProgress
            : document.isLearnable
              ? STATUS.added
              : STATUS.failed,
      })),
    };
  };
}

/**
 * `knowledge_base_add_doc`; errcodes as for {@link ownKnowledgeBase} and `knowledge_base_create`, and 790029 also for the
 * address of a page that the knowledge base has already.
 */
export function knowledgeBaseAddDoc(state: ZoneState): ZoneHandler<'knowledge_base_add_doc'> {
  return ({ kb_id: id, doc_list: documents }, { agentId }) => {
    const base = ownKnowledgeBase(state, id, agentId);
    documents.forEach(checkDocument);
    const urls = new Set(base.documents.flatMap(({ webUrl }) => webUrl ?? []));
    if (documents.some(({ web_url: url }) => url !== undefined && urls.has(url))) {
      throw new PlatformError(790029);
    }
    if (base.documents.length + documents.length > state.limits.knowledgeDocuments) {
      throw new PlatformError(790026);
    }
    return { doc_list: addDocuments(state, base, documents) };
  };
}

/**
 * `knowledge_base_remove_doc`; errcodes as for {@link ownKnowledgeBase}, and
 *
 * | errcode | when |
 * |---|---|
 * | 790028 | nothing would be left |
 * | 40058 | a docid is unknown; the page names no errcode for that |
 */
export function knowledgeBaseRemoveDoc(state: ZoneState): ZoneHandler<'knowledge_base_remove_doc'> {
  return ({ kb_id: id, docid_list: docids }, { agentId }) => {
    const base = ownKnowledgeBase(state, id, agentId);
    const removed = new Set(docids);
    const known = new Set(base.documents.map(({ docid }) => docid));
    if ([...removed].some((docid) => !known.has(docid))) {
      throw new PlatformError(MALFORMED_REQUEST, 'unknown docid');
    }
    if (removed.size === known.size) throw new PlatformError(790028);
    base.documents = base.documents.filter(({ docid }) => !removed.has(docid));
    return {};
  };
}

/** `knowledge_base_modify_name`; errcodes as for {@link ownKnowledgeBase}, and 790033. */
export function knowledgeBaseModifyName(
  state: ZoneState,
): ZoneHandler<'knowledge_base_modify_name'> {
  return ({ kb_id: id, kb_name: name }, { agentId }) => {
    const base = ownKnowledgeBase(state, id, agentId);
    checkName(name);
    base.name = name;
    return {};
  };
}

/** `knowledge_base_delete`; errcodes as for {@link ownKnowledgeBase}. */
export function knowledgeBaseDelete(state: ZoneState): ZoneHandler<'knowledge_base_delete'> {
  return ({ kb_id: id }, { agentId }) => {
    ownKnowledgeBase(state, id, agentId).isDeleted = true;
    return {};
  };
}

/**
 * A knowledge base that a model may use for the app.
 *
 * @throws PlatformError 800000 there is none with this id; 790034 it was deleted; 790024 another app has created it; 710643 it
 * is not granted to the app.
 */
export function grantedKnowledgeBase(state: ZoneState, id: string, agentId: number): KnowledgeBase {
  const base = state.knowledgeBases.get(id);
  if (base === undefined) throw new PlatformError(800000);
  if (base.isDeleted) throw new PlatformError(790034);
  if (!isOf(base, agentId)) throw new PlatformError(790024);
  if (!base.isGranted) throw new PlatformError(710643);
  return base;
}

/**
 * A knowledge base that the app may change: it has created it by interface, and it is still granted.
 *
 * @throws PlatformError 800000 there is none with this id; 790034 it was deleted; 790024 the app has not created it, or it is not
 * granted any more.
 */
function ownKnowledgeBase(state: ZoneState, id: string, agentId: number): KnowledgeBase {
  const base = state.knowledgeBases.get(id);
  if (base === undefined) throw new PlatformError(800000);
  if (base.isDeleted) throw new PlatformError(790034);
  if (base.agentId !== agentId || !base.isGranted) throw new PlatformError(790024);
  return base;
}

function isOf({ agentId: creator }: KnowledgeBase, agentId: number): boolean {
  return creator === undefined || creator === agentId;
}

type NewDocument = KnowledgeBaseAddDocRequest['doc_list'][number];

function addDocuments(
  state: ZoneState,
  base: KnowledgeBase,
  documents: readonly NewDocument[],
): AddedKnowledgeDocument[] {
  const learntAt = state.clock.now() + state.limits.learningMs;
  return documents.map((document) => {
    const docid = base.nextDocid;
    base.nextDocid += 1;
    const stored = storedDocument(state, document, { docid, learntAt });
    base.documents.push(stored);
    state.emitAt(learntAt, 'knowledge_base_learn_done', {
      knowledge_base_id: base.id,
      knowledge_base_name: base.name,
      doc_id: docid,
      learn_status: stored.isLearnable ? 0 : 1,
    });
    const { doc_name, type } = document;
    return document.web_url === undefined
      ? { doc_name, type, file_media_id: document.file_media_id, docid }
      : { doc_name, type, web_url: document.web_url, docid };
  });
}

function storedDocument(
  state: ZoneState,
  document: NewDocument,
  { docid, learntAt }: { readonly docid: number; readonly learntAt: number },
): StoredDocument {
  const { doc_name: name, type } = document;
  const base = { docid, name, type, learntAt };
  if (document.web_url !== undefined) {
    const webUrl = document.web_url;
    return { ...base, webUrl, isLearnable: state.models.learn({ name, webUrl }) };
  }
  const mediaId = document.file_media_id;
  const isThere = !state.limits.strictMedia || state.media(mediaId) !== undefined;
  return { ...base, mediaId, isLearnable: isThere && state.models.learn({ name }) };
}

function checkName(name: string): void {
  if (INVISIBLE.test(name)) throw new PlatformError(790033);
}

function checkDocument(document: NewDocument): void {
  checkName(document.doc_name);
  if (document.web_url !== undefined) {
    const url = URL.canParse(document.web_url) ? new URL(document.web_url) : undefined;
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:') throw new PlatformError(790025);
    return;
  }
  const suffix = SUFFIXES[document.type] ?? '';
  if (!document.doc_name.toLowerCase().endsWith(suffix)) throw new PlatformError(790032);
}

import type { AddedKnowledgeDocument, KnowledgeBaseAddDocRequest } from '../../../interfaces/types';
import type { SandboxClock } from '../../common/clock';
import type { SandboxLimits } from '../../common/limits';
import { MALFORMED_REQUEST, PlatformError } from '../../common/platform-error';
import type { KnowledgeBase, StoredDocument } from '../../models/knowledge-base';
import type { ModelFunctions } from '../../models/model-functions';
import type { EventStore } from '../../state/event-store';
import type { ZoneHandler } from '../common/handler';
import type { MediaStore } from '../media/media-store';
import type { KnowledgeBaseStore } from './knowledge-base-store';

const SUFFIXES: Readonly<Record<number, string>> = { 2: '.pdf', 4: '.xlsx', 5: '.doc', 6: '.docx' };
const STATUS = { added: 0, failed: 1, inProgress: 2 } as const;
// Control and format characters such as the zero-width space, and blank symbols (Braille blank, Hangul filler).
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u2800\u3164]/u;

/** The parts of the state that these interfaces use. */
export interface KnowledgeBaseParts {
  readonly clock: SandboxClock;
  readonly limits: SandboxLimits;
  readonly knowledgeBases: KnowledgeBaseStore;
  readonly media: MediaStore;
  readonly models: Pick<ModelFunctions, 'learn'>;
  readonly events: EventStore;
}

/**
 * `knowledge_base_list` and its old name `document_list` (P99836,
 * https://developer.work.weixin.qq.com/document/path/99836).
 *
 * | errcode | when |
 * |---|---|
 * | 710632 | the corp has no knowledge base |
 * | 710643 | none is granted to the app |
 */
export function knowledgeBaseList({
  knowledgeBases,
}: KnowledgeBaseParts): ZoneHandler<'knowledge_base_list'> {
  return (_request, { agentId }) => {
    const { existing } = knowledgeBases;
    if (existing.length === 0) throw new PlatformError(710632);
    const granted = existing.filter((base) => base.isGranted && isOf(base, agentId));
    if (granted.length === 0) throw new PlatformError(710643);
    return { kb_info_list: granted.map(({ id, name }) => ({ kb_id: id, kb_name: name })) };
  };
}

/**
 * `knowledge_base_create`.
 *
 * | errcode | when |
 * |---|---|
 * | 790025 | a `web_url` is not an http or https URL |
 * | 790026, 790029 | by the definition of the interface |
 * | 790027 | the corp has 1000 knowledge bases already |
 * | 790032 | a file name does not have the suffix of its type |
 * | 790033 | a name contains invisible characters |
 */
export function knowledgeBaseCreate(
  parts: KnowledgeBaseParts,
): ZoneHandler<'knowledge_base_create'> {
  const { knowledgeBases, limits } = parts;
  return ({ kb_name: name, doc_list: documents }, { agentId }) => {
    checkName(name);
    documents.forEach(checkDocument);
    if (knowledgeBases.existing.length >= limits.knowledgeBases) throw new PlatformError(790027);
    if (documents.length > limits.knowledgeDocuments) throw new PlatformError(790026);
    const base = knowledgeBases.create(name, agentId);
    return { kb_id: base.id, doc_list: addDocuments(parts, base, documents) };
  };
}

/** `knowledge_base_detail`; errcodes as for {@link ownKnowledgeBase}. */
export function knowledgeBaseDetail({
  knowledgeBases,
}: KnowledgeBaseParts): ZoneHandler<'knowledge_base_detail'> {
  return ({ kb_id: id }, { agentId, now }) => {
    const base = ownKnowledgeBase(knowledgeBases, id, agentId);
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
 * `knowledge_base_add_doc`; errcodes as for {@link ownKnowledgeBase} and `knowledge_base_create`; 790029 also for a
 * `web_url` that the knowledge base already contains.
 */
export function knowledgeBaseAddDoc(
  parts: KnowledgeBaseParts,
): ZoneHandler<'knowledge_base_add_doc'> {
  return ({ kb_id: id, doc_list: documents }, { agentId }) => {
    const base = ownKnowledgeBase(parts.knowledgeBases, id, agentId);
    documents.forEach(checkDocument);
    const urls = new Set(base.documents.flatMap(({ webUrl }) => webUrl ?? []));
    if (documents.some(({ web_url: url }) => url !== undefined && urls.has(url))) {
      throw new PlatformError(790029);
    }
    if (base.documents.length + documents.length > parts.limits.knowledgeDocuments) {
      throw new PlatformError(790026);
    }
    return { doc_list: addDocuments(parts, base, documents) };
  };
}

/**
 * `knowledge_base_remove_doc`; errcodes as for {@link ownKnowledgeBase}, and
 *
 * | errcode | when |
 * |---|---|
 * | 790028 | no content would remain |
 * | 40058 | a docid is unknown; the page documents no errcode for that |
 */
export function knowledgeBaseRemoveDoc({
  knowledgeBases,
}: KnowledgeBaseParts): ZoneHandler<'knowledge_base_remove_doc'> {
  return ({ kb_id: id, docid_list: docids }, { agentId }) => {
    const base = ownKnowledgeBase(knowledgeBases, id, agentId);
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
export function knowledgeBaseModifyName({
  knowledgeBases,
}: KnowledgeBaseParts): ZoneHandler<'knowledge_base_modify_name'> {
  return ({ kb_id: id, kb_name: name }, { agentId }) => {
    const base = ownKnowledgeBase(knowledgeBases, id, agentId);
    checkName(name);
    base.name = name;
    return {};
  };
}

/** `knowledge_base_delete`; errcodes as for {@link ownKnowledgeBase}. */
export function knowledgeBaseDelete({
  knowledgeBases,
}: KnowledgeBaseParts): ZoneHandler<'knowledge_base_delete'> {
  return ({ kb_id: id }, { agentId }) => {
    ownKnowledgeBase(knowledgeBases, id, agentId).isDeleted = true;
    return {};
  };
}

/**
 * A knowledge base that a model may use for the app.
 *
 * @throws PlatformError 800000 there is none with this id; 790034 it was deleted; 790024 another app created it; 710643 it is
 * not granted to the app.
 */
export function grantedKnowledgeBase(
  knowledgeBases: KnowledgeBaseStore,
  id: string,
  agentId: number,
): KnowledgeBase {
  const base = existing(knowledgeBases, id);
  if (!isOf(base, agentId)) throw new PlatformError(790024);
  if (!base.isGranted) throw new PlatformError(710643);
  return base;
}

/**
 * A knowledge base that the app may change: one that it created by interface and that is still granted to it.
 *
 * @throws PlatformError 800000 there is none with this id; 790034 it was deleted; 790024 the app did not create it, or it is
 * no longer granted.
 */
function ownKnowledgeBase(
  knowledgeBases: KnowledgeBaseStore,
  id: string,
  agentId: number,
): KnowledgeBase {
  const base = existing(knowledgeBases, id);
  if (base.agentId !== agentId || !base.isGranted) throw new PlatformError(790024);
  return base;
}

function isOf({ agentId: creator }: KnowledgeBase, agentId: number): boolean {
  return creator === undefined || creator === agentId;
}

type NewDocument = KnowledgeBaseAddDocRequest['doc_list'][number];

function addDocuments(
  parts: KnowledgeBaseParts,
  base: KnowledgeBase,
  documents: readonly NewDocument[],
): AddedKnowledgeDocument[] {
  const learntAt = parts.clock.now() + parts.limits.learningMs;
  return documents.map((document) => {
    const docid = base.nextDocid;
    base.nextDocid += 1;
    const stored = storedDocument(parts, document, { docid, learntAt });
    base.documents.push(stored);
    parts.events.emitAt(learntAt, 'knowledge_base_learn_done', {
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
  { limits, media, models }: KnowledgeBaseParts,
  document: NewDocument,
  { docid, learntAt }: { readonly docid: number; readonly learntAt: number },
): StoredDocument {
  const { doc_name: name, type } = document;
  const base = { docid, name, type, learntAt };
  if (document.web_url !== undefined) {
    const webUrl = document.web_url;
    return { ...base, webUrl, isLearnable: models.learn({ name, webUrl }) };
  }
  const mediaId = document.file_media_id;
  const isAvailable = !limits.strictMedia || media.get(mediaId) !== undefined;
  return { ...base, mediaId, isLearnable: isAvailable && models.learn({ name }) };
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

function existing(knowledgeBases: KnowledgeBaseStore, id: string): KnowledgeBase {
  const base = knowledgeBases.all.get(id);
  if (base === undefined) throw new PlatformError(800000);
  if (base.isDeleted) throw new PlatformError(790034);
  return base;
}

import {
  define,
  integer,
  list,
  named,
  optional,
  publicId,
  required,
  struct,
  text,
  type VariantsSchema,
  type ZoneInterfaceDefinition,
} from '../schema';
import { ok } from './shared';

const pages = [99975, 99836, 100030];

const FILE_TYPES = {
  2: 'pdf',
  4: 'xlsx, by the Q&A template of the admin site',
  5: 'doc',
  6: 'docx',
};
const WEB_LINK = { 101: 'web link' };
const OTHER_TYPES = {
  8: 'online doc',
  9: 'online sheet',
  10: 'wedrive text',
  11: 'wedrive pdf',
  12: 'wedrive excel',
  13: 'wedrive doc',
  14: 'wedrive docx',
  15: 'wedrive csv',
  16: 'wedrive folder',
};

const kbId = publicId({ minChars: 1 });
const kbIdField = required(kbId, 'from knowledge_base_create or knowledge_base_list', 800000);
const kbNameNote = 'the name of the knowledge base, for people';
const kbInfoList = list(
  struct({
    kb_id: required(kbId, 'the knowledge base'),
    kb_name: required(text(), kbNameNote),
  }),
);
const kbNameField = required(text({ minChars: 1, maxChars: 20 }), kbNameNote);
const docName = required(
  text({ minChars: 1, maxBytes: 200 }),
  'the name of the content; for a file, with the suffix that matches `type`',
  790032,
);
const docId = integer('uint64', { min: 0 });

/** A content to add. */
const newDocument: VariantsSchema = {
  kind: 'variants',
  typeName: 'NewKnowledgeDocument',
  note: 'A file or a web page to learn from.',
  choose: ({ type }) => (type === 101 ? 1 : 0),
  of: [
    named('NewKnowledgeFile', 'A file to learn from.', {
      doc_name: docName,
      type: required(integer('uint32', { values: FILE_TYPES }), 'the format of the file'),
      file_media_id: required(
        text({ minChars: 1, maxBytes: 1024 }),
        'temporary file of the zone, from upload_media',
      ),
    }),
    named('NewKnowledgeLink', 'A web page to learn from.', {
      doc_name: docName,
      type: required(integer('uint32', { values: WEB_LINK }), 'always 101'),
      web_url: required(
        text({ minChars: 1, maxBytes: 1024 }),
        'the address, http or https',
        790025,
      ),
    }),
  ],
};

const newDocuments = required(
  list(newDocument, { min: 1, max: 1000 }),
  'the contents to learn',
  790026,
);

const addedDocument = named('AddedKnowledgeDocument', 'An added content.', {
  doc_name: required(text(), 'as in the request'),
  type: required(
    integer('uint32', { values: { ...FILE_TYPES, ...WEB_LINK } }),
    'as in the request',
  ),
  file_media_id: optional(text(), 'only for a file'),
  web_url: optional(text(), 'only for a web page'),
  docid: required(docId, 'id inside the knowledge base'),
});

const addedNote =
  'the contents with their ids; learning continues, and knowledge_base_learn_done reports its end';

const hasDoubleUrl = ({ doc_list: docs }: Readonly<Record<string, unknown>>): boolean => {
  const urls = (Array.isArray(docs) ? docs : [])
    .map((doc: { web_url?: unknown }) => doc.web_url)
    .filter((url) => url !== undefined);
  return new Set(urls).size < urls.length;
};

const noDoubleUrl = {
  errcode: 790029,
  text: 'no `web_url` is a duplicate',
  isBroken: hasDoubleUrl,
};

/** The errcodes of calls for an existing knowledge base. */
const existing = [790024, 790032, 790033, 790034, 800000];

export const knowledgeBaseInterfaces: readonly ZoneInterfaceDefinition[] = [
  define({
    name: 'knowledge_base_list',
    title: {
      zh: '获取企业授权给应用的知识集列表',
      en: 'List knowledge bases granted to the application',
    },
    group: 'knowledge base',
    pages,
    effect: 'read',
    response: {
      kb_info_list: required(kbInfoList, 'the knowledge bases granted to the application'),
    },
    errcodes: [710632, 710643],
    notes: ['Before the SDK of 2024-09-20 its name was document_list.'],
    example: {
      request: {},
      response: {
        ...ok,
        kb_info_list: [{ kb_id: 'kb-1', kb_name: 'faq' }],
      },
    },
  }),
  define({
    name: 'knowledge_base_create',
    title: { zh: '创建知识集', en: 'Create knowledge base' },
    group: 'knowledge base',
    pages,
    effect: 'create',
    request: { kb_name: kbNameField, doc_list: newDocuments },
    rules: [noDoubleUrl],
    response: {
      kb_id: required(kbId, 'the new knowledge base'),
      doc_list: required(list(addedDocument), addedNote),
    },
    errcodes: [790025, 790026, 790027, 790029, 790032, 790033],
    limits: [
      '1000 knowledge bases per corp',
      'cannot add online docs, online sheets or wedrive files',
    ],
    example: {
      request: {
        kb_name: 'faq',
        doc_list: [{ doc_name: 'a.pdf', type: 2, file_media_id: 'media-1' }],
      },
      response: {
        ...ok,
        kb_id: 'kb-1',
        doc_list: [{ doc_name: 'a.pdf', type: 2, file_media_id: 'media-1', docid: 1 }],
      },
    },
  }),
  define({
    name: 'knowledge_base_detail',
    title: { zh: '获取知识集详情', en: 'Get knowledge base details' },
    group: 'knowledge base',
    pages,
    effect: 'read',
    request: { kb_id: kbIdField },
    response: {
      kb_id: required(kbId, 'as in the request'),
      kb_name: required(text(), kbNameNote),
      doc_list: required(
        list(
          named('KnowledgeDocument', 'A content of a knowledge base.', {
            docid: required(docId, 'id inside the knowledge base'),
            doc_name: required(text(), 'the name of the content'),
            type: required(
              integer('uint32', {
                values: { ...FILE_TYPES, ...OTHER_TYPES, ...WEB_LINK },
                mayGrow: true,
              }),
              'what the content is',
            ),
            web_url: optional(text(), 'only for a web page'),
            status: required(
              integer('int32', { values: { 0: 'added', 1: 'failed', 2: 'in progress' } }),
              'how far learning is',
            ),
          }),
        ),
        'the contents of the knowledge base',
      ),
    },
    errcodes: existing,
    limits: [
      'only knowledge bases that this application has created with knowledge_base_create and that are still granted',
    ],
    example: {
      request: { kb_id: 'kb-1' },
      response: {
        ...ok,
        kb_id: 'kb-1',
        kb_name: 'faq',
        doc_list: [{ docid: 1, doc_name: 'a.pdf', type: 2, status: 0 }],
      },
    },
  }),
  define({
    name: 'knowledge_base_add_doc',
    title: { zh: '添加知识集内容', en: 'Add contents' },
    group: 'knowledge base',
    pages,
    effect: 'create',
    request: { kb_id: kbIdField, doc_list: newDocuments },
    rules: [noDoubleUrl],
    response: { doc_list: required(list(addedDocument), addedNote) },
    errcodes: [790025, 790026, 790029, ...existing],
    limits: ['1000 contents in a knowledge base'],
    example: {
      request: {
        kb_id: 'kb-1',
        doc_list: [{ doc_name: 'page', type: 101, web_url: 'https://example.com' }],
      },
      response: {
        ...ok,
        doc_list: [{ doc_name: 'page', type: 101, web_url: 'https://example.com', docid: 2 }],
      },
    },
  }),
  define({
    name: 'knowledge_base_remove_doc',
    title: { zh: '删除知识集内容', en: 'Remove contents' },
    group: 'knowledge base',
    pages,
    effect: 'write',
    request: {
      kb_id: kbIdField,
      docid_list: required(list(docId, { min: 1, max: 1000 }), 'the contents to remove'),
    },
    errcodes: [790028, ...existing],
    limits: ['at least one content must remain'],
    example: {
      request: { kb_id: 'kb-1', docid_list: [2] },
      response: ok,
    },
  }),
  define({
    name: 'knowledge_base_modify_name',
    title: { zh: '修改知识集名称', en: 'Rename knowledge base' },
    group: 'knowledge base',
    pages,
    effect: 'write',
    request: { kb_id: kbIdField, kb_name: kbNameField },
    errcodes: existing,
    example: {
      request: { kb_id: 'kb-1', kb_name: 'faq2' },
      response: ok,
    },
  }),
  define({
    name: 'knowledge_base_delete',
    title: { zh: '删除知识集', en: 'Delete knowledge base' },
    group: 'knowledge base',
    pages,
    effect: 'write',
    request: { kb_id: kbIdField },
    errcodes: existing,
    example: { request: { kb_id: 'kb-1' }, response: ok },
  }),
  define({
    name: 'document_list',
    title: { zh: '获取知识集列表（旧名）', en: 'Old name of knowledge_base_list' },
    group: 'knowledge base',
    pages: [100249],
    confidence: 'name only',
    successor: 'knowledge_base_list',
    effect: 'read',
    response: {
      kb_info_list: optional(kbInfoList, 'assumed to be the same as for knowledge_base_list'),
    },
    example: { request: {}, response: ok },
  }),
];

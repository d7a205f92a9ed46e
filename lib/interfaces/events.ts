import {
  type Field,
  int,
  integer,
  optional,
  pageAddress,
  publicId,
  required,
  text,
} from './schema';

/** An event that the platform sends to programs (call type 2). */
export interface ZoneEventDefinition {
  readonly eventType: string;
  readonly title: string;
  /** Number of the official page. */
  readonly page: number;
  /** Name of the object in the event; not always the same as the event type. */
  readonly object: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly notes: readonly string[];
  readonly example: object;
}

const timestamp = 1_760_000_000;

const knowledgeBase = {
  knowledge_base_id: required(publicId(), 'the `kb_id` of the interfaces'),
  knowledge_base_name: required(text(), 'the `kb_name` of the interfaces'),
};

const exampleKnowledgeBase = { knowledge_base_id: 'kb-1', knowledge_base_name: 'faq' };

const token = (more: string) => required(text({ maxBytes: 128 }), `${more}; valid for 10 minutes`);

/** The nine event types on the official pages, as of 2026-07. */
export const zoneEvents: readonly ZoneEventDefinition[] = [
  {
    eventType: 'chat_archive_audit_approved_single',
    title: 'A customer agreed to the archiving of a single chat',
    page: 99852,
    object: 'chat_archive_audit_approved',
    fields: {
      userid: required(text(), 'the staff member'),
      external_userid: required(text(), 'the customer'),
      chatid: optional(text(), 'only in the example of the page, not in its table'),
    },
    notes: [],
    example: {
      event_type: 'chat_archive_audit_approved_single',
      timestamp,
      chat_archive_audit_approved: { userid: 'wo-staff-1', external_userid: 'wm-cust-1' },
    },
  },
  {
    eventType: 'chat_archive_audit_approved_room',
    title: 'A customer agreed to the archiving of a group chat',
    page: 99852,
    object: 'chat_archive_audit_approved',
    fields: {
      external_userid: required(text(), 'the customer'),
      chatid: required(text(), 'the group'),
    },
    notes: [],
    example: {
      event_type: 'chat_archive_audit_approved_room',
      timestamp,
      chat_archive_audit_approved: { external_userid: 'wm-cust-1', chatid: 'wr-1' },
    },
  },
  {
    eventType: 'conversation_new_message',
    title: 'New messages have arrived',
    page: 99853,
    object: 'conversation_new_message',
    fields: { token: token('pass it as `token` to sync_msg') },
    notes: [],
    example: {
      event_type: 'conversation_new_message',
      timestamp,
      conversation_new_message: { token: 't-1' },
    },
  },
  {
    eventType: 'hit_keyword',
    title: 'Messages hit a keyword rule',
    page: 99830,
    object: 'hit_keyword',
    fields: { token: token('pass it as `token` to get_hit_msg_list') },
    notes: [`Its structure is documented on ${pageAddress(100052)} only.`],
    example: { event_type: 'hit_keyword', timestamp, hit_keyword: { token: 't-1' } },
  },
  {
    eventType: 'auth_knowledge_base',
    title: 'A knowledge base was granted to the application',
    page: 99855,
    object: 'auth_knowledge_base',
    fields: knowledgeBase,
    notes: [],
    example: {
      event_type: 'auth_knowledge_base',
      timestamp,
      auth_knowledge_base: exampleKnowledgeBase,
    },
  },
  {
    eventType: 'unauth_knowledge_base',
    title: 'The grant of a knowledge base was revoked',
    page: 99855,
    object: 'unauth_knowledge_base',
    fields: knowledgeBase,
    notes: [],
    example: {
      event_type: 'unauth_knowledge_base',
      timestamp,
      unauth_knowledge_base: exampleKnowledgeBase,
    },
  },
  {
    eventType: 'delete_knowledge_base',
    title: 'A knowledge base was deleted',
    page: 99855,
    object: 'delete_knowledge_base',
    fields: knowledgeBase,
    notes: [],
    example: {
      event_type: 'delete_knowledge_base',
      timestamp,
      delete_knowledge_base: exampleKnowledgeBase,
    },
  },
  {
    eventType: 'knowledge_base_learn_done',
    title: 'Learning a content of a knowledge base has succeeded or failed',
    page: 99855,
    object: 'knowledge_base_learn_done',
    fields: {
      ...knowledgeBase,
      doc_id: required(integer('uint64'), 'the content'),
      learn_status: required(
        int({ values: { 0: 'learnt', 1: 'failed' } }),
        'the result of learning',
      ),
    },
    notes: [
      'Sent once for each content.',
      'The page does not document the type of doc_id; this package assumes a number, like `docid` of the interfaces.',
    ],
    example: {
      event_type: 'knowledge_base_learn_done',
      timestamp,
      knowledge_base_learn_done: { ...exampleKnowledgeBase, doc_id: 1, learn_status: 0 },
    },
  },
  {
    eventType: 'chat_archive_export_finished',
    title: 'An export job has finished',
    page: 99867,
    object: 'chat_archive_export_finished',
    fields: {
      jobid: required(
        publicId({ maxBytes: 64 }),
        'for get_chatdata_export_job_status; valid for 24 hours',
      ),
    },
    notes: [],
    example: {
      event_type: 'chat_archive_export_finished',
      timestamp,
      chat_archive_export_finished: { jobid: 'j-1' },
    },
  },
];

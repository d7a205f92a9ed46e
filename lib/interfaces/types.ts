// Made by scripts/generate-interfaces.mjs from lib/interfaces: change those, not this file.

/** What every response has. Other errcodes than 0 are thrown as ZoneApiError. */
export interface ZoneResponse {
  errcode: 0;
  /** A text for people; do not match on it. */
  errmsg: string;
}

/** A message of the conversation archive, without its content: that stays with the platform. */
export interface ArchivedMessage {
  msgid: string;
  sender: MessageParty;
  /** Without the sender, except in a message to oneself. */
  receiver_list: MessageParty[];
  /** Only in group messages. */
  chatid?: string;
  /** Unix seconds. */
  send_time: number;
  /** 0 unsupported, 1 text, 2 image, 3 emotion, 4 link, 5 mini program, 6 voice, 7 video, 8 file, 9 card, 10 forwarded, 11 channels, 12 schedule, 13 red packet, 14 location, 15 quick meeting, 16 todo, 17 vote, 18 online doc, 19 news, 20 mixed, 21 audio archive, 22 av call, 23 wedrive file, 24 archive agreed, 25 archive refused, 26 group solitaire, 27 markdown, 28 note. */
  msgtype: Msgtype | (number & {});
  service_encrypt_info: ServiceEncryptInfo;
  /** Only with `call_duration`. */
  extra_info?: {
    /** Seconds; `msgtype` 21 or 22 only. */
    call_duration: number;
  };
}

/** A sender or receiver of messages. */
export interface MessageParty {
  /** 1 staff, 2 external contact, 3 robot. */
  type: 1 | 2 | 3 | (number & {});
  /** Userid, external_userid or robot id, according to `type`. */
  id: string;
}

/**
 * What a message is:
 * - 0 unsupported
 * - 1 text
 * - 2 image
 * - 3 emotion
 * - 4 link
 * - 5 mini program
 * - 6 voice
 * - 7 video
 * - 8 file
 * - 9 card
 * - 10 forwarded
 * - 11 channels
 * - 12 schedule
 * - 13 red packet
 * - 14 location
 * - 15 quick meeting
 * - 16 todo
 * - 17 vote
 * - 18 online doc
 * - 19 news
 * - 20 mixed
 * - 21 audio archive
 * - 22 av call
 * - 23 wedrive file
 * - 24 archive agreed
 * - 25 archive refused
 * - 26 group solitaire
 * - 27 markdown
 * - 28 note
 */
export type Msgtype =
  | 0
  | 1
  | 2
  | 3
  | 4
  | 5
  | 6
  | 7
  | 8
  | 9
  | 10
  | 11
  | 12
  | 13
  | 14
  | 15
  | 16
  | 17
  | 18
  | 19
  | 20
  | 21
  | 22
  | 23
  | 24
  | 25
  | 26
  | 27
  | 28;

/** The encrypted key of one archived message; SecretKeyring opens it. */
export interface ServiceEncryptInfo {
  /** Base64; RSA with PKCS#1 v1.5 padding and the corp's public key. */
  encrypted_secret_key: string;
  /** Version of the key pair used. */
  public_key_ver: number;
}

/** What a rule looks for in texts. */
export interface RuleKeyword {
  /** At most 20 entries, each 1 to 32 characters. */
  word_list?: readonly string[] | undefined;
  /** Default 1; needs `word_list`. 0 no, 1 yes. */
  is_case_sensitive?: 0 | 1 | undefined;
  /** Default 0; needs `word_list`. 0 contains, 1 exact. */
  match_rule?: 0 | 1 | undefined;
  /** Default 0; only with `match_rule` 1. 0 no, 1 yes. */
  is_trim_msg?: 0 | 1 | undefined;
}

/**
 * Values:
 * - 1 red packet
 * - 2 mobile number
 * - 3 e-mail
 * - 4 WeChat card
 * - 5 picture with QR code
 * - 6 recall
 * - 7 bank card
 * - 8 id card
 * - 9 file (not of wedrive)
 * - 10 link
 * - 11 mini program
 * - 12 welcome message to a customer
 */
export type RuleSemantics = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12;

/** Where a rule applies. */
export interface RuleRange {
  target_type?:
    | {
        /** Absent: both. 1 staff, 2 customer. */
        type_list?: readonly (1 | 2)[] | undefined;
      }
    | undefined;
  chat_type?:
    | {
        /** Absent: both. 1 single, 2 group. */
        type_list?: readonly (1 | 2)[] | undefined;
      }
    | undefined;
  department?:
    | {
        /** Without `target_type` customers are included too. At most 100 entries. */
        id_list?: readonly number[] | undefined;
      }
    | undefined;
  user?:
    | {
        /** open_userid; united with `department`; an older copy of the page says at most 100. At most 1000 entries. */
        id_list?: readonly string[] | undefined;
      }
    | undefined;
  external_contact?:
    | {
        /** external_userid. At most 100 entries. */
        id_list?: readonly string[] | undefined;
      }
    | undefined;
  chat?:
    | {
        /** Chatid; no effect on `msgtype` 21. At most 2000 entries. */
        id_list?: readonly string[] | undefined;
      }
    | undefined;
  /** Default 1. 1 sent, 2 received, 3 both. */
  msg_scope?: 1 | 2 | 3 | undefined;
  exclude_mobile?:
    | {
        /** Phone numbers that do not count. At most 100 entries. */
        mobile_list?: readonly string[] | undefined;
      }
    | undefined;
  exclude_bank_card?:
    | {
        /** Card numbers that do not count. At most 100 entries. */
        bank_card_list?: readonly string[] | undefined;
      }
    | undefined;
  exclude_email?:
    | {
        /** Addresses that do not count. At most 100 entries. */
        email_list?: readonly string[] | undefined;
      }
    | undefined;
  session_type?:
    | {
        /** 1 internal, 2 external. */
        session_type_list?: readonly (1 | 2)[] | undefined;
      }
    | undefined;
  exclude_keyword?:
    | {
        /** Words that do not count; the page's type column says Integer[], its example holds texts. At most 20 entries, each 1 to 32 characters. */
        word_list?: readonly string[] | undefined;
      }
    | undefined;
  voice_match_msgtype?:
    | {
        /** Lets words match speech. 6 voice, 21 audio archive. */
        type_list?: readonly (6 | 21)[] | undefined;
      }
    | undefined;
}

/** A message that hit keyword rules. */
export interface HitMessage {
  msgid: string;
  /** Only with `need_detail` 1. */
  msg_detail?: {
    sender: MessageParty;
    /** Without the sender, except in a message to oneself. */
    receiver_list: MessageParty[];
    /** Only in group messages. */
    chatid?: string;
    /** Unix seconds. */
    send_time: number;
    /** 0 unsupported, 1 text, 2 image, 3 emotion, 4 link, 5 mini program, 6 voice, 7 video, 8 file, 9 card, 10 forwarded, 11 channels, 12 schedule, 13 red packet, 14 location, 15 quick meeting, 16 todo, 17 vote, 18 online doc, 19 news, 20 mixed, 21 audio archive, 22 av call, 23 wedrive file, 24 archive agreed, 25 archive refused, 26 group solitaire, 27 markdown, 28 note. */
    msgtype: Msgtype | (number & {});
    service_encrypt_info: ServiceEncryptInfo;
  };
  hit_rule_list: {
    rule_id: string;
    has_hit_keyword: boolean;
    /** 1 red packet, 2 mobile number, 3 e-mail, 4 WeChat card, 5 picture with QR code, 6 recall, 7 bank card, 8 id card, 9 file (not of wedrive), 10 link, 11 mini program, 12 welcome message to a customer. */
    semantics_list: RuleSemantics[];
  }[];
}

/** A file or a web page to learn from. */
export type NewKnowledgeDocument = NewKnowledgeFile | NewKnowledgeLink;

/** A file to learn from. */
export interface NewKnowledgeFile {
  /** Files need the right suffix. At most 200 bytes. */
  doc_name: string;
  /** 2 pdf, 4 xlsx, by the Q&A template of the admin site, 5 doc, 6 docx. */
  type: 2 | 4 | 5 | 6;
  /** Temporary file of the zone, from upload_media. At most 1024 bytes. */
  file_media_id: string;
  web_url?: never | undefined;
}

/** A web page to learn from. */
export interface NewKnowledgeLink {
  /** Files need the right suffix. At most 200 bytes. */
  doc_name: string;
  /** 101 web link. */
  type: 101;
  /** Http or https. At most 1024 bytes. */
  web_url: string;
  file_media_id?: never | undefined;
}

/** A content that was added. */
export interface AddedKnowledgeDocument {
  doc_name: string;
  /** 2 pdf, 4 xlsx, by the Q&A template of the admin site, 5 doc, 6 docx, 101 web link. */
  type: 2 | 4 | 5 | 6 | 101;
  /** Of a file. */
  file_media_id?: string;
  /** Of a web page. */
  web_url?: string;
  /** Id inside the knowledge base. */
  docid: number;
}

/** A content of a knowledge base. */
export interface KnowledgeDocument {
  docid: number;
  doc_name: string;
  /** 2 pdf, 4 xlsx, by the Q&A template of the admin site, 5 doc, 6 docx, 8 online doc, 9 online sheet, 10 wedrive text, 11 wedrive pdf, 12 wedrive excel, 13 wedrive doc, 14 wedrive docx, 15 wedrive csv, 16 wedrive folder, 101 web link. */
  type: 2 | 4 | 5 | 6 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 101 | (number & {});
  /** Of a web page. */
  web_url?: string;
  /** 0 added, 1 failed, 2 in progress. */
  status: 0 | 1 | 2;
}

/** The official pages know two variants: with and without `ability_id`. Which one a corp needs is to be tried in a real zone. */
export type CreateWwModelTaskRequest = CreateWwModelTaskByProtocol | CreateWwModelTaskByAbility;

/** As page 99875 has it: the protocol that is set on the admin site decides about the prompt. */
export interface CreateWwModelTaskByProtocol {
  /** Knowledge base. */
  kb_id?: string | undefined;
  /** Of `msg_list` and `doc_retrieval_params` at least one; of duplicates the first counts. At most 1000 entries. */
  msg_list?: readonly MessageKey[] | undefined;
  /** From the admin site: Hunyuan or DeepSeek, quick or deep; default Hunyuan quick. */
  model_id?: string | undefined;
  /** Default false; true lets deep models put <think>…</think> in front. */
  need_think_result?: boolean | undefined;
  doc_retrieval_params?: DocRetrievalParams | undefined;
  ability_id?: never | undefined;
  tag_group_list?: never | undefined;
  kb_retrieval_words?: never | undefined;
  var_args?: never | undefined;
}

/** A message and the key that opens it for a model; `SecretKeyring.toMsgList` makes lists of them. */
export interface MessageKey {
  /** From sync_msg. */
  msgid: string;
  encrypt_info: {
    /** encrypted_secret_key after RSA decryption with the private key. */
    secret_key: string;
  };
}

/** Which documents the model looks into. On a grey release; needs the document-archive permission. */
export interface DocRetrievalParams {
  /** Who searches. */
  oper_userid: string;
  /** From the OAuth user identity call. */
  user_doc_ticket: string;
  /** At most 300 characters in all; when given, the search is by keyword. At most 20 entries. */
  keywords?: readonly string[] | undefined;
  /** Without `keywords` the search is in the full text. At most 1000 entries. */
  docid_list?: readonly string[] | undefined;
  /** At most 1000 entries. */
  wedrive_fileid_list?: readonly string[] | undefined;
  /** 8 doc, 9 sheet, 19 smart sheet, 20 mind map, 21 smart doc. */
  doc_type?: 8 | 9 | 19 | 20 | 21 | undefined;
  /** Unix seconds. */
  create_time_start?: number | undefined;
  /** Unix seconds. */
  create_time_end?: number | undefined;
  /** At most 20 entries. */
  creator_userid_list?: readonly string[] | undefined;
  /** Of `keywords`, `docid_list`, `wedrive_fileid_list` and this at least one. At most 100 entries. */
  retrieved_knowledge_list?:
    | readonly {
        /** At most 10000 characters. */
        fragment: string;
        /** The caller's own reference. */
        ref_id: string;
      }[]
    | undefined;
}

/** As page 100289 has it: `ability_id` chooses the input protocol, which is the prompt. */
export interface CreateWwModelTaskByAbility {
  /** Chooses the input protocol. */
  ability_id: string;
  /** Knowledge base. */
  kb_id?: string | undefined;
  /** Of `msg_list` and `doc_retrieval_params` at least one; of duplicates the first counts. At most 1000 entries. */
  msg_list?: readonly MessageKey[] | undefined;
  /** From the admin site: Hunyuan or DeepSeek, quick or deep; default Hunyuan quick. */
  model_id?: string | undefined;
  /** Default false; true lets deep models put <think>…</think> in front. */
  need_think_result?: boolean | undefined;
  doc_retrieval_params?: DocRetrievalParams | undefined;
  tag_group_list?: readonly TagGroup[] | undefined;
  /** Words to look for in the knowledge base. */
  kb_retrieval_words?: string | undefined;
  /** Variables of the prompt. */
  var_args?:
    | readonly {
        name: string;
        value: string;
      }[]
    | undefined;
}

/** A group of customer tags. */
export interface TagGroup {
  /** Customer tag group. */
  group_id: string;
}

/** A message that a task refused when it was created; only duplicates of a msgid are. */
export interface RefusedMessage {
  errcode: number;
  errmsg: string;
  msgid: string;
  /** Echo of the request. */
  encrypt_info: {
    secret_key: string;
  };
}

/** A message that a task could not use. */
export interface FailedMessage {
  /** For example 710601. */
  errcode: number;
  errmsg: string;
  msgid: string;
}

/** A document that the model did not get to see. */
export interface FilteredContent {
  /** This or `wedrive_fileid`. */
  docid?: string;
  wedrive_fileid?: string;
  /** For example 710728 or 710729. */
  errcode: number;
  errmsg: string;
}

/** A tag that fits the conversation. */
export interface MatchedTag {
  group_id: string;
  tag_id: string;
}

/** The sentiment of one message. */
export interface AnalyzedSentiment {
  errcode: number;
  errmsg: string;
  msgid: string;
  /** 0 none, 1 positive, 2 negative. */
  sentiment_result: 0 | 1 | 2;
}

/** Whether one message is spam. */
export interface AnalyzedSpam {
  errcode: number;
  errmsg: string;
  msgid: string;
  /** 0 clean, 1 political, 2 porn. */
  spam_result: 0 | 1 | 2;
}

/** Request of `sync_msg`: Pull conversation records. */
export interface SyncMsgRequest {
  /** `next_cursor` of the last call; absent: from the oldest message of the last 5 days. At most 128 bytes. */
  cursor?: string | undefined;
  /** From the conversation_new_message event, valid for 10 minutes; without it a strict rate limit applies. At most 128 bytes. */
  token?: string | undefined;
  /** Messages in a page; default 200. 1 to 1000. */
  limit?: number | undefined;
  /** Default 0. 0 msg_list, 1 page_id_list, 2 adaptive: msg_list when one page suffices, else page_id_list. */
  mode?: 0 | 1 | 2 | undefined;
  /** Unix seconds; only to pull again without a known cursor; starts near that time. */
  begin_time?: number | undefined;
}

/** Request of `get_msg_list_by_page_id`: Messages of one page_id. */
export interface GetMsgListByPageIdRequest {
  /** From sync_msg.page_id_list. */
  page_id: string;
}

/** Request of `get_agree_status_single`: Archive consent of single chats. */
export interface GetAgreeStatusSingleRequest {
  /** More are refused. At most 100 entries. */
  item: readonly {
    /** Member, must be in the archive scope. */
    userid: string;
    external_userid: string;
  }[];
}

/** Request of `get_agree_status_room`: Archive consent of a group chat. */
export interface GetAgreeStatusRoomRequest {
  /** At least one member must be in the archive scope. */
  chatid: string;
}

/** Request of `get_group_chat`: Internal group details. */
export interface GetGroupChatRequest {
  /** From sync_msg; internal groups and groups with linked corps only. */
  chatid: string;
}

/** Request of `search_chat`: Search group chats by name. */
export interface SearchChatRequest {
  /** At least 2 characters. */
  query_word: string;
  /** Default 50. 1 to 100. */
  limit?: number | undefined;
  /** `next_cursor` of the last call. */
  cursor?: string | undefined;
}

/** Request of `search_msg`: Search messages. */
export interface SearchMsgRequest {
  /** At least 2 characters. */
  query_word: string;
  /** Restricts the chats. */
  chat_info?:
    | {
        /** 1 single, 2 group. */
        chat_type?: 1 | 2 | undefined;
        /** `chat_type` 1: exactly the two parties. */
        id_list?:
          | readonly {
              /** Member; read first. */
              open_userid?: string | undefined;
              /** Customer. */
              external_userid?: string | undefined;
            }[]
          | undefined;
        /** `chat_type` 2 only. */
        chat_id?: string | undefined;
        /** Absent: all of them. 1 text, 4 link, 5 mini program, 8 file, 18 online doc, 20 mixed, 23 wedrive file. */
        msg_type_list?: readonly (1 | 4 | 5 | 8 | 18 | 20 | 23)[] | undefined;
        /** Staff only; ignored when `sender_list` is given. */
        sender?:
          | {
              open_userid?: string | undefined;
              /** In the table, but senders are staff for now. */
              external_userid?: string | undefined;
            }
          | undefined;
        /** Staff only; any of them. At most 100 entries. */
        sender_list?:
          | readonly {
              open_userid?: string | undefined;
            }[]
          | undefined;
      }
    | undefined;
  /** Unix seconds; only together with `end_time`. */
  start_time?: number | undefined;
  /** Unix seconds; both absent: the last 31 days. */
  end_time?: number | undefined;
  /** Default false; drops common stop words from the query, unless nothing else would remain. */
  skip_stop_words?: boolean | undefined;
  /** Default 50. 1 to 100. */
  limit?: number | undefined;
  /** `next_cursor` of the last call. */
  cursor?: string | undefined;
}

/** Request of `search_contact_or_customer`: Search staff or customers by name. */
export interface SearchContactOrCustomerRequest {
  /** Name, pinyin, alias or remark. 2 to 31 characters. */
  query_word: string;
  /** Default 0. 0 both, 1 staff, 2 customers. */
  query_user_type?: 0 | 1 | 2 | undefined;
  /** Default 50. 1 to 100. */
  limit?: number | undefined;
  /** `next_cursor` of the last call. */
  cursor?: string | undefined;
}

/** Request of `create_rule`: Create keyword rule. */
export interface CreateRuleRequest {
  /** 1 to 20 characters. */
  name: string;
  /** Of `keyword.word_list` and `semantics.semantics_list` at least one. */
  keyword?: RuleKeyword | undefined;
  semantics?:
    | {
        /** Behaviour to look for. 1 red packet, 2 mobile number, 3 e-mail, 4 WeChat card, 5 picture with QR code, 6 recall, 7 bank card, 8 id card, 9 file (not of wedrive), 10 link, 11 mini program, 12 welcome message to a customer. */
        semantics_list?: readonly RuleSemantics[] | undefined;
      }
    | undefined;
  applicable_range?: RuleRange | undefined;
}

/** Request of `get_rule_list`: List keyword rules. */
export interface GetRuleListRequest {
  /** Absent in the first call. */
  cursor?: string | undefined;
  /** Default 100. At least 1. */
  limit?: number | undefined;
}

/** Request of `get_rule_detail`: Keyword rule details. */
export interface GetRuleDetailRequest {
  rule_id: string;
}

/** Request of `update_rule`: Update keyword rule. */
export interface UpdateRuleRequest {
  rule_id: string;
  /** 1 to 20 characters. */
  name?: string | undefined;
  /** Of `keyword.word_list` and `semantics.semantics_list` at least one. */
  keyword?: RuleKeyword | undefined;
  semantics?:
    | {
        /** Behaviour to look for. 1 red packet, 2 mobile number, 3 e-mail, 4 WeChat card, 5 picture with QR code, 6 recall, 7 bank card, 8 id card, 9 file (not of wedrive), 10 link, 11 mini program, 12 welcome message to a customer. */
        semantics_list?: readonly RuleSemantics[] | undefined;
      }
    | undefined;
  applicable_range?: RuleRange | undefined;
}

/** Request of `delete_rule`: Delete keyword rule. */
export interface DeleteRuleRequest {
  rule_id: string;
}

/** Request of `get_hit_msg_list`: Messages that hit a keyword rule. */
export interface GetHitMsgListRequest {
  /** `next_cursor` of the last call; absent: from 5 days back. At most 64 bytes. */
  cursor?: string | undefined;
  /** From the hit_keyword event, valid for 10 minutes; without it a strict rate limit applies. At most 128 bytes. */
  token?: string | undefined;
  /** Default 0; 1 adds `msg_detail`. 0 no, 1 yes. */
  need_detail?: 0 | 1 | undefined;
  /** Default 200. 1 to 1000. */
  limit?: number | undefined;
  /** Unix seconds; only to pull again. */
  begin_time?: number | undefined;
}

/**
 * Request of `knowledge_base_list`: Knowledge bases granted to the app.
 * It has no fields.
 */
export type KnowledgeBaseListRequest = Record<string, never>;

/** Request of `knowledge_base_create`: Create knowledge base. */
export interface KnowledgeBaseCreateRequest {
  /** 1 to 20 characters. */
  kb_name: string;
  /** 1 to 1000 entries. */
  doc_list: readonly NewKnowledgeDocument[];
}

/** Request of `knowledge_base_detail`: Knowledge base details. */
export interface KnowledgeBaseDetailRequest {
  kb_id: string;
}

/** Request of `knowledge_base_add_doc`: Add contents. */
export interface KnowledgeBaseAddDocRequest {
  kb_id: string;
  /** 1 to 1000 entries. */
  doc_list: readonly NewKnowledgeDocument[];
}

/** Request of `knowledge_base_remove_doc`: Remove contents. */
export interface KnowledgeBaseRemoveDocRequest {
  kb_id: string;
  /** 1 to 1000 entries. */
  docid_list: readonly number[];
}

/** Request of `knowledge_base_modify_name`: Rename knowledge base. */
export interface KnowledgeBaseModifyNameRequest {
  kb_id: string;
  /** 1 to 20 characters. */
  kb_name: string;
}

/** Request of `knowledge_base_delete`: Delete knowledge base. */
export interface KnowledgeBaseDeleteRequest {
  kb_id: string;
}

/**
 * Request of `document_list`: Old name of knowledge_base_list.
 * It has no fields.
 */
export type DocumentListRequest = Record<string, never>;

/** Request of `get_ww_model_result`: General-model result. */
export interface GetWwModelResultRequest {
  /** From the call that created the task. */
  jobid: string;
}

/** Request of `create_recommend_dialog_task`: Create reply-suggestion task. */
export interface CreateRecommendDialogTaskRequest {
  /** From knowledge_base_list. */
  kb_id: string;
  /** Text, voice and audio-archive messages only; of duplicates the first counts. 1 to 1000 entries. */
  msg_list: readonly MessageKey[];
}

/** Request of `get_recommend_dialog_result`: Reply-suggestion result. */
export interface GetRecommendDialogResultRequest {
  /** From the call that created the task. */
  jobid: string;
}

/** Request of `create_customer_tag_task`: Create customer-tag task. */
export interface CreateCustomerTagTaskRequest {
  /** Tags within a group should exclude each other. */
  tag_group_list: readonly TagGroup[];
  /** Text, voice and audio-archive messages only; of duplicates the first counts. 1 to 1000 entries. */
  msg_list: readonly MessageKey[];
  /** Default: the platform's model. */
  model_id?: string | undefined;
}

/** Request of `get_customer_tag_result`: Customer-tag result. */
export interface GetCustomerTagResultRequest {
  /** From the call that created the task. */
  jobid: string;
}

/** Request of `create_summary_task`: Create summary task. */
export interface CreateSummaryTaskRequest {
  /** Text, voice and audio-archive messages only; of duplicates the first counts. 1 to 1000 entries. */
  msg_list: readonly MessageKey[];
}

/** Request of `get_summary_result`: Summary result. */
export interface GetSummaryResultRequest {
  /** From the call that created the task. */
  jobid: string;
}

/** Request of `create_sentiment_task`: Create sentiment task. */
export interface CreateSentimentTaskRequest {
  /** Text, voice and audio-archive messages only; of duplicates the first counts. 1 to 1000 entries. */
  msg_list: readonly MessageKey[];
}

/** Request of `get_sentiment_result`: Sentiment result. */
export interface GetSentimentResultRequest {
  /** From the call that created the task. */
  jobid: string;
}

/** Request of `create_spam_task`: Create anti-spam task. */
export interface CreateSpamTaskRequest {
  /** Text, voice and audio-archive messages only; of duplicates the first counts. 1 to 1000 entries. */
  msg_list: readonly MessageKey[];
}

/** Request of `get_spam_result`: Anti-spam result. */
export interface GetSpamResultRequest {
  /** From the call that created the task. */
  jobid: string;
}

/** Request of `create_model_task`: Create own-model task. */
export interface CreateModelTaskRequest {
  model_id: string;
  /** Of the model. */
  ability_id: string;
  /** Wins over `service_kb_id`. */
  kb_id?: string | undefined;
  /** The provider's knowledge base; in the example and in the note on `kb_id` only. */
  service_kb_id?: string | undefined;
  /** For `{tagjson}`. */
  tag_group_list?: readonly TagGroup[] | undefined;
  /** Text, voice and audio-archive messages only; of duplicates the first counts. 1 to 1000 entries. */
  msg_list: readonly MessageKey[];
  /** Debug mode only: stands in for the placeholders; `msg_list` must be there and is ignored. */
  debug_info?:
    | {
        /** In place of `{chat}`. */
        chat: string;
        /** In place of `{chatcontent}`. */
        chat_content: string;
        /** In place of `{knowledge}`. */
        knowledge?: string | undefined;
        /** In place of `{tagjson}`; JSON text. */
        tagjson?: string | undefined;
      }
    | undefined;
  /** Default 0. 0 control and quote characters become blanks, 1 they are escaped with a backslash. */
  escape_type?: 0 | 1 | undefined;
}

/** Request of `get_model_task_result`: Own-model result. */
export interface GetModelTaskResultRequest {
  /** From the call that created the task. */
  jobid: string;
}

/** Request of `create_private_task`: Old name of create_model_task. */
export interface CreatePrivateTaskRequest {
  /** Not documented. */
  [field: string]: unknown;
}

/** Request of `get_private_task_result`: Old name of get_model_task_result. */
export interface GetPrivateTaskResultRequest {
  /** Not documented. */
  [field: string]: unknown;
}

/** Request of `create_chatdata_export_job`: Create export job. */
export interface CreateChatdataExportJobRequest {
  /** From the button of the display component; good for one use within 5 minutes. */
  code: string;
  /** Template: a file uploaded as temporary media of the app; doc, docx, xls, xlsx or txt. */
  media_id: string;
}

/** Request of `get_chatdata_export_job_status`: Export job status. */
export interface GetChatdataExportJobStatusRequest {
  /** From the call that created the task. */
  jobid: string;
}

/** Request of `create_program_task`: Create own-program task. */
export interface CreateProgramTaskRequest {
  /** A program linked to the app. */
  program_id: string;
  /** Of the program. */
  ability_id: string;
  /** Text, voice and audio-archive messages only; of duplicates the first counts. 1 to 1000 entries. */
  msg_list: readonly MessageKey[];
  /** Debug mode only: stands in for the placeholders; `msg_list` must be there and is ignored. */
  debug_info?:
    | {
        /** In place of `{chat}`. */
        chat: string;
        /** In place of `{chatcontent}`. */
        chat_content: string;
      }
    | undefined;
  /** Default 0. 0 control and quote characters become blanks, 1 they are escaped with a backslash. */
  escape_type?: 0 | 1 | undefined;
}

/** Request of `get_program_task_result`: Own-program result. */
export interface GetProgramTaskResultRequest {
  /** From the call that created the task. */
  jobid: string;
}

/** Request of `program_async_job_call_back`: Report async result. */
export interface ProgramAsyncJobCallBackRequest {
  /** 0: the task is done and well. */
  errcode: number;
  /** Must fit the output protocol of the ability. */
  result?: string | undefined;
}

/** Request of `spec_notify_app`: Notify the application. */
export interface SpecNotifyAppRequest {
  /** An id of your own, from GenerateNotifyId(); absent: the platform makes one. At most 64 bytes. */
  notify_id?: string | undefined;
  /** 0 to 255, handed on to the app; ignored outside that range. */
  notify_scene?: number | undefined;
}

/** Request of `set_hide_sensitiveinfo_config`: Set masking for a member. */
export interface SetHideSensitiveinfoConfigRequest {
  userid: string;
  config: {
    /** Default false. */
    hide_mobile?: boolean | undefined;
    /** Default false. */
    hide_idcard?: boolean | undefined;
    /** Default false. */
    hide_bankno?: boolean | undefined;
  };
}

/** Request of `get_hide_sensitiveinfo_config`: Get masking of a member. */
export interface GetHideSensitiveinfoConfigRequest {
  userid: string;
}

/** Response of `sync_msg` (获取会话记录). */
export interface SyncMsgResponse extends ZoneResponse {
  /** Whether there is more; the only end marker, a page may hold fewer than `limit`. 0 no, 1 yes. */
  has_more: 0 | 1;
  /** Store it and pass it next time. */
  next_cursor: string;
  /** In ascending order of `send_time`; modes 0 and 2. */
  msg_list?: ArchivedMessage[];
  /** Modes 1 and 2; each id stands for up to `limit` messages. At most 10 entries. */
  page_id_list?: string[];
}

/** Response of `get_msg_list_by_page_id` (page_id获取消息列表). */
export interface GetMsgListByPageIdResponse extends ZoneResponse {
  /** In ascending order of `send_time`. */
  msg_list: ArchivedMessage[];
}

/** Response of `get_agree_status_single` (获取单聊会话同意情况). */
export interface GetAgreeStatusSingleResponse extends ZoneResponse {
  agreeinfo: {
    userid: string;
    external_userid: string;
    agree_status: 'Agree' | 'Disagree';
    /** Unix seconds. */
    status_change_time: number;
  }[];
}

/** Response of `get_agree_status_room` (获取群聊会话同意情况). */
export interface GetAgreeStatusRoomResponse extends ZoneResponse {
  /** External contacts of other corps in the group. */
  agreeinfo: {
    external_userid: string;
    agree_status: 'Agree' | 'Disagree';
    /** Unix seconds. */
    status_change_time: number;
  }[];
}

/** Response of `get_group_chat` (获取内部群信息). */
export interface GetGroupChatResponse extends ZoneResponse {
  /** Userid. */
  creator: string;
  /** Unix seconds. */
  room_create_time: number;
  members: {
    /** Userid, external_userid or robot id. */
    memberid: string;
    /** Unix seconds. */
    jointime: number;
    /** 1 staff, 2 external contact, 3 robot. */
    type: 1 | 2 | 3 | (number & {});
  }[];
}

/** Response of `search_chat` (会话名称搜索). */
export interface SearchChatResponse extends ZoneResponse {
  /** Absent means 0. 0 no, 1 yes. */
  has_more?: 0 | 1;
  /** `cursor` of the next call. */
  next_cursor: string;
  chat_list: {
    chatid: string;
  }[];
}

/** Response of `search_msg` (会话消息搜索). */
export interface SearchMsgResponse extends ZoneResponse {
  /** Whether there is more; the only end marker, a page may hold fewer than `limit`. 0 no, 1 yes. */
  has_more: 0 | 1;
  /** `cursor` of the next call. */
  next_cursor: string;
  /** In descending order of send time. */
  msg_list: {
    msgid: string;
  }[];
}

/** Response of `search_contact_or_customer` (员工或客户名称搜索). */
export interface SearchContactOrCustomerResponse extends ZoneResponse {
  /** Whether there is more; the only end marker, a page may hold fewer than `limit`. 0 no, 1 yes. */
  has_more: 0 | 1;
  /** `cursor` of the next call. */
  next_cursor: string;
  /** Staff, or those who follow the customer, must be in the archive scope. */
  user_list: {
    /** 1 staff, 2 external contact. */
    type: 1 | 2;
    id: string;
  }[];
}

/** Response of `create_rule` (新增关键词规则). */
export interface CreateRuleResponse extends ZoneResponse {
  rule_id: string;
}

/** Response of `get_rule_list` (获取关键词列表). */
export interface GetRuleListResponse extends ZoneResponse {
  rule_list: {
    rule_id: string;
    name: string;
    /** Unix seconds. */
    create_time: number;
  }[];
  /** A boolean here, 0 or 1 elsewhere: `hasMore` reads both. */
  has_more: boolean;
  /** `cursor` of the next call. */
  next_cursor: string;
}

/** Response of `get_rule_detail` (获取关键词规则详情). */
export interface GetRuleDetailResponse extends ZoneResponse {
  name: string;
  /** Of `keyword.word_list` and `semantics.semantics_list` at least one. */
  keyword?: RuleKeyword;
  semantics?: {
    /** Behaviour to look for. 1 red packet, 2 mobile number, 3 e-mail, 4 WeChat card, 5 picture with QR code, 6 recall, 7 bank card, 8 id card, 9 file (not of wedrive), 10 link, 11 mini program, 12 welcome message to a customer. */
    semantics_list?: RuleSemantics[];
  };
  applicable_range?: RuleRange;
}

/** Response of `update_rule` (修改关键词规则). */
export type UpdateRuleResponse = ZoneResponse;

/** Response of `delete_rule` (删除关键词规则). */
export type DeleteRuleResponse = ZoneResponse;

/** Response of `get_hit_msg_list` (获取命中关键词规则的会话记录). */
export interface GetHitMsgListResponse extends ZoneResponse {
  /** Whether there is more; the only end marker, a page may hold fewer than `limit`. 0 no, 1 yes. */
  has_more: 0 | 1;
  /** `cursor` of the next call. */
  next_cursor: string;
  msg_list: HitMessage[];
}

/** Response of `knowledge_base_list` (获取企业授权给应用的知识集列表). */
export interface KnowledgeBaseListResponse extends ZoneResponse {
  kb_info_list: {
    kb_id: string;
    kb_name: string;
  }[];
}

/** Response of `knowledge_base_create` (创建知识集). */
export interface KnowledgeBaseCreateResponse extends ZoneResponse {
  kb_id: string;
  doc_list: AddedKnowledgeDocument[];
}

/** Response of `knowledge_base_detail` (获取知识集详情). */
export interface KnowledgeBaseDetailResponse extends ZoneResponse {
  kb_id: string;
  kb_name: string;
  doc_list: KnowledgeDocument[];
}

/** Response of `knowledge_base_add_doc` (添加知识集內容). */
export interface KnowledgeBaseAddDocResponse extends ZoneResponse {
  doc_list: AddedKnowledgeDocument[];
}

/** Response of `knowledge_base_remove_doc` (删除知识集內容). */
export type KnowledgeBaseRemoveDocResponse = ZoneResponse;

/** Response of `knowledge_base_modify_name` (修改知识集名称). */
export type KnowledgeBaseModifyNameResponse = ZoneResponse;

/** Response of `knowledge_base_delete` (删除知识集). */
export type KnowledgeBaseDeleteResponse = ZoneResponse;

/** Response of `document_list` (获取知识集列表（旧名）). */
export interface DocumentListResponse extends ZoneResponse {
  /** Assumed to be the same as in knowledge_base_list. */
  kb_info_list?: {
    kb_id: string;
    kb_name: string;
  }[];
}

/** Response of `create_ww_model_task` (创建企微通用模型任务). */
export interface CreateWwModelTaskResponse extends ZoneResponse {
  /** The task. */
  jobid: string;
  /** Messages refused at submission. */
  fail_list?: RefusedMessage[];
  /** Tag groups that do not exist; in the table of the page only. */
  fail_tag_group_id_list?: string[];
}

/** Response of `get_ww_model_result` (获取企微通用模型结果). */
export interface GetWwModelResultResponse extends ZoneResponse {
  /** 0 not finished, 1 finished, 2 failed. */
  status: 0 | 1 | 2;
  /** Messages that could not be used: unknown msgid, wrong type and so on. */
  fail_list?: FailedMessage[];
  /** The model's words. */
  response_data?: string;
  /** Documents left out; `filteredContent` reads this name and the next. */
  filtered_content_list?: FilteredContent[];
  /** The same under the name that the example of the page has. */
  filtered_doc_list?: FilteredContent[];
}

/** Response of `create_recommend_dialog_task` (创建话术推荐任务). */
export interface CreateRecommendDialogTaskResponse extends ZoneResponse {
  /** The task. */
  jobid: string;
  /** Messages refused at submission. */
  fail_list?: RefusedMessage[];
  /** Tag groups that do not exist; in the table of the page only. */
  fail_tag_group_id_list?: string[];
}

/** Response of `get_recommend_dialog_result` (获取话术推荐结果). */
export interface GetRecommendDialogResultResponse extends ZoneResponse {
  /** 0 not finished, 1 finished, 2 failed. */
  status: 0 | 1 | 2;
  /** Messages that could not be used: unknown msgid, wrong type and so on. */
  fail_list?: FailedMessage[];
  /** The suggested reply. */
  response_data?: string;
}

/** Response of `create_customer_tag_task` (创建标签匹配任务). */
export interface CreateCustomerTagTaskResponse extends ZoneResponse {
  /** The task. */
  jobid: string;
  /** Messages refused at submission. */
  fail_list?: RefusedMessage[];
}

/** Response of `get_customer_tag_result` (获取标签任务结果). */
export interface GetCustomerTagResultResponse extends ZoneResponse {
  /** 0 not finished, 1 finished, 2 failed. */
  status: 0 | 1 | 2;
  /** Messages that could not be used: unknown msgid, wrong type and so on. */
  fail_list?: FailedMessage[];
  /** Groups without a hit are absent. */
  tag_result_list?: MatchedTag[];
}

/** Response of `create_summary_task` (创建摘要提取任务). */
export interface CreateSummaryTaskResponse extends ZoneResponse {
  /** The task. */
  jobid: string;
  /** Messages refused at submission. */
  fail_list?: RefusedMessage[];
}

/** Response of `get_summary_result` (获取摘要提取结果). */
export interface GetSummaryResultResponse extends ZoneResponse {
  /** 0 not finished, 1 finished, 2 failed. */
  status: 0 | 1 | 2;
  /** Messages that could not be used: unknown msgid, wrong type and so on. */
  fail_list?: FailedMessage[];
  /** The summary. */
  response_data?: string;
}

/** Response of `create_sentiment_task` (创建情感分析任务). */
export interface CreateSentimentTaskResponse extends ZoneResponse {
  /** The task. */
  jobid: string;
  /** Messages refused at submission. */
  fail_list?: RefusedMessage[];
}

/** Response of `get_sentiment_result` (获取情感分析结果). */
export interface GetSentimentResultResponse extends ZoneResponse {
  /** 0 not finished, 1 finished, 2 failed. */
  status: 0 | 1 | 2;
  /** One entry for each message. */
  analyze_result_list?: AnalyzedSentiment[];
}

/** Response of `create_spam_task` (会话反垃圾创建分析任务). */
export interface CreateSpamTaskResponse extends ZoneResponse {
  /** The task. */
  jobid: string;
  /** Messages refused at submission. */
  fail_list?: RefusedMessage[];
}

/** Response of `get_spam_result` (会话反垃圾获取任务结果). */
export interface GetSpamResultResponse extends ZoneResponse {
  /** 0 not finished, 1 finished, 2 failed. */
  status: 0 | 1 | 2;
  /** One entry for each message. */
  analyze_result_list?: AnalyzedSpam[];
}

/** Response of `create_model_task` (创建自定义模型任务). */
export interface CreateModelTaskResponse extends ZoneResponse {
  /** The task. */
  jobid: string;
  /** Messages refused at submission. */
  fail_list?: RefusedMessage[];
  /** Tag groups that do not exist; in the table of the page only. */
  fail_tag_group_id_list?: string[];
}

/** Response of `get_model_task_result` (获取自定义模型结果). */
export interface GetModelTaskResultResponse extends ZoneResponse {
  /** Messages that could not be used: unknown msgid, wrong type and so on. */
  fail_list?: FailedMessage[];
  /** Errcode that the model reported. */
  response_errcode: number;
  /** Result that the model reported. */
  response_data?: string;
}

/** Response of `create_private_task` (创建自定义模型任务（旧名）). */
export interface CreatePrivateTaskResponse extends ZoneResponse {
  /** Not documented. */
  [field: string]: unknown;
}

/** Response of `get_private_task_result` (获取自定义模型结果（旧名）). */
export interface GetPrivateTaskResultResponse extends ZoneResponse {
  /** Not documented. */
  [field: string]: unknown;
}

/** Response of `create_chatdata_export_job` (创建会话内容导出任务). */
export interface CreateChatdataExportJobResponse extends ZoneResponse {
  jobid: string;
}

/** Response of `get_chatdata_export_job_status` (获取会话内容导出任务结果). */
export interface GetChatdataExportJobStatusResponse extends ZoneResponse {
  /** 1 waiting, 2 running, 3 done. */
  status: 1 | 2 | 3;
  /** When done and `result_errcode` is 0; good for 14 days; only for the component ww-open-result-link. */
  result_id?: string;
  /** When done. */
  result_errcode?: number;
  /** When done. */
  result_errmsg?: string;
}

/** Response of `create_program_task` (创建自有分析程序任务). */
export interface CreateProgramTaskResponse extends ZoneResponse {
  /** The task. */
  jobid: string;
  /** Messages refused at submission. */
  fail_list?: RefusedMessage[];
  /** Tag groups that do not exist; in the table of the page only. */
  fail_tag_group_id_list?: string[];
}

/** Response of `get_program_task_result` (获取自有分析程序结果). */
export interface GetProgramTaskResultResponse extends ZoneResponse {
  /** Messages that could not be used: unknown msgid, wrong type and so on. */
  fail_list?: FailedMessage[];
  /** Errcode that the program reported. */
  response_errcode: number;
  /** Result that the program reported. */
  response_data?: string;
}

/** Response of `program_async_job_call_back` (上报异步任务结果). */
export type ProgramAsyncJobCallBackResponse = ZoneResponse;

/** Response of `spec_notify_app` (专区通知应用). */
export interface SpecNotifyAppResponse extends ZoneResponse {
  /** Good for 10 minutes; the app gets the same id in program_notify. */
  notify_id: string;
}

/** Response of `set_hide_sensitiveinfo_config` (设置成员会话组件敏感信息隐藏配置). */
export type SetHideSensitiveinfoConfigResponse = ZoneResponse;

/** Response of `get_hide_sensitiveinfo_config` (获取成员会话组件敏感信息隐藏配置). */
export interface GetHideSensitiveinfoConfigResponse extends ZoneResponse {
  config: {
    hide_mobile: boolean;
    hide_idcard: boolean;
    hide_bankno: boolean;
  };
}

/**
 * The interfaces of the zone: name, request and response. A project may add its own by declaration merging, when the
 * platform has interfaces that this version does not know.
 */
export interface ZoneInterfaces {
  /** Pull conversation records (获取会话记录). */
  sync_msg: { request: SyncMsgRequest; response: SyncMsgResponse };
  /** Messages of one page_id (page_id获取消息列表). */
  get_msg_list_by_page_id: {
    request: GetMsgListByPageIdRequest;
    response: GetMsgListByPageIdResponse;
  };
  /** Archive consent of single chats (获取单聊会话同意情况). */
  get_agree_status_single: {
    request: GetAgreeStatusSingleRequest;
    response: GetAgreeStatusSingleResponse;
  };
  /** Archive consent of a group chat (获取群聊会话同意情况). */
  get_agree_status_room: {
    request: GetAgreeStatusRoomRequest;
    response: GetAgreeStatusRoomResponse;
  };
  /** Internal group details (获取内部群信息). */
  get_group_chat: { request: GetGroupChatRequest; response: GetGroupChatResponse };
  /** Search group chats by name (会话名称搜索). */
  search_chat: { request: SearchChatRequest; response: SearchChatResponse };
  /** Search messages (会话消息搜索). */
  search_msg: { request: SearchMsgRequest; response: SearchMsgResponse };
  /** Search staff or customers by name (员工或客户名称搜索). */
  search_contact_or_customer: {
    request: SearchContactOrCustomerRequest;
    response: SearchContactOrCustomerResponse;
  };
  /** Create keyword rule (新增关键词规则). */
  create_rule: { request: CreateRuleRequest; response: CreateRuleResponse };
  /** List keyword rules (获取关键词列表). */
  get_rule_list: { request: GetRuleListRequest; response: GetRuleListResponse };
  /** Keyword rule details (获取关键词规则详情). */
  get_rule_detail: { request: GetRuleDetailRequest; response: GetRuleDetailResponse };
  /** Update keyword rule (修改关键词规则). */
  update_rule: { request: UpdateRuleRequest; response: UpdateRuleResponse };
  /** Delete keyword rule (删除关键词规则). */
  delete_rule: { request: DeleteRuleRequest; response: DeleteRuleResponse };
  /** Messages that hit a keyword rule (获取命中关键词规则的会话记录). */
  get_hit_msg_list: { request: GetHitMsgListRequest; response: GetHitMsgListResponse };
  /** Knowledge bases granted to the app (获取企业授权给应用的知识集列表). */
  knowledge_base_list: { request: KnowledgeBaseListRequest; response: KnowledgeBaseListResponse };
  /** Create knowledge base (创建知识集). */
  knowledge_base_create: {
    request: KnowledgeBaseCreateRequest;
    response: KnowledgeBaseCreateResponse;
  };
  /** Knowledge base details (获取知识集详情). */
  knowledge_base_detail: {
    request: KnowledgeBaseDetailRequest;
    response: KnowledgeBaseDetailResponse;
  };
  /** Add contents (添加知识集內容). */
  knowledge_base_add_doc: {
    request: KnowledgeBaseAddDocRequest;
    response: KnowledgeBaseAddDocResponse;
  };
  /** Remove contents (删除知识集內容). */
  knowledge_base_remove_doc: {
    request: KnowledgeBaseRemoveDocRequest;
    response: KnowledgeBaseRemoveDocResponse;
  };
  /** Rename knowledge base (修改知识集名称). */
  knowledge_base_modify_name: {
    request: KnowledgeBaseModifyNameRequest;
    response: KnowledgeBaseModifyNameResponse;
  };
  /** Delete knowledge base (删除知识集). */
  knowledge_base_delete: {
    request: KnowledgeBaseDeleteRequest;
    response: KnowledgeBaseDeleteResponse;
  };
  /**
   * Old name of knowledge_base_list (获取知识集列表（旧名）).
   *
   * @deprecated An old name; use `knowledge_base_list`.
   */
  document_list: { request: DocumentListRequest; response: DocumentListResponse };
  /** Create general-model task (创建企微通用模型任务). */
  create_ww_model_task: { request: CreateWwModelTaskRequest; response: CreateWwModelTaskResponse };
  /** General-model result (获取企微通用模型结果). */
  get_ww_model_result: { request: GetWwModelResultRequest; response: GetWwModelResultResponse };
  /** Create reply-suggestion task (创建话术推荐任务). */
  create_recommend_dialog_task: {
    request: CreateRecommendDialogTaskRequest;
    response: CreateRecommendDialogTaskResponse;
  };
  /** Reply-suggestion result (获取话术推荐结果). */
  get_recommend_dialog_result: {
    request: GetRecommendDialogResultRequest;
    response: GetRecommendDialogResultResponse;
  };
  /** Create customer-tag task (创建标签匹配任务). */
  create_customer_tag_task: {
    request: CreateCustomerTagTaskRequest;
    response: CreateCustomerTagTaskResponse;
  };
  /** Customer-tag result (获取标签任务结果). */
  get_customer_tag_result: {
    request: GetCustomerTagResultRequest;
    response: GetCustomerTagResultResponse;
  };
  /** Create summary task (创建摘要提取任务). */
  create_summary_task: { request: CreateSummaryTaskRequest; response: CreateSummaryTaskResponse };
  /** Summary result (获取摘要提取结果). */
  get_summary_result: { request: GetSummaryResultRequest; response: GetSummaryResultResponse };
  /** Create sentiment task (创建情感分析任务). */
  create_sentiment_task: {
    request: CreateSentimentTaskRequest;
    response: CreateSentimentTaskResponse;
  };
  /** Sentiment result (获取情感分析结果). */
  get_sentiment_result: {
    request: GetSentimentResultRequest;
    response: GetSentimentResultResponse;
  };
  /** Create anti-spam task (会话反垃圾创建分析任务). */
  create_spam_task: { request: CreateSpamTaskRequest; response: CreateSpamTaskResponse };
  /** Anti-spam result (会话反垃圾获取任务结果). */
  get_spam_result: { request: GetSpamResultRequest; response: GetSpamResultResponse };
  /** Create own-model task (创建自定义模型任务). */
  create_model_task: { request: CreateModelTaskRequest; response: CreateModelTaskResponse };
  /** Own-model result (获取自定义模型结果). */
  get_model_task_result: {
    request: GetModelTaskResultRequest;
    response: GetModelTaskResultResponse;
  };
  /**
   * Old name of create_model_task (创建自定义模型任务（旧名）).
   *
   * @deprecated An old name; use `create_model_task`.
   */
  create_private_task: { request: CreatePrivateTaskRequest; response: CreatePrivateTaskResponse };
  /**
   * Old name of get_model_task_result (获取自定义模型结果（旧名）).
   *
   * @deprecated An old name; use `get_model_task_result`.
   */
  get_private_task_result: {
    request: GetPrivateTaskResultRequest;
    response: GetPrivateTaskResultResponse;
  };
  /** Create export job (创建会话内容导出任务). */
  create_chatdata_export_job: {
    request: CreateChatdataExportJobRequest;
    response: CreateChatdataExportJobResponse;
  };
  /** Export job status (获取会话内容导出任务结果). */
  get_chatdata_export_job_status: {
    request: GetChatdataExportJobStatusRequest;
    response: GetChatdataExportJobStatusResponse;
  };
  /** Create own-program task (创建自有分析程序任务). */
  create_program_task: { request: CreateProgramTaskRequest; response: CreateProgramTaskResponse };
  /** Own-program result (获取自有分析程序结果). */
  get_program_task_result: {
    request: GetProgramTaskResultRequest;
    response: GetProgramTaskResultResponse;
  };
  /** Report async result (上报异步任务结果). */
  program_async_job_call_back: {
    request: ProgramAsyncJobCallBackRequest;
    response: ProgramAsyncJobCallBackResponse;
  };
  /** Notify the application (专区通知应用). */
  spec_notify_app: { request: SpecNotifyAppRequest; response: SpecNotifyAppResponse };
  /** Set masking for a member (设置成员会话组件敏感信息隐藏配置). */
  set_hide_sensitiveinfo_config: {
    request: SetHideSensitiveinfoConfigRequest;
    response: SetHideSensitiveinfoConfigResponse;
  };
  /** Get masking of a member (获取成员会话组件敏感信息隐藏配置). */
  get_hide_sensitiveinfo_config: {
    request: GetHideSensitiveinfoConfigRequest;
    response: GetHideSensitiveinfoConfigResponse;
  };
}

/** The name of an interface. */
export type ZoneInterfaceName = keyof ZoneInterfaces;

/** What create_summary_task gives when it is done. */
export interface CreateSummaryTaskResult extends ZoneResponse {
  /** The task; resumeTask takes it. */
  jobid: string;
  /** Finished. */
  status: 1;
  /** Messages that could not be used: unknown msgid, wrong type and so on. */
  fail_list: FailedMessage[];
  /** The summary. */
  response_data: string;
}

/** What create_sentiment_task gives when it is done. */
export interface CreateSentimentTaskResult extends ZoneResponse {
  /** The task; resumeTask takes it. */
  jobid: string;
  /** Finished. */
  status: 1;
  /** One entry for each message. */
  analyze_result_list: AnalyzedSentiment[];
}

/** What create_customer_tag_task gives when it is done. */
export interface CreateCustomerTagTaskResult extends ZoneResponse {
  /** The task; resumeTask takes it. */
  jobid: string;
  /** Finished. */
  status: 1;
  /** Messages that could not be used: unknown msgid, wrong type and so on. */
  fail_list: FailedMessage[];
  /** Groups without a hit are absent. */
  tag_result_list: MatchedTag[];
}

/** What create_recommend_dialog_task gives when it is done. */
export interface CreateRecommendDialogTaskResult extends ZoneResponse {
  /** The task; resumeTask takes it. */
  jobid: string;
  /** Finished. */
  status: 1;
  /** Messages that could not be used: unknown msgid, wrong type and so on. */
  fail_list: FailedMessage[];
  /** The suggested reply. */
  response_data: string;
}

/** What create_spam_task gives when it is done. */
export interface CreateSpamTaskResult extends ZoneResponse {
  /** The task; resumeTask takes it. */
  jobid: string;
  /** Finished. */
  status: 1;
  /** One entry for each message. */
  analyze_result_list: AnalyzedSpam[];
}

/** What create_ww_model_task gives when it is done. */
export interface CreateWwModelTaskResult extends ZoneResponse {
  /** The task; resumeTask takes it. */
  jobid: string;
  /** Finished. */
  status: 1;
  /** Messages that could not be used: unknown msgid, wrong type and so on. */
  fail_list: FailedMessage[];
  /** The model's words. */
  response_data: string;
  /** Documents left out; `filteredContent` reads this name and the next. */
  filtered_content_list: FilteredContent[];
}

/** What create_model_task gives when it is done. */
export interface CreateModelTaskResult extends ZoneResponse {
  /** The task; resumeTask takes it. */
  jobid: string;
  /** The task went well. */
  response_errcode: 0;
  /** Messages that could not be used: unknown msgid, wrong type and so on. */
  fail_list: FailedMessage[];
  /** Result that the model reported. */
  response_data?: string;
}

/** What create_program_task gives when it is done. */
export interface CreateProgramTaskResult extends ZoneResponse {
  /** The task; resumeTask takes it. */
  jobid: string;
  /** The task went well. */
  response_errcode: 0;
  /** Messages that could not be used: unknown msgid, wrong type and so on. */
  fail_list: FailedMessage[];
  /** Result that the program reported. */
  response_data?: string;
}

/** What create_chatdata_export_job gives when it is done. */
export interface CreateChatdataExportJobResult extends ZoneResponse {
  /** The task; resumeTask takes it. */
  jobid: string;
  /** Finished. */
  status: 3;
  /** The task went well. */
  result_errcode: 0;
  /** When done and `result_errcode` is 0; good for 14 days; only for the component ww-open-result-link. */
  result_id: string;
  /** When done. */
  result_errmsg?: string;
}

/** The interfaces that create a task, with the result that runTask waits for. */
export interface ZoneTasks {
  /** Its result comes from `get_summary_result`. */
  create_summary_task: { request: CreateSummaryTaskRequest; result: CreateSummaryTaskResult };
  /** Its result comes from `get_sentiment_result`. */
  create_sentiment_task: { request: CreateSentimentTaskRequest; result: CreateSentimentTaskResult };
  /** Its result comes from `get_customer_tag_result`. */
  create_customer_tag_task: {
    request: CreateCustomerTagTaskRequest;
    result: CreateCustomerTagTaskResult;
  };
  /** Its result comes from `get_recommend_dialog_result`. */
  create_recommend_dialog_task: {
    request: CreateRecommendDialogTaskRequest;
    result: CreateRecommendDialogTaskResult;
  };
  /** Its result comes from `get_spam_result`. */
  create_spam_task: { request: CreateSpamTaskRequest; result: CreateSpamTaskResult };
  /** Its result comes from `get_ww_model_result`. */
  create_ww_model_task: { request: CreateWwModelTaskRequest; result: CreateWwModelTaskResult };
  /** Its result comes from `get_model_task_result`. */
  create_model_task: { request: CreateModelTaskRequest; result: CreateModelTaskResult };
  /** Its result comes from `get_program_task_result`. */
  create_program_task: { request: CreateProgramTaskRequest; result: CreateProgramTaskResult };
  /** Its result comes from `get_chatdata_export_job_status`. */
  create_chatdata_export_job: {
    request: CreateChatdataExportJobRequest;
    result: CreateChatdataExportJobResult;
  };
}

/** The name of an interface that creates a task. */
export type ZoneTaskName = keyof ZoneTasks;

/**
 * A customer agreed to the archiving of a single chat.
 *
 * @see https://developer.work.weixin.qq.com/document/path/99852
 */
export interface ChatArchiveAuditApprovedSingleEvent {
  event_type: 'chat_archive_audit_approved_single';
  /** Unix seconds. */
  timestamp: number;
  chat_archive_audit_approved: {
    /** The member. */
    userid: string;
    /** The customer. */
    external_userid: string;
    /** In the page's example, not in its table. */
    chatid?: string;
  };
}

/**
 * A customer agreed to the archiving of a group chat.
 *
 * @see https://developer.work.weixin.qq.com/document/path/99852
 */
export interface ChatArchiveAuditApprovedRoomEvent {
  event_type: 'chat_archive_audit_approved_room';
  /** Unix seconds. */
  timestamp: number;
  chat_archive_audit_approved: {
    /** The customer. */
    external_userid: string;
    /** The group. */
    chatid: string;
  };
}

/**
 * There are new messages.
 *
 * @see https://developer.work.weixin.qq.com/document/path/99853
 */
export interface ConversationNewMessageEvent {
  event_type: 'conversation_new_message';
  /** Unix seconds. */
  timestamp: number;
  conversation_new_message: {
    /** `token` of sync_msg; good for 10 minutes. At most 128 bytes. */
    token: string;
  };
}

/**
 * Messages hit a keyword rule.
 *
 * The shape stands on https://developer.work.weixin.qq.com/document/path/100052 only.
 * @see https://developer.work.weixin.qq.com/document/path/99830
 */
export interface HitKeywordEvent {
  event_type: 'hit_keyword';
  /** Unix seconds. */
  timestamp: number;
  hit_keyword: {
    /** `token` of get_hit_msg_list; good for 10 minutes. At most 128 bytes. */
    token: string;
  };
}

/**
 * A knowledge base was granted to the app.
 *
 * @see https://developer.work.weixin.qq.com/document/path/99855
 */
export interface AuthKnowledgeBaseEvent {
  event_type: 'auth_knowledge_base';
  /** Unix seconds. */
  timestamp: number;
  auth_knowledge_base: {
    knowledge_base_id: string;
    knowledge_base_name: string;
  };
}

/**
 * A grant of a knowledge base was taken back.
 *
 * @see https://developer.work.weixin.qq.com/document/path/99855
 */
export interface UnauthKnowledgeBaseEvent {
  event_type: 'unauth_knowledge_base';
  /** Unix seconds. */
  timestamp: number;
  unauth_knowledge_base: {
    knowledge_base_id: string;
    knowledge_base_name: string;
  };
}

/**
 * A knowledge base was deleted.
 *
 * @see https://developer.work.weixin.qq.com/document/path/99855
 */
export interface DeleteKnowledgeBaseEvent {
  event_type: 'delete_knowledge_base';
  /** Unix seconds. */
  timestamp: number;
  delete_knowledge_base: {
    knowledge_base_id: string;
    knowledge_base_name: string;
  };
}

/**
 * A content of a knowledge base was learnt, or could not be.
 *
 * Comes once for each content.
 * The page gives no type for doc_id; a number here, as `docid` of the interfaces.
 * @see https://developer.work.weixin.qq.com/document/path/99855
 */
export interface KnowledgeBaseLearnDoneEvent {
  event_type: 'knowledge_base_learn_done';
  /** Unix seconds. */
  timestamp: number;
  knowledge_base_learn_done: {
    knowledge_base_id: string;
    knowledge_base_name: string;
    /** The content. */
    doc_id: number;
    /** 0 learnt, 1 failed. */
    learn_status: 0 | 1;
  };
}

/**
 * An export job has finished.
 *
 * @see https://developer.work.weixin.qq.com/document/path/99867
 */
export interface ChatArchiveExportFinishedEvent {
  event_type: 'chat_archive_export_finished';
  /** Unix seconds. */
  timestamp: number;
  chat_archive_export_finished: {
    /** Good for 24 hours. At most 64 bytes. */
    jobid: string;
  };
}

/** The events that the platform sends, told apart by `event_type`. */
export type ZoneEvent =
  | ChatArchiveAuditApprovedSingleEvent
  | ChatArchiveAuditApprovedRoomEvent
  | ConversationNewMessageEvent
  | HitKeywordEvent
  | AuthKnowledgeBaseEvent
  | UnauthKnowledgeBaseEvent
  | DeleteKnowledgeBaseEvent
  | KnowledgeBaseLearnDoneEvent
  | ChatArchiveExportFinishedEvent;

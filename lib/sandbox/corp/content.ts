/** What a party of a conversation is: 1 staff, 2 external contact, 3 robot (P99824). */
export type PartyType = 1 | 2 | 3;
/** Someone who sends or receives messages. */
export interface Party {
  /** 1 staff, 2 external contact, 3 robot (P99824). */
  readonly type: PartyType;
  /** userid, external_userid or robot id, according to `type`. */
  readonly id: string;
}

/** An employee. */
export interface StaffMember {
  /** `userid` of the interfaces. */
  readonly userid: string;
  /** The display name, which `search_contact_or_customer` searches. */
  readonly name: string;
  /** Another name, which is searched as well. */
  readonly alias: string;
  /** Ids of departments. */
  readonly departments: readonly number[];
  /** 1 internal, 2 internal and external, 3 voice calls, too (P99846). */
  readonly editions: readonly number[];
}

/** A customer, with the employees who follow it. */
export interface Customer {
  /** `external_userid` of the interfaces. */
  readonly externalUserid: string;
  /** The display name, which `search_contact_or_customer` searches. */
  readonly name: string;
  /** The staff members who serve the customer, with the remark that each has for the customer. */
  readonly followers: readonly { readonly userid: string; readonly remark: string }[];
}

/** A group. */
export interface Group {
  /** `chatid` of the interfaces. */
  readonly chatid: string;
  /** Its current name; empty for a group without one, which cannot be searched for. */
  readonly name: string;
  /** Internal groups have no external contacts; `get_group_chat` knows only these (P99825). */
  readonly internal: boolean;
  /** userid of the creator. */
  readonly creator: string;
  /** Unix seconds. */
  readonly createTime: number;
  /** Staff, customers and robots in the group. */
  readonly members: readonly (Party & {
    /** Unix seconds. */
    readonly joinTime: number;
  })[];
}

/** A tag of customers, with the words by which the sandbox's model finds it. */
export interface Tag {
  /** `tag_id` of the interfaces. */
  readonly id: string;
  /** What staff see. */
  readonly name: string;
  /** The sandbox's model matches the tag of a group of which most words occur in the messages. */
  readonly words: readonly string[];
}

/** A group of mutually exclusive tags. */
export interface TagGroup {
  /** `group_id` of the interfaces. */
  readonly id: string;
  /** What staff see. */
  readonly name: string;
  /** Its tags; a conversation gets at most one of them. */
  readonly tags: readonly Tag[];
}

/** A document that a general model may read. */
export interface CorpDocument {
  /** `docid` of the interfaces, or `wedrive_fileid` if {@link isWedriveFile}. */
  readonly docid: string;
  /** Whether it is a wedrive file and not an online document. */
  readonly isWedriveFile: boolean;
  /** Its title. */
  readonly name: string;
  /** 8 doc, 9 sheet, 19 smart sheet, 20 mind map, 21 smart doc. */
  readonly type: number;
  /** userid of the creator. */
  readonly creator: string;
  /** Unix seconds. */
  readonly createTime: number;
  /** userids that may read it. */
  readonly readers: readonly string[];
  /** The content, in which keywords are searched. */
  readonly text: string;
}

/** An archived message. Programs never see `text`. */
export interface Message {
  /** `msgid` of the interfaces. */
  readonly msgid: string;
  /** Staff member, customer or robot. */
  readonly sender: Party;
  /** Without the sender. */
  readonly receivers: readonly Party[];
  /** Only in group messages. */
  readonly chatid?: string;
  /** Unix seconds. */
  readonly sendTime: number;
  /** 1 text, 2 image, 6 voice, 22 call …; P99824 lists all. */
  readonly msgtype: number;
  /** Seconds; only for calls (`msgtype` 21 and 22). */
  readonly callDuration?: number;
  /** The words of a text, the speech of a voice message or audio archive, or the title of a file, link and similar. */
  readonly text: string;
  /** Behaviours (`RuleSemantics`) that type and text do not show: 5 a QR code in the picture, 6 recalled, 12 welcome. */
  readonly behaviours?: readonly number[];
  /** What `encrypted_secret_key` decrypts to. */
  readonly secretKey: string;
  /** `public_key_ver` of the key pair that was in use when the message was archived. */
  readonly publicKeyVersion: number;
}

/** The content of a corp. */
export interface CorpContent {
  /** The staff. */
  readonly members: readonly StaffMember[];
  /** The external contacts. */
  readonly customers: readonly Customer[];
  /** The departments; {@link StaffMember.departments} refers to their ids. */
  readonly departments: readonly { readonly id: number; readonly name: string }[];
  /** The group chats, internal and external. */
  readonly groups: readonly Group[];
  /** The customer tags by group, for `create_customer_tag_task`. */
  readonly tagGroups: readonly TagGroup[];
  /** The documents that the general model can search. */
  readonly documents: readonly CorpDocument[];
  /** In ascending order of `sendTime`. */
  readonly messages: readonly Message[];
}

/** Whether a customer agreed to the archive. */
export interface Consent {
  /** Whether the customer agrees to the archiving. */
  readonly status: 'Agree' | 'Disagree';
  /** Unix seconds. */
  readonly changeTime: number;
}

/** Whose consent: that of a customer in a single chat or in a group. */
export type ConsentOf =
  | { readonly userid: string; readonly externalUserid: string }
  | { readonly chatid: string; readonly externalUserid: string };
/** A message to be archived. */
export interface NewMessage {
  /** A userid, external_userid or robot id of the corp. */
  readonly from: string;
  /** The id of the receiver in a single chat, or several ids. Either this or `chatid`. */
  readonly to?: string | readonly string[];
  /** The group that all other members receive the message in. */
  readonly chatid?: string;
  /** 1, text, by default. */
  readonly msgtype?: number;
  /** The words, the speech, or a title; empty by default. */
  readonly text?: string;
  /** Behaviours (`RuleSemantics`) that type and text do not show. */
  readonly behaviours?: readonly number[];
  /** Seconds; for `msgtype` 21 and 22, 60 by default. */
  readonly callDuration?: number;
  /** Unix seconds, not before the newest message; by default the later of the platform's time and that of the newest message. */
  readonly sendTime?: number;
  /** Generated by default. */
  readonly msgid?: string;
}

/** What a party of a conversation is: 1 staff, 2 external contact, 3 robot (P99824). */
export type PartyType = 1 | 2 | 3;
/** Someone who sends or receives messages. */
export interface Party {
  readonly type: PartyType;
  /** userid, external_userid or robot id, according to `type`. */
  readonly id: string;
}

/** An employee. */
export interface StaffMember {
  readonly userid: string;
  readonly name: string;
  readonly alias: string;
  /** Ids of departments. */
  readonly departments: readonly number[];
  /** 1 internal, 2 internal and external, 3 voice calls, too (P99846). */
  readonly editions: readonly number[];
}

/** A customer, with those of the staff who follow it. */
export interface Customer {
  readonly externalUserid: string;
  readonly name: string;
  readonly followers: readonly { readonly userid: string; readonly remark: string }[];
}

/** A group. */
export interface Group {
  readonly chatid: string;
  /** Its current name; empty for a group without one, which cannot be searched for. */
  readonly name: string;
  /** Internal groups have no external contacts; `get_group_chat` knows only these (P99825). */
  readonly internal: boolean;
  /** userid of the creator. */
  readonly creator: string;
  /** Unix seconds. */
  readonly createTime: number;
  readonly members: readonly (Party & {
    /** Unix seconds. */
    readonly joinTime: number;
  })[];
}

/** A tag of customers, with the words by which the sandbox's model finds it. */
export interface Tag {
  readonly id: string;
  readonly name: string;
  readonly words: readonly string[];
}

/** Tags that exclude each other. */
export interface TagGroup {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly Tag[];
}

/** A document that a general model may look into. */
export interface CorpDocument {
  readonly docid: string;
  readonly isWedriveFile: boolean;
  readonly name: string;
  /** 8 doc, 9 sheet, 19 smart sheet, 20 mind map, 21 smart doc. */
  readonly type: number;
  readonly creator: string;
  /** Unix seconds. */
  readonly createTime: number;
  /** userids that may read it. */
  readonly readers: readonly string[];
  readonly text: string;
}

/** An archived message. Programs never get to see `text`. */
export interface Message {
  readonly msgid: string;
  readonly sender: Party;
  /** Without the sender. */
  readonly receivers: readonly Party[];
  /** Set in group messages. */
  readonly chatid?: string;
  /** Unix seconds. */
  readonly sendTime: number;
  /** 1 text, 2 image, 6 voice, 22 call …: the list stands on P99824. */
  readonly msgtype: number;
  /** Seconds; calls only (`msgtype` 21 and 22). */
  readonly callDuration?: number;
  /** The words of a text, what is said in a voice message or audio archive, the title of a file, link and the like. */
  readonly text: string;
  /** Behaviours (`RuleSemantics`) that neither type nor text shows: 5 a QR code in the picture, 6 recalled, 12 welcome. */
  readonly behaviours?: readonly number[];
  /** What `encrypted_secret_key` decrypts to. */
  readonly secretKey: string;
  /** `public_key_ver` of the key pair that was in use when the message was archived. */
  readonly publicKeyVersion: number;
}

/** What a corp consists of. */
export interface CorpContent {
  readonly members: readonly StaffMember[];
  readonly customers: readonly Customer[];
  readonly departments: readonly { readonly id: number; readonly name: string }[];
  readonly groups: readonly Group[];
  readonly tagGroups: readonly TagGroup[];
  readonly documents: readonly CorpDocument[];
  /** In ascending order of `sendTime`. */
  readonly messages: readonly Message[];
}

/** Whether a customer agreed to the archiving. */
export interface Consent {
  readonly status: 'Agree' | 'Disagree';
  /** Unix seconds. */
  readonly changeTime: number;
}

/** Who is asked for consent: a customer in a single chat or in a group. */
export type ConsentOf =
  | { readonly userid: string; readonly externalUserid: string }
  | { readonly chatid: string; readonly externalUserid: string };
/** A message to be archived. */
export interface NewMessage {
  /** A userid, external_userid or robot id of the corp. */
  readonly from: string;
  /** Ids of the receivers, or one: who that is, for a single chat. Either this or `chatid`. */
  readonly to?: string | readonly string[];
  /** The group it is sent to: all other members receive it. */
  readonly chatid?: string;
  /** 1, text, by default. */
  readonly msgtype?: number;
  /** The words, what is said, or a title; empty by default. */
  readonly text?: string;
  /** Behaviours (`RuleSemantics`) that neither type nor text shows. */
  readonly behaviours?: readonly number[];
  /** Seconds; for `msgtype` 21 and 22, 60 by default. */
  readonly callDuration?: number;
  /** Unix seconds, not before the newest message; by default the platform's time, or that of the newest message. */
  readonly sendTime?: number;
  /** Made by default. */
  readonly msgid?: string;
}

/** Whether to retry a request that the platform refused. */
export type RetryAdvice =
  /** After a moment: the platform is busy. */
  | 'soon'
  /** After minutes, or when something else has finished. */
  | 'later'
  /** Never: the same request would be refused again. */
  | 'no';

/** The meaning of an errcode of the platform. */
export interface ErrcodeMeaning {
  /** A clause, to be used in a sentence. */
  readonly meaning: string;
  /** Whether to retry the request. */
  readonly retry: RetryAdvice;
}

const no = (meaning: string): ErrcodeMeaning => ({ meaning, retry: 'no' });
const later = (meaning: string): ErrcodeMeaning => ({ meaning, retry: 'later' });

const table: Readonly<Record<number, ErrcodeMeaning>> = {
  [-1]: { meaning: 'the system is busy; try again, at most three times', retry: 'soon' },
  0: no('success'),
  40001: no('the secret is invalid'),
  40005: no('the type is invalid'),
  40006: no('the size of the file is invalid'),
  40007: no('the media_id is invalid'),
  40013: no('the corpid is invalid'),
  40014: no('the access_token is invalid'),
  40088: no('the jobid does not exist'),
  40211: no('the RSA key is invalid'),
  40212: no('the key version is too low'),
  41001: no('the access_token is missing'),
  42001: no('the access_token has expired'),
  45009: later('too many calls'),
  45033: later('too many concurrent calls'),
  45035: later('the call conflicts with another call'),
  48002: no('the application may not call this interface'),
  301052: no('the conversation archive has expired'),

  710600: no('the msgid or the secret_key is invalid'),
  710601: no('the msgid is invalid'),
  710602: no('the msgtype is invalid'),
  710603: no('the secret_key is invalid'),
  710605: no('decryption failed'),
  710606: no('the group is out of scope'),
  710607: no('the department is out of scope'),
  710608: no('the user is out of scope'),
  710609: no('the staff member who follows the customer is out of scope'),
  710610: no('both the keywords and the behaviours are empty'),
  710611: no('the cursor is invalid'),
  710612: no('the rule id does not exist'),
  710613: no('the msgid is a duplicate'),
  710614: no('no member of the group is in scope'),
  710615: no('the session_type is invalid'),
  710616: no('the task is of another type'),
  710617: no('the task has already been submitted'),
  710618: later('the task has not been submitted yet'),
  710619: no('too many rules'),
  710620: no('the rule id is invalid'),
  710621: no('the format of a phone number is invalid'),
  710622: no('the format of a bank card number is invalid'),
  710623: no('too many messages'),
  710624: no('the group id is invalid'),
  710625: no('the task type is invalid'),
  710626: no('the custom id already exists'),
  710627: no('no space left'),
  710628: no('the summary would be too long'),
  710629: no('too many messages to export'),
  710632: no('the corp has no knowledge base yet'),
  710633: later('the analysis failed'),
  710634: later('the analysis failed'),
  710635: no('the own model is not deployed'),
  710636: no('the ability id is invalid'),
  710637: no('all messages failed'),
  710638: later('calling the program failed'),
  710639: no('the content was rejected as improper'),
  710640: no('this type of application is not supported'),
  710641: no('the application has no permission for the zone'),
  710642: later('the program or model has not reported its result yet'),
  710643: no('no knowledge base is granted to the application'),
  710644: no('the general model is not granted to the application'),
  710645: no('the program does not exist or is in an abnormal state'),
  710646: no('the notify_id is invalid'),
  710647: no('the request does not match the input protocol'),
  710648: no('the value of a behaviour is invalid'),
  710649: no('too many group ids'),
  710650: no('the keyword list is missing'),
  710651: no('the corp has no paid edition'),
  710652: no('the archive is older than 90 days'),
  710653: no('the archive was deleted 30 days after the trial ended'),
  710654: no('the archive was deleted 30 days after the paid edition ended'),
  710655: later('the archive is being migrated'),
  710656: later('the archive is being migrated'),
  710657: later('the archive is being migrated'),
  710658: later('the archive is being migrated'),
  710659: no('the third-party application has set no public key for the archive'),
  710660: no('internal error of the sample program; see its log'),
  710671: no('the debug token has expired'),
  710672: no('debug mode is not allowed here'),
  710673: no('the program is not in debug mode'),
  710674: later('connecting to the zone failed'),
  710675: later('reading from the zone or writing to it timed out'),
  710676: no("the HTTP status of the program's response is not 200"),
  710677: no('decryption or signature verification between platform and zone failed'),
  710682: later('the model is busy'),
  710700: later('speech recognition failed'),
  710722: no('the searching staff member (oper_userid) is missing'),
  710723: no('the keyword is empty'),
  710724: no('the userid is not visible to the application'),
  710725: no('the time range is invalid'),
  710726: no('the data permission is missing'),
  710728: no('the corp has no licence or trial for documents'),
  710729: no('the document does not exist'),
  710730: no('no permission to read the document'),
  710731: no('the time of the document does not match'),
  710732: no('the type of the document does not match'),
  710733: no('documents of this type are not supported'),
  710734: no('the id does not exist'),
  710736: no('the document is not shared'),
  710737: no('the keywords are too long'),
  710738: no('the creator of the document does not match'),
  710803: no('the user_doc_ticket is invalid'),

  790010: no('the task is not running'),
  790011: no('the task is of another type'),
  790012: no('the template is not JSON'),
  790013: no('the result is not JSON'),
  790014: no('the result does not match the template'),
  790015: no('the request is not JSON'),
  790016: no('the request does not match the template'),
  790017: no('the job_info is invalid'),
  790020: no('the model or program is not linked to the application'),
  790021: no('the program is not deployed normally'),
  790022: no('the output was rejected as improper'),
  790023: later('the request is still running'),
  790024: no('the knowledge base belongs to another application'),
  790025: no('the web_url is invalid'),
  790026: no('too many contents'),
  790027: no('too many knowledge bases'),
  790028: no('not all contents can be removed'),
  790029: no('a web_url is a duplicate'),
  790032: no('the name of a content is invalid'),
  790033: no('the name contains invisible characters'),
  790034: no('the knowledge base was deleted'),
  790040: no('the input of the model is too long'),
  790041: no('none of the messages could be read'),
  800000: no('the knowledge base id is invalid'),
  800001: no('the id of the model or program is invalid'),
  800002: no('the model or program is not deployed'),
  800003: no('the ability id is unknown'),
};

/**
 * The errcode of the sandbox for a malformed request. It is the sandbox's own choice, because the pages of the zone name
 * no errcode for that; so it has no entry in the table.
 */
export const MALFORMED_REQUEST = 40058;

/** All errcodes with an entry in the table, in ascending order. */
export const knownErrcodes: readonly number[] = Object.keys(table)
  .map(Number)
  .sort((a, b) => a - b);

/**
 * Looks up an errcode; `undefined` if the pages of the zone do not list it.
 *
 * @see https://developer.work.weixin.qq.com/document/path/90313
 */
export function errcodeMeaning(errcode: number): ErrcodeMeaning | undefined {
  return Object.hasOwn(table, errcode) ? table[errcode] : undefined;
}

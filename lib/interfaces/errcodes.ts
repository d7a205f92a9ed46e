/** Whether it makes sense to send a request again. */
export type RetryAdvice =
  /** After a short while: the platform is busy. */
  | 'soon'
  /** After minutes, or when something else has come to its end. */
  | 'later'
  /** Not as it is. */
  | 'no';

/** What an errcode of the platform means. */
export interface ErrcodeMeaning {
  readonly meaning: string;
  readonly retry: RetryAdvice;
}

const no = (meaning: string): ErrcodeMeaning => ({ meaning, retry: 'no' });
const later = (meaning: string): ErrcodeMeaning => ({ meaning, retry: 'later' });

const table: Readonly<Record<number, ErrcodeMeaning>> = {
  [-1]: { meaning: 'the system is busy; try again, at most three times', retry: 'soon' },
  0: no('success'),
  40001: no('the secret is wrong'),
  40005: no('the type is not valid'),
  40006: no('the size of the file is not valid'),
  40007: no('the media_id is not valid'),
  40013: no('the corpid is wrong'),
  40014: no('the access_token is not valid'),
  40088: no('there is no such jobid'),
  40211: no('the RSA key is bad'),
  40212: no('the key version is too low'),
  41001: no('the access_token is missing'),
  42001: no('the access_token has expired'),
  45009: later('too many calls'),
  45033: later('too many calls at once'),
  45035: later('the call is in conflict with another one'),
  48002: no('the app may not call this interface'),
  301052: no('the conversation archive has expired'),

  710600: no('msgid or secret_key is wrong'),
  710601: no('the msgid is wrong'),
  710602: no('the msgtype is wrong'),
  710603: no('the secret_key is wrong'),
  710605: no('decryption failed'),
  710606: no('the group is out of scope'),
  710607: no('the department is out of scope'),
  710608: no('the user is out of scope'),
  710609: no('the one who follows the customer is out of scope'),
  710610: no('keyword and behaviour are both empty'),
  710611: no('the cursor is wrong'),
  710612: no('there is no rule with this id'),
  710613: no('a msgid comes twice'),
  710614: no('no member of the group is in scope'),
  710615: no('the session_type is wrong'),
  710616: no('the task is of another type'),
  710617: no('the task was submitted already'),
  710618: later('the task is not submitted yet'),
  710619: no('there are too many rules'),
  710620: no('the rule id is wrong'),
  710621: no('a phone number has the wrong format'),
  710622: no('a bank card number has the wrong format'),
  710623: no('there are too many messages'),
  710624: no('the group id is not valid'),
  710625: no('the task type is wrong'),
  710626: no('the id of your own exists already'),
  710627: no('there is no space left'),
  710628: no('the summary would be too long'),
  710629: no('there are too many messages to export'),
  710632: no('the corp has no knowledge base yet'),
  710633: later('the analysis failed'),
  710634: later('the analysis failed'),
  710635: no('the own model is not deployed'),
  710636: no('the ability id is not valid'),
  710637: no('all messages failed'),
  710638: later('calling the program failed'),
  710639: no('the content is improper'),
  710640: no('this type of app is not supported'),
  710641: no('the app has no permission for the zone'),
  710642: later('the program or model has not reported its result yet'),
  710643: no('no knowledge base is granted to the app'),
  710644: no('the general model is not granted to the app'),
  710645: no('the program is missing or in the wrong state'),
  710646: no('the notify_id is not valid'),
  710647: no('the request does not fit the input protocol'),
  710648: no('the value for a behaviour is not valid'),
  710649: no('there are too many group ids'),
  710650: no('the keyword list is missing'),
  710651: no('the corp has no paid edition'),
  710652: no('the archive is older than 90 days'),
  710653: no('the archive was lost 30 days after the trial ended'),
  710654: no('the archive was lost 30 days after the paid edition ended'),
  710655: later('the archive is being migrated'),
  710656: later('the archive is being migrated'),
  710657: later('the archive is being migrated'),
  710658: later('the archive is being migrated'),
  710659: no('a third-party archive has no public key'),
  710660: no('the sample program failed inside; its log says more'),
  710671: no('the debug token has expired'),
  710672: no('debug mode is not allowed here'),
  710673: no('the program is not in debug mode'),
  710674: later('connecting to the zone failed'),
  710675: later('reading from the zone or writing to it timed out'),
  710676: no("the HTTP status of the program's answer is not 200"),
  710677: no('decryption or signature failed between platform and zone'),
  710682: later('the model is busy'),
  710700: later('turning speech into text failed'),
  710722: no('the one who searches is missing'),
  710723: no('the keyword is empty'),
  710724: no('the userid is not visible to the app'),
  710725: no('the time range is wrong'),
  710726: no('the data permission is missing'),
  710728: no('the corp has no licence or trial for documents'),
  710729: no('there is no such document'),
  710730: no('the document may not be read'),
  710731: no('the time of the document does not match'),
  710732: no('the type of the document does not match'),
  710733: no('documents of this type are not supported'),
  710734: no('there is no such id'),
  710736: no('the document is not shared'),
  710737: no('the keywords are too long'),
  710738: no('the creator of the document does not match'),
  710803: no('the user_doc_ticket is not valid'),

  790010: no('the task is not running'),
  790011: no('the task is of another type'),
  790012: no('the template is not JSON'),
  790013: no('the result is not JSON'),
  790014: no('the result does not fit the template'),
  790015: no('the request is not JSON'),
  790016: no('the request does not fit the template'),
  790017: no('the job_info is not valid'),
  790020: no('the model or program is not linked to the app'),
  790021: no('the program is not deployed as it should be'),
  790022: no('the output is improper'),
  790023: later('the request is still running'),
  790024: no('the knowledge base belongs to another app'),
  790025: no('the web_url is wrong'),
  790026: no('there are too many contents'),
  790027: no('there are too many knowledge bases'),
  790028: no('not all contents may be removed'),
  790029: no('a web_url comes twice'),
  790032: no('the name of a content is wrong'),
  790033: no('the name has invisible characters'),
  790034: no('the knowledge base was deleted'),
  790040: no('the input of the model is too long'),
  790041: no('none of the messages could be read'),
  800000: no('the knowledge base id is wrong'),
  800001: no('the id of the model or program is wrong'),
  800002: no('the model or program is not deployed'),
  800003: no('the ability id is unknown'),
};

/** All errcodes whose meaning is known. */
export const knownErrcodes: readonly number[] = Object.keys(table)
  .map(Number)
  .sort((a, b) => a - b);

/**
 * What an errcode means, or `undefined` for one that the pages of the zone do not list.
 *
 * @see https://developer.work.weixin.qq.com/document/path/90313
 */
export function errcodeMeaning(errcode: number): ErrcodeMeaning | undefined {
  return Object.hasOwn(table, errcode) ? table[errcode] : undefined;
}

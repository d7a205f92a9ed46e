import type { ArchivedMessage } from '../../../interfaces/types';
import type { Message } from '../../corp/content';
import type { Corp } from '../../corp/corp';
import type { ReadonlyDeep } from '../common/handler';

/** The messages as items of `msg_list` (P99824). */
export async function recordsOf(
  corp: Corp,
  messages: readonly Message[],
): Promise<ReadonlyDeep<ArchivedMessage>[]> {
  const encryptInfoOf = await corp.encryption();
  return messages.map((message) => ({
    msgid: message.msgid,
    sender: message.sender,
    receiver_list: message.receivers,
    ...(message.chatid === undefined ? {} : { chatid: message.chatid }),
    send_time: message.sendTime,
    msgtype: message.msgtype,
    service_encrypt_info: encryptInfoOf(message),
    ...(message.callDuration === undefined
      ? {}
      : { extra_info: { call_duration: message.callDuration } }),
  }));
}

/** This package's side of bench/callback.ts. The arguments are those of sides/callback.cc. */
import { SpecCallbackSDK } from 'wework-spec-sdk';
import { type Layout, meter, type Received, readRequests } from './requests';

const [warmUpFile = '', file = '', layout = '', untimed = '', count] = process.argv.slice(2);

const warmUp = readRequests(warmUpFile, layout as Layout);
const requests = readRequests(file, layout as Layout);
const first = requests.splice(0, Number(untimed));
for (const request of [...warmUp, ...first]) handle(request);
const timed = count === undefined ? requests : requests.slice(0, Number(count));
meter(timed.length, () => {
  let read = 0;
  for (const request of timed) read += handle(request);
  return read;
});

function handle({ headers, body }: Received): number {
  const callback = new SpecCallbackSDK('POST', headers, body);
  if (!callback.IsOk()) throw new Error('a request was refused');
  const data = callback.GetData();
  const read =
    callback.GetCorpId().length +
    callback.GetAgentId() +
    callback.GetCallType() +
    Number(callback.GetIsAsync()) +
    callback.GetJobInfo().length +
    callback.GetAbilityId().length +
    callback.GetNotifyId().length;
  const response = callback.BuildResponseHeaderBody(data);
  return read + Object.keys(response.headers).length + response.body.length;
}

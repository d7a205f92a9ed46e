// One of the calls that have finished together cannot be settled, because a program has damaged a class that the package uses.
import { GetSdkInfo, SpecSdk } from 'wework-spec-sdk';

const sdk = new SpecSdk('corp', 1);
let settled = 0;
for (let i = 0; i < 8; ++i) {
  sdk.Invoke('none', '{}').then(() => {
    settled += 1;
  });
}
// Blocks the event loop, so that the calls are settled in one turn of it.
for (let pool; pool?.running !== 0 || pool.queued > 0; ) pool = GetSdkInfo().threadPool;

const { get } = Map.prototype;
Map.prototype.get = function (key) {
  if (typeof key !== 'number') return get.call(this, key);
  Map.prototype.get = get;
  throw new Error('on purpose');
};
process.on('uncaughtException', ({ message }) => console.log(`uncaught: ${message}`));
process.on('exit', () => console.log(`${settled} settled`));

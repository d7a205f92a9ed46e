// Generates ids, and prints how often the SDK was described meanwhile.
import { GenerateNotifyId } from 'wework-spec-sdk';

let described = 0;
const { dlopen } = process;
process.dlopen = (module, ...args) => {
  dlopen.call(process, module, ...args);
  const { GetSdkInfo } = module.exports;
  module.exports.GetSdkInfo = () => {
    described += 1;
    return GetSdkInfo();
  };
};

const ids = new Set();
for (let i = 0; i < 1000; ++i) ids.add(GenerateNotifyId());
console.log(JSON.stringify({ ids: ids.size, described }));

// Uses the package again and again although it cannot be loaded. Prints how often the addon was opened, how much memory that took, and
// what a use gives after the cause has gone. Arguments: the name of a variable and its later value, or a file and where it belongs.
import { copyFileSync } from 'node:fs';
import { GetSdkInfo } from 'wework-spec-sdk';

let opened = 0;
const { dlopen } = process;
process.dlopen = (...args) => {
  opened += 1;
  return dlopen.apply(process, args);
};

function use() {
  try {
    return GetSdkInfo().sdk;
  } catch ({ code }) {
    return code;
  }
}

const outcomes = new Set([use()]);
const before = process.memoryUsage.rss();
for (let i = 0; i < 2000; ++i) outcomes.add(use());
const grown = process.memoryUsage.rss() - before;

const [kind, subject, value] = process.argv.slice(2);
if (kind === 'variable') process.env[subject] = value;
else copyFileSync(subject, value);
console.log(JSON.stringify({ outcomes: [...outcomes], opened, grown, later: use() }));

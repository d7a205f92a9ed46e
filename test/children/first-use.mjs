// Imports the package and prints the errors of its first uses as JSON. Arguments:
//   [--platform NAME]    pretends to run there
//   [--exec-path FILE]   pretends to be that program
for (const [option, property] of [
  ['--platform', 'platform'],
  ['--exec-path', 'execPath'],
]) {
  const index = process.argv.indexOf(option);
  if (index > 0) Object.defineProperty(process, property, { value: process.argv[index + 1] });
}

const sdk = await import(process.env.TEST_PACKAGE ?? 'wework-spec-sdk');

function outcome(use) {
  try {
    return { value: use() };
  } catch (error) {
    return {
      name: error.name,
      code: error.code,
      message: error.message,
      isSpecError: sdk.isSpecError(error),
    };
  }
}

const first = outcome(() => sdk.GetSdkInfo());
// A failed load must not leave an inconsistent state, so each use is tried again.
const second = outcome(() => sdk.GetSdkInfo());
const callback = outcome(() => new sdk.SpecCallbackSDK('POST', {}, '').IsOk());
const client = outcome(() => typeof new sdk.SpecSdk('corp', 1));
const debugMode = await sdk.SpecOpenDebugMode('token', 'token').then(
  (value) => ({ value }),
  ({ code }) => ({ code }),
);
console.log(JSON.stringify({ first, second, callback, client, debugMode }));

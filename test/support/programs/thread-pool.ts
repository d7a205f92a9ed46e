import { GetSdkInfo, isSpecError, SpecSdk } from 'wework-spec-sdk';

async function main(): Promise<void> {
  const { size, queueLimit } = GetSdkInfo().threadPool;
  const calls = Number(process.env.CALLS ?? 0);
  const sdk = new SpecSdk('corp', 1);
  const outcomes = await Promise.all(
    Array.from({ length: calls }, (_, i) =>
      sdk.Invoke('hold', JSON.stringify({ i })).then(
        ({ ret }) => String(ret),
        (error) => (isSpecError(error) ? error.code : 'other'),
      ),
    ),
  );
  process.stdout.write(JSON.stringify({ size, queueLimit, outcomes }));
}

main().catch((error) => {
  process.stdout.write(JSON.stringify({ code: error.code, message: error.message }));
});

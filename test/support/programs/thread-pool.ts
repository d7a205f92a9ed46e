import { GetSdkInfo, isSpecError, SpecSdk } from 'wework-spec-sdk';

async function main(): Promise<void> {
  const { size, queueLimit } = GetSdkInfo().threadPool;
  const calls = Number(process.env.CALLS ?? 0);
  const sdk = new SpecSdk('corp', 1);
  const underWay = Array.from({ length: calls }, (_, i) =>
    sdk.Invoke('hold', JSON.stringify({ i })).then(
      ({ ret }) => String(ret),
      (error) => (isSpecError(error) ? error.code : 'other'),
    ),
  );
  // On this thread and not through the pool: after this call, all others have been submitted.
  if (calls > 0) sdk.InvokeSync('submitted', '{}');
  const outcomes = await Promise.all(underWay);
  process.stdout.write(JSON.stringify({ size, queueLimit, outcomes }));
}

main().catch((error) => {
  process.stdout.write(JSON.stringify({ code: error.code, message: error.message }));
});

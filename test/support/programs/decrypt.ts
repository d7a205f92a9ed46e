import { DecryptSecretKey, isSpecError } from 'wework-spec-sdk';

const { ENCRYPTED = '', PEM = '' } = process.env;
try {
  process.stdout.write(DecryptSecretKey(ENCRYPTED, PEM));
} catch (error) {
  if (!isSpecError(error)) throw error;
  process.stdout.write(error.code);
}

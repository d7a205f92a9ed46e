/** Why a program was not created: what the user entered (`usage`), or what is on the disk (`failure`). */
export class CreateError extends Error {
  constructor(
    readonly kind: 'usage' | 'failure',
    message: string,
  ) {
    super(message);
  }
}

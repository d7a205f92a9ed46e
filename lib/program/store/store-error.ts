/** Why the store cannot be used, other than the errors of SQLite and of the file system. */
export class StoreError extends Error {
  readonly code: 'ADDON' | 'DAMAGED' | 'REPLACED' | 'NEWER';

  constructor(code: StoreError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

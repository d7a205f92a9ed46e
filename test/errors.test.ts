import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSpecError, SpecCallbackSDK, SpecError, specErrorCodes } from 'wework-spec-sdk';
import { sandboxErrorCodes } from 'wework-spec-sdk/sandbox';

const page = readFileSync(join(__dirname, '..', 'docs', 'errors.md'), 'utf8');
const rows = [...page.matchAll(/^\| `(ERR_(?:SPEC|SANDBOX)_\w+)` \|(.*)\|$/gm)].map(
  ([, code, rest]) => ({
    code,
    cells: (rest as string).split('|').map((cell) => cell.trim()),
  }),
);

test('docs/errors.md has one row for each code, and no other', () => {
  expect(rows.map(({ code }) => code).sort()).toEqual(
    [...specErrorCodes, ...sandboxErrorCodes].sort(),
  );
});

test('each row says the cause and what to do', () => {
  for (const { cells } of rows) {
    expect(cells.length).toBeGreaterThanOrEqual(2);
    for (const cell of cells) expect(cell).not.toBe('');
  }
});

test('isSpecError knows the errors of this package, whatever their class', () => {
  expect(isSpecError(new SpecError('ERR_SPEC_NOT_BUILT', 'text'))).toBe(true);
  expect(isSpecError(new TypeError('text'))).toBe(false);
  expect(isSpecError(Object.assign(new Error('text'), { code: 'ENOENT' }))).toBe(false);
  expect(isSpecError({ code: 'ERR_SPEC_NOT_BUILT' })).toBe(false);
  expect(isSpecError(undefined)).toBe(false);
  process.env.WEWORK_SPEC_SDK = 'sandbox';
  try {
    new SpecCallbackSDK(1 as never, {}, '');
  } catch (error) {
    expect(isSpecError(error) && error.code).toBe('ERR_SPEC_INVALID_ARG_TYPE');
  }
  expect.hasAssertions();
});

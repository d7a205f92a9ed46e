import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSpecError, SpecCallbackSDK, SpecError, specErrorCodes } from 'wework-spec-sdk';
import { SandboxError } from 'wework-spec-sdk/sandbox';

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');
// The catalogue itself is not exported by the package.
const { errorText } = jest.requireActual<{
  errorText(code: string, ...facts: string[]): string;
}>('../../dist/errors/index.js');

const sandboxCodes = specErrorCodes.filter((code) => code.startsWith('ERR_SANDBOX_'));
const sdkCodes = specErrorCodes.filter((code) => !sandboxCodes.includes(code));

const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const code = /^`(ERR_SPEC_\w+)`$/m.exec(section)?.[1] ?? section;
      const part = (name: string) => new RegExp(`^- ${name}: (.+)$`, 'm').exec(section)?.[1];
      return [code, { message: part('Message'), cause: part('Cause'), action: part('Action') }];
    }),
);

test('docs/errors.md has one section for each code of the catalogue, and no other', () => {
  expect([...sections.keys()].sort()).toEqual([...sdkCodes].sort());
  expect(page.match(/^### /gm)).toHaveLength(sdkCodes.length);
});

test.each(sdkCodes)('the section of %s has its message, the cause and the action', (code) => {
  const message = errorText(code, '…', '…').replace(/\s*\n\s*/g, ' ');
  expect(sections.get(code)).toEqual({
    message,
    cause: expect.stringMatching(/\w/),
    action: expect.stringMatching(/\w/),
  });
});

const rows = new Map(
  [...page.matchAll(/^\| `(ERR_SANDBOX_\w+)` \| (.+) \| (.+) \|$/gm)].map(
    ([, code, message, cause]) => [code, { message, cause }],
  ),
);

test('docs/errors.md has one row for each code of the sandbox, and no other', () => {
  expect([...rows.keys()].sort()).toEqual([...sandboxCodes].sort());
  expect(page.match(/^\| `ERR_/gm)).toHaveLength(sandboxCodes.length);
});

test.each(sandboxCodes)('the row of %s has its message and the cause', (code) => {
  const message = errorText(code, '…', '…', '…');
  expect(rows.get(code)).toEqual({ message, cause: expect.stringMatching(/\w/) });
});

test.each(sandboxCodes)(
  'the text of %s is a sentence that the catalogue makes from facts',
  (code) => {
    expect(errorText(code, 'fact', 'fact', 'fact')).toMatch(/^\S.{20,}\.$/);
  },
);

test('the Chinese page explains the same codes in the same order', () => {
  const chinese = readFileSync(join(root, 'docs', 'zh', 'errors.md'), 'utf8');
  const codesOf = (text: string) =>
    [...text.matchAll(/^(?:### |\| )`(ERR_\w+)`/gm)].map(([, code]) => code);
  expect(codesOf(chinese)).toEqual(codesOf(page));
  const explained = chinese.match(/^### .+\n- 原因：.+\n- 处理：.+$/gm) ?? [];
  expect(explained).toHaveLength(sdkCodes.length);
});

test('isSpecError recognises the errors of this package of every class', () => {
  expect(isSpecError(new SpecError('ERR_SPEC_NOT_BUILT', 'text'))).toBe(true);
  expect(isSpecError(new SandboxError('ERR_SANDBOX_STOPPED', 'text'))).toBe(true);
  expect(isSpecError(new TypeError('text'))).toBe(false);
  expect(isSpecError(Object.assign(new Error('text'), { code: 'toString' }))).toBe(false);
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

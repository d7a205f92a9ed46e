import { types } from 'node:util';
import { wrongType } from '../common/options';
import { makeError } from '../errors';

/** Longer than the PEM text of the largest RSA key that OpenSSL supports, with other keys and certificates around it. */
const LONGEST = 2 ** 20;

const latin1 = new TextDecoder('latin1');

/** A private key as PEM: a string, or its bytes. */
export type PemInput = string | Uint8Array;

/**
 * Repairs the PEM text of a private key that went through an environment variable or a configuration file: literal `\n` in
 * place of line breaks, quotes around it, indentation, everything on one line.
 *
 * @param name - the argument, for errors
 * @returns the private key alone, or the text as it is if only OpenSSL can say what is wrong with it
 * @throws SpecError `ERR_SPEC_PRIVATE_KEY` if there is no private key in it; TypeError `ERR_SPEC_INVALID_ARG_TYPE`
 */
export function pemText(key: PemInput, name: string): string {
  if (typeof key !== 'string' && !types.isUint8Array(key)) {
    throw wrongType(name, 'of type string or an instance of Buffer or Uint8Array', key);
  }
  const text = typeof key === 'string' ? key : latin1.decode(key);
  if (typeof key !== 'string' && text.includes('\0')) {
    throw makeError('ERR_SPEC_PRIVATE_KEY', name, 'it is binary (DER) or UTF-16, not PEM text');
  }
  // The addon refuses these, as it does for every string.
  if (text.includes('\0') || !text.isWellFormed()) return text;
  const begin = /-----BEGIN ([A-Z ]{0,20}PRIVATE KEY)-----/.exec(text);
  if (begin === null || text.length > LONGEST) {
    throw makeError('ERR_SPEC_PRIVATE_KEY', name, whatInstead(text));
  }
  const [line, label] = begin;
  const endLine = `-----END ${label}-----`;
  const start = begin.index + line.length;
  const end = text.indexOf(endLine, start);
  if (end === -1) throw makeError('ERR_SPEC_PRIVATE_KEY', name, `it has no line ${endLine}`);
  const base64 = text.slice(start, end).replaceAll(/\s|\\[nrt]/g, '');
  // A key with PEM headers is encrypted; OpenSSL reports that.
  if (!/^[A-Za-z0-9+/]+=*$/.test(base64)) return text;
  return `${[line, ...(base64.match(/.{1,64}/g) ?? []), endLine].join('\n')}\n`;
}

/** Describes the text by its PEM label or its form, without any of its content. */
function whatInstead(text: string): string {
  if (text.length > LONGEST) return `it is longer than ${LONGEST} characters`;
  if (text.trim() === '') return 'it is empty';
  // The base64 of "-----BEGIN".
  if (/^\s*LS0tLS1CRUdJT/.test(text)) return 'it is the base64 of a PEM text; decode it first';
  const label = /-----BEGIN ([A-Z ]{1,40})-----/.exec(text)?.[1];
  if (label !== undefined) return `it is a ${label}, not a private key`;
  if (/^[\w./~-]{1,200}\.(?:pem|key)$/.test(text)) {
    return 'it is the name of a file; pass the content of the file';
  }
  return 'it has no line -----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY-----';
}

// ignoreBOM keeps a leading U+FEFF, which is part of the content.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes UTF-8; `undefined` when the bytes are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Decodes base64 in the standard alphabet with padding and no line breaks; `undefined` otherwise.
 *
 * Buffer ignores invalid characters, so the result is encoded again and compared. This also rejects unused bits that are not zero,
 * with which one message would have several encodings.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

// ignoreBOM means "keep it": a leading U+FEFF belongs to the content and must survive the journey.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes UTF-8 without replacing anything; `undefined` when the bytes are not UTF-8. */
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
 * Buffer skips what it does not know, so the round trip decides. It also refuses stray bits in the
 * last character, which would give one message several spellings.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

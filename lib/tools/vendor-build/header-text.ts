/** A header without comments and string literals, with continuation lines joined. */
function code(header: string): string {
  return header
    .replace(/\/\*.*?\*\//gs, ' ')
    .replace(/\/\/.*$/gm, '')
    .replace(/\\\r?\n/g, ' ');
}

/**
 * The declarations of a name in a header, verbatim, for messages if no compiler is available or it rejects the header. Macros that
 * produce declarations are not expanded.
 */
export function mentions(header: string, name: string, most = 2): string[] {
  const found = new Set<string>();
  const word = new RegExp(`(?<![\\w~])${name}\\b`);
  for (const piece of pieces(header)) {
    if (!word.test(piece)) continue;
    found.add(piece.length > 120 ? `${piece.slice(0, 117)}...` : piece);
  }
  // Declarations before uses.
  const declared = [...found].filter((piece) =>
    new RegExp(`^(?:#define ${name}\\b|(?:class|struct) .*\\b${name}\\b|.*\\b${name} ?\\()`).test(
      piece,
    ),
  );
  return (declared.length > 0 ? declared : [...found]).slice(0, most);
}

/** Statements, heads of blocks and preprocessor lines, one line each. */
function pieces(header: string): string[] {
  return code(header)
    .split('\n')
    .flatMap((line) => (/^\s*#/.test(line) ? `;${line};` : line))
    .join('\n')
    .split(/[;{}]|\b(?:public|private|protected)\s*:/)
    .map((piece) => piece.replace(/\s+/g, ' ').trim())
    .filter((piece) => piece !== '');
}

/** The part of preprocessed text that comes from the files of one folder. */
export function preprocessedPart(preprocessed: string, folder: string): string {
  let own = false;
  const lines = preprocessed.split('\n').filter((line) => {
    const file = /^#(?:line)? \d+ "(.*?)"/.exec(line)?.[1];
    if (file !== undefined) own = file.startsWith(`${folder}/`);
    return own && file === undefined;
  });
  return lines.join('\n');
}

/**
 * The namespace in which a header declares SpecCallbackSDK; undefined for the global one and Tencent::WxWork, which are always
 * searched.
 *
 * @param header - preprocessed: namespaces may be opened by macros
 */
export function namespaceOf(header: string): string | undefined {
  const tokens = code(header)
    .replace(/^\s*#.*$/gm, '')
    .match(/"(?:[^"\\\n]|\\.)*"|namespace\b[\w:\s]*\{|\bclass\b[^;{]*[;{]|[{}]/g);
  const open: string[] = [];
  for (const token of tokens ?? []) {
    if (token === '}') {
      open.pop();
    } else if (token.startsWith('namespace')) {
      open.push(token.slice('namespace'.length, -1).replace(/\s/g, ''));
    } else if (token.endsWith('{')) {
      if (/\bSpecCallbackSDK\b[^:]*(?::|\{)/.test(token)) {
        const name = open.filter(Boolean).join('::');
        return name === '' || name === 'Tencent::WxWork' ? undefined : name;
      }
      open.push('');
    }
  }
  return undefined;
}

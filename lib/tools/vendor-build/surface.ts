import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../binding/locate';
import { makeError } from '../../errors';
import type { Compiler } from './compiler';
import { mentions, namespaceOf, preprocessedPart } from './header-text';

/** A declaration in the vendor's guides: an entry of native/vendor/declarations.json. */
export interface Declaration {
  readonly name: string;
  /** As in the guide. */
  readonly documented: string;
  readonly page: string;
  /** Whether the addon cannot be built without it. */
  readonly required: boolean;
  /** Code that uses it, in order of preference. The definition of the first one that compiles is passed to the adapter. */
  readonly probes: readonly { readonly source: string; readonly define?: string }[];
}

/** Whether a header contains a declaration. */
export interface Finding {
  readonly declaration: Declaration;
  readonly found: boolean;
  /** The compiler's error. */
  readonly complaint?: string | undefined;
}

/** The declarations that a header contains, and the definitions with which the adapter is compiled for it. */
export interface Surface {
  readonly findings: readonly Finding[];
  /** `NAME=value` for the adapter. */
  readonly definitions: readonly string[];
  readonly standard: string;
  readonly logCallSite: boolean;
}

/** All declarations of the C++ SDK in the guides. */
export function documentedDeclarations(): Declaration[] {
  return JSON.parse(
    readFileSync(join(packageRoot, 'native', 'vendor', 'declarations.json'), 'utf8'),
  );
}

// The header may require a newer C++ standard, or GNU extensions.
const standards = ['c++17', 'gnu++17', 'gnu++20'] as const;

/**
 * Determines with the compiler what a header declares: compiles a use of each documented declaration, as in the adapter. Needed
 * because the documented spellings differ and older SDKs lack functions.
 *
 * @throws SpecError `ERR_SPEC_BUILD_FAILED` when the header itself does not compile
 */
export async function askHeader(compiler: Compiler, header: string): Promise<Surface> {
  const folder = dirname(header);
  const preprocessed = await compiler.run(
    ['-x', 'c++', '-E', '-w', '-isystem', folder, '-'],
    '#include <cpp_sdk.h>\n',
  );
  const namespace = namespaceOf(preprocessedPart(preprocessed.stdout, folder));
  const declarations = documentedDeclarations();
  const probes = declarations.flatMap((declaration) =>
    declaration.probes.map((probe) => ({ declaration, ...probe })),
  );
  let first: string | undefined;
  for (const standard of standards) {
    const empty = await compile(compiler, header, standard, opening(namespace));
    if (!empty.ok) {
      first ??= empty.stderr;
      continue;
    }
    const source = [
      opening(namespace),
      ...probes.map(({ source }, index) => probeSource(index, source)),
    ];
    const { stderr } = await compile(compiler, header, standard, source.join('\n'));
    const complaints = complaintsByProbe(stderr);
    const results = declarations.map((declaration) => {
      const own = [...probes.keys()].filter((index) => probes[index]?.declaration === declaration);
      const good = own.find((index) => !complaints.has(index));
      return {
        finding: {
          declaration,
          found: good !== undefined,
          complaint: good === undefined ? complaints.get(own[0] as number) : undefined,
        },
        define: good === undefined ? undefined : probes[good]?.define,
      };
    });
    const logCallSite = await takesCallSite(compiler, header, standard, namespace);
    return {
      findings: results.map(({ finding }) => finding),
      definitions: [
        ...results.flatMap(({ define }) => define ?? []),
        `WEWORK_SPEC_HAS_LOG_CALL_SITE=${logCallSite ? 1 : 0}`,
        ...(namespace === undefined ? [] : [`WEWORK_SPEC_NAMESPACE=${namespace}`]),
      ],
      standard,
      logCallSite,
    };
  }
  throw makeError('ERR_SPEC_BUILD_FAILED', `Compiling ${header}`, errorLines(first ?? ''));
}

/** The error for a header that lacks required declarations; undefined if it has all of them. */
export function conformanceError(header: string, findings: readonly Finding[]): Error | undefined {
  const lacking = findings.filter(({ declaration, found }) => declaration.required && !found);
  if (lacking.length === 0) return undefined;
  const text = readFileSync(header, 'utf8');
  const differences = lacking.map(({ declaration: { name, documented, page }, complaint }) => {
    const member = name.replace(/^.*::|\(.*$/g, '');
    const there = mentions(text, member);
    return [
      `  ${documented}`,
      `    documented at ${page}, used in ${placeInAdapter(member)}`,
      `    the header contains: ${there.length === 0 ? `nothing named ${member}` : there.join(' / ')}`,
      `    compiler error: ${complaint ?? 'none'}`,
    ].join('\n');
  });
  return makeError('ERR_SPEC_HEADER_DIFFERS', header, differences.join('\n'));
}

/** The error lines of a compiler's output, without their context. */
export function errorLines(stderr: string, most = 5): string {
  const lines = stderr.split('\n').filter((line) => /\berror:|\bundefined reference\b/.test(line));
  return (lines.length === 0 ? stderr.trim().split('\n') : lines).slice(0, most).join('\n');
}

/** Where the adapter uses a name of the SDK: `native/vendor/adapter.cc:89`. */
export function placeInAdapter(name: string): string {
  const file = 'native/vendor/adapter.cc';
  const lines = readFileSync(join(packageRoot, file), 'utf8').split('\n');
  // Names with two spellings are macros that the build defines.
  const spelling = { SpecSdk: 'WEWORK_SPEC_CLIENT', IsOk: 'WEWORK_SPEC_IS_OK' }[name] ?? name;
  const index = lines.findIndex((line) => new RegExp(`\\b${spelling}\\b`).test(line));
  return index < 0 ? file : `${file}:${index + 1}`;
}

function opening(namespace: string | undefined): string {
  return [
    '#include "vendor/conversions.h"',
    '#include <cpp_sdk.h>',
    'namespace Tencent { namespace WxWork {} }',
    'namespace spec_names {',
    'using namespace ::Tencent::WxWork;',
    namespace === undefined ? '' : `using namespace ::${namespace};`,
    '}',
  ].join('\n');
}

function probeSource(index: number, source: string): string {
  return `#line 1 "probe:${index}"\nnamespace spec_names { namespace probe_${index} { ${source} } }`;
}

function compile(compiler: Compiler, header: string, standard: string, source: string) {
  return compiler.run(
    [
      ...[`-std=${standard}`, '-x', 'c++', '-fsyntax-only', '-w'],
      ...(compiler.isClang
        ? ['-ferror-limit=0', '-fno-color-diagnostics']
        : ['-fmax-errors=0', '-fdiagnostics-color=never', '-fno-diagnostics-show-caret']),
      ...['-isystem', dirname(header), `-I${join(packageRoot, 'native')}`, '-'],
    ],
    source,
  );
}

/** The first error of each probe. For an error in a template, the probe is named as the place of instantiation. */
function complaintsByProbe(stderr: string): Map<number, string> {
  const complaints = new Map<number, string>();
  let asker: number | undefined;
  for (const line of stderr.split('\n')) {
    const probe = /^probe:(\d+):/.exec(line)?.[1];
    const words = /\berror: (.*)$/.exec(line)?.[1];
    if (probe !== undefined && words === undefined && /required from/.test(line)) {
      asker = Number(probe);
    }
    if (words === undefined) continue;
    const index = probe === undefined ? asker : Number(probe);
    if (index !== undefined && !complaints.has(index)) complaints.set(index, words);
    asker = undefined;
  }
  // Clang prints the place of instantiation after the error.
  for (const [, probe] of stderr.matchAll(/^probe:(\d+):.*note: in instantiation/gm)) {
    if (!complaints.has(Number(probe))) complaints.set(Number(probe), 'see the compiler');
  }
  return complaints;
}

/**
 * Whether the log macros use file and line as ordinary expressions, so that the place in JavaScript can be passed at run time. This
 * is impossible if a macro concatenates them with a string literal, takes their size, or stores them in a static variable; the last
 * two would compile and produce wrong records.
 */
async function takesCallSite(
  compiler: Compiler,
  header: string,
  standard: string,
  namespace: string | undefined,
): Promise<boolean> {
  const macros = ['WWSPEC_LOG_INFO', 'WWSPEC_LOG_ERROR', 'WWSPEC_LOG_DEBUG'];
  const source = [
    opening(namespace),
    '#include "vendor/call_site_macros.h"',
    'wework_spec_expansions',
    'namespace spec_names {',
    'void Use(const char* wework_spec_call_file, int wework_spec_call_line, const char* text) {',
    ...macros.map((macro) => `{ ${macro}("%s", text); }`),
    '} }',
  ].join('\n');
  const { ok, stdout } = await compiler.run(
    [
      ...[`-std=${standard}`, '-x', 'c++', '-E', '-P', '-w'],
      ...['-isystem', dirname(header), `-I${join(packageRoot, 'native')}`, '-'],
    ],
    source,
  );
  if (!ok) return false;
  const expansions = stdout.slice(stdout.lastIndexOf('wework_spec_expansions'));
  const uses = (name: string) => expansions.split(name).length - 1;
  // Each name also occurs once as a parameter.
  if (uses('wework_spec_call_file') <= macros.length) return false;
  if (uses('wework_spec_call_line') <= macros.length) return false;
  if (/\b(?:sizeof|static|constexpr|thread_local)\b/.test(expansions)) return false;
  const compiled = await compile(
    compiler,
    header,
    standard,
    source.replace('wework_spec_expansions', ''),
  );
  return compiled.ok;
}

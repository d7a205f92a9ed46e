import { relative, resolve } from 'node:path';
import { packageRoot } from '../../../binding/locate';
import { glibcFloor } from '../../diagnosis/floors';
import {
  type BuildReport,
  buildVendorAddon,
  defaultOutDir,
  type Placing,
  prebuildDir,
} from '../../vendor-build/build';
import { type Context, defineCommand, type Options, UsageError, type Writer } from '../command';
import { type Style, styleFor, writeLine } from '../output';

const options = {
  'sdk-dir': {
    type: 'string',
    value: 'DIR',
    description:
      'folder of the SDK (cpp_sdk.h and libWeWorkSpecSDK.so, together or in include/ and lib/), or its archive cpp_sdk-*.tar.gz (default: $WEWORK_SPEC_SDK_DIR)',
  },
  'copy-library': {
    type: 'boolean',
    description:
      'copy the SDK library next to the addon instead of linking to it; for container images',
  },
  prebuild: {
    type: 'boolean',
    description:
      "build into prebuilds/ of this package, without the vendor's library, for packing to a private registry",
  },
  out: {
    type: 'string',
    value: 'DIR',
    description: 'output folder; programs must then set WEWORK_SPEC_ADDON',
  },
  'object-dir': {
    type: 'string',
    value: 'DIR',
    description:
      'cache object files there, so that the next build is faster (default: $WEWORK_SPEC_OBJECT_DIR)',
  },
} as const satisfies Options;

/** Builds the addon for the vendor's SDK in a folder that the loader searches, and loads it in a child process. */
export const build = defineCommand({
  name: 'build',
  summary: "build the addon for the vendor's SDK",
  description: `Requires a C++ compiler (g++, or the one in $CXX), but no CMake, OpenSSL headers or network.
The vendor's files are not modified. Programs then run without LD_LIBRARY_PATH.`,
  options,
  examples: [
    ['npx wework-spec build --sdk-dir ./cpp_sdk', 'build with the SDK in this folder'],
    [
      'npx wework-spec build --sdk-dir cpp_sdk-1.3.1.tar.gz --copy-library',
      'in a Dockerfile; the archive is not needed afterwards',
    ],
    [
      'npx wework-spec build --sdk-dir ./cpp_sdk --prebuild',
      'for a private registry; then run `npm pack ./node_modules/wework-spec-sdk`',
    ],
  ],
  async run(context) {
    const { values, env, cwd, stdout, stderr } = context;
    const sdk = sdkPlace(values['sdk-dir'], context);
    if (values.prebuild && values['copy-library']) {
      throw new UsageError(
        'build: --prebuild and --copy-library cannot be used together; a prebuild never contains the library',
      );
    }
    const placing: Placing = values.prebuild ? 'none' : values['copy-library'] ? 'copy' : 'link';
    const outDir =
      values.out !== undefined
        ? resolve(cwd, values.out)
        : values.prebuild
          ? prebuildDir()
          : defaultOutDir;
    const kept = values['object-dir'] || env.WEWORK_SPEC_OBJECT_DIR;
    const objectDir = kept ? resolve(cwd, kept) : undefined;
    const style = styleFor(stdout, env);
    const { addon, loaded } = await buildVendorAddon({
      sdk,
      placing,
      outDir,
      objectDir,
      env,
      report: reportTo(context, style),
    });
    if (!loaded.ok) {
      writeLine(
        stderr,
        `wework-spec: the addon was built, but cannot be loaded on this machine: ${loaded.code}: ${loaded.message}`,
      );
      return 1;
    }
    writeRow(stdout, style, 'Loaded', `${loaded.info.libraryFile}, in a child process`);
    for (const [index, step] of nextSteps(context, addon).entries()) {
      writeRow(stdout, style, index === 0 ? 'Next' : '', step);
    }
    return 0;
  },
});

/** Absolute path of the SDK that the user named; throws {@link UsageError} if there is none. */
export function sdkPlace(
  option: string | undefined,
  { env, cwd }: Pick<Context, 'env' | 'cwd'>,
): string {
  const place = option || env.WEWORK_SPEC_SDK_DIR;
  if (!place) {
    throw new UsageError(
      'no SDK given; download it from the WeCom developer site and pass its folder or archive in --sdk-dir or WEWORK_SPEC_SDK_DIR (this package does not include it)',
    );
  }
  return resolve(cwd, place);
}

function reportTo({ stdout }: Pick<Context, 'stdout'>, style: Style): BuildReport {
  const row = (name: string, text: string) => writeRow(stdout, style, name, text);
  return {
    files({ header, library, archive }, { elf, cxxAbi, sha256, name }) {
      const floors = glibcFloor(elf);
      if (archive !== undefined) row('Archive', archive);
      row('Header', header);
      row('Library', `${library}${name === 'libWeWorkSpecSDK.so' ? '' : ` (soname ${name})`}`);
      row('SHA-256', sha256);
      row('Processor', elf.arch);
      row(
        'C++ ABI',
        cxxAbi === undefined
          ? 'not visible in the names of its functions; the new one is assumed'
          : `${cxxAbi === 'cxx11' ? 'new' : 'old'}, _GLIBCXX_USE_CXX11_ABI=${cxxAbi === 'cxx11' ? 1 : 0}`,
      );
      row('Needs', elf.needed.join(', ') || 'no other libraries');
      row('At least', floors.join(', ') || 'any version of glibc and libstdc++');
    },
    surface(compiler, { findings, logCallSite, standard }) {
      const found = findings.filter((finding) => finding.found).length;
      row('Compiler', `${compiler.version}, -std=${standard}`);
      row('SDK parts', `${found} of ${findings.length} documented declarations found`);
      for (const { declaration, found } of findings) {
        if (!found) row('  missing', declaration.documented);
      }
      row(
        'Log records',
        logCallSite
          ? "contain the program's file and line"
          : "contain the file adapter.cc: the header's macros set file and line at compile time",
      );
    },
    dropped(names) {
      row('  missing', `${names.join(', ')}: declared in the header, not defined in the library`);
    },
    compiling(count) {
      row('Compiling', count === 0 ? 'nothing, all objects are up to date' : `${count} files`);
    },
    placed(placing, files) {
      const kinds = { link: 'Linked', copy: 'Copied', none: 'Library' } as const;
      row(kinds[placing], placing === 'none' ? 'not copied' : files.join(', ') || 'already there');
    },
    built(addon) {
      row('Built', addon);
    },
  };
}

/** Writes a line of the build's output: a label and a text. */
export function writeRow(writer: Writer, style: Style, name: string, text: string): void {
  writeLine(writer, style('bold', name.padEnd(12)), text);
}

function nextSteps({ values, cwd }: Context<typeof options>, addon: string): string[] {
  if (values.prebuild) {
    const folder = relative(cwd, values.out === undefined ? packageRoot : resolve(addon, '..'));
    return [
      values.out === undefined
        ? `npm pack ./${folder}`
        : `copy ./${folder} into prebuilds/ of the package`,
      'on the target machine: npx wework-spec link --sdk-dir <folder>',
    ];
  }
  return [
    ...(values.out === undefined ? [] : [`export WEWORK_SPEC_ADDON=${addon}`]),
    'npx wework-spec doctor',
  ];
}

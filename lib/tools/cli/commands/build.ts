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
      'folder with cpp_sdk.h and libWeWorkSpecSDK.so, side by side or in include/ and lib/, or the archive cpp_sdk-*.tar.gz (default: $WEWORK_SPEC_SDK_DIR)',
  },
  'copy-library': {
    type: 'boolean',
    description: 'put a copy of the library beside the addon, not a link: for container images',
  },
  prebuild: {
    type: 'boolean',
    description:
      "build into prebuilds/ of this package without the vendor's library, to be packed for a private registry",
  },
  out: {
    type: 'string',
    value: 'DIR',
    description: 'where the addon goes; programs then need WEWORK_SPEC_ADDON',
  },
  'object-dir': {
    type: 'string',
    value: 'DIR',
    description:
      'keep what was compiled there, so that the next build is quick (default: $WEWORK_SPEC_OBJECT_DIR)',
  },
} as const satisfies Options;

/** Builds the addon for the vendor's SDK where the loader finds it, and tries it. */
export const build = defineCommand({
  name: 'build',
  summary: "build the addon for the vendor's SDK",
  description: `Needs a C++ compiler (g++, or what CXX names) and nothing else: no CMake, no OpenSSL headers, no network.
The vendor's files are only read. Afterwards programs run without LD_LIBRARY_PATH.`,
  options,
  examples: [
    ['npx wework-spec build --sdk-dir ./cpp_sdk', 'build with the SDK in that folder'],
    [
      'npx wework-spec build --sdk-dir cpp_sdk-1.3.1.tar.gz --copy-library',
      'in a Dockerfile: the archive may go afterwards',
    ],
    [
      'npx wework-spec build --sdk-dir ./cpp_sdk --prebuild',
      'then `npm pack ./node_modules/wework-spec-sdk` for a private registry',
    ],
  ],
  async run(context) {
    const { values, env, cwd, stdout, stderr } = context;
    const sdk = sdkPlace(values['sdk-dir'], context);
    if (values.prebuild && values['copy-library']) {
      throw new UsageError(
        'build: --prebuild never packs the library, so --copy-library makes no sense with it',
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
        `wework-spec: the addon was built, but cannot be loaded here: ${loaded.code}: ${loaded.message}`,
      );
      return 1;
    }
    writeRow(stdout, style, 'Loaded', `${loaded.info.libraryFile}, in a process of its own`);
    for (const [index, step] of nextSteps(context, addon).entries()) {
      writeRow(stdout, style, index === 0 ? 'Next' : '', step);
    }
    return 0;
  },
});

/** What the user has named as the SDK, absolute. */
export function sdkPlace(
  option: string | undefined,
  { env, cwd }: Pick<Context, 'env' | 'cwd'>,
): string {
  const place = option || env.WEWORK_SPEC_SDK_DIR;
  if (!place) {
    throw new UsageError(
      'where is the SDK? Give the folder or archive with cpp_sdk.h and libWeWorkSpecSDK.so as --sdk-dir or WEWORK_SPEC_SDK_DIR; it cannot be shipped with this package, download it from the WeCom developer site',
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
          ? 'does not show in the names of its functions; the new one is assumed'
          : `${cxxAbi === 'cxx11' ? 'new' : 'old'}, _GLIBCXX_USE_CXX11_ABI=${cxxAbi === 'cxx11' ? 1 : 0}`,
      );
      row('Needs', elf.needed.join(', ') || 'no other library');
      row('At least', floors.join(', ') || 'no version of glibc or libstdc++');
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
          ? "name the program's file and line"
          : "name adapter.cc: the header's macros fix file and line when they are compiled",
      );
    },
    dropped(names) {
      row('  missing', `${names.join(', ')}: declared in the header, not in the library`);
    },
    compiling(count) {
      row('Compiling', count === 0 ? 'nothing, all was there' : `${count} files`);
    },
    placed(placing, files) {
      const kinds = { link: 'Linked', copy: 'Copied', none: 'Library' } as const;
      row(
        kinds[placing],
        placing === 'none' ? 'left where it is' : files.join(', ') || 'is there already',
      );
    },
    built(addon) {
      row('Built', addon);
    },
  };
}

/** One thing that was found or done. */
export function writeRow(writer: Writer, style: Style, name: string, text: string): void {
  writeLine(writer, `${style('bold', name.padEnd(12))}${text}`);
}

function nextSteps({ values, cwd }: Context<typeof options>, addon: string): string[] {
  if (values.prebuild) {
    const folder = relative(cwd, values.out === undefined ? packageRoot : resolve(addon, '..'));
    return [
      values.out === undefined
        ? `npm pack ./${folder}`
        : `put ./${folder} into the package's prebuilds/`,
      'where it is installed: npx wework-spec link --sdk-dir <folder>',
    ];
  }
  return [
    ...(values.out === undefined ? [] : [`export WEWORK_SPEC_ADDON=${addon}`]),
    'npx wework-spec doctor',
  ];
}

import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { machineError } from '../../../binding/load-failure';
import { candidates, firstExisting } from '../../../binding/locate';
import { readRecord } from '../../../binding/record';
import { makeError } from '../../../errors';
import { placeLibraries } from '../../vendor-build/build';
import { tryLoad } from '../../vendor-build/load-check';
import { companions, findSdk, libraryFacts } from '../../vendor-build/sdk-files';
import { defineCommand } from '../command';
import { styleFor, writeLine } from '../output';
import { sdkPlace, writeRow } from './build';

/** Links or copies the vendor's library next to an addon that was built on another machine. */
export const link = defineCommand({
  name: 'link',
  summary: "link the vendor's library to an installed addon",
  description: `For packages made with \`wework-spec build --prebuild\`, which contain the addon without the vendor's library.
Requires no compiler. The library must be the one that the addon was built with.`,
  options: {
    'sdk-dir': {
      type: 'string',
      value: 'DIR',
      description: 'folder or archive of the SDK (default: $WEWORK_SPEC_SDK_DIR)',
    },
    'copy-library': {
      type: 'boolean',
      description: 'copy the library instead of linking to it; for container images',
    },
  },
  examples: [
    [
      'npx wework-spec link --sdk-dir ./cpp_sdk --copy-library',
      "in a Dockerfile, after `npm ci` installed the team's package",
    ],
  ],
  async run(context) {
    const { values, env, stdout, stderr } = context;
    const style = styleFor(stdout, env);
    const sdk = sdkPlace(values['sdk-dir'], context);
    const impossible = machineError();
    if (impossible) throw impossible;
    const tried = candidates('vendor', env);
    const addon = firstExisting(tried);
    if (addon === undefined) {
      const detail = `Looked for: ${tried.join(', ')}. Build it: npx wework-spec build --sdk-dir ${sdk}.`;
      throw makeError('ERR_SPEC_NOT_BUILT', 'vendor', detail);
    }
    const workDir = mkdtempSync(join(realpathSync(tmpdir()), 'wework-spec-link-'));
    try {
      const { library, archive } = await findSdk(sdk, workDir);
      const { name, sha256 } = libraryFacts(library);
      const record = readRecord(addon);
      if (record !== undefined && record.library.sha256 !== sha256) {
        throw makeError('ERR_SPEC_LIBRARY_CHANGED', library, addon);
      }
      const copy = values['copy-library'] === true || archive !== undefined;
      const outDir = dirname(addon);
      const made = placeLibraries(
        library,
        name,
        companions(library),
        outDir,
        copy ? 'copy' : 'link',
      );
      const beside =
        made.length > 0 ? made : [join(outDir, name)].filter((file) => existsSync(file));
      writeRow(stdout, style, copy ? 'Copied' : 'Linked', beside.join(', '));
    } finally {
      rmSync(workDir, { recursive: true, force: true });
    }
    const loaded = await tryLoad('vendor', env, addon);
    if (!loaded.ok) {
      writeLine(stderr, `wework-spec: ${loaded.code}: ${loaded.message}`);
      return 1;
    }
    writeRow(stdout, style, 'Loaded', `${loaded.info.libraryFile}, in a child process`);
    writeRow(stdout, style, 'Next', 'npx wework-spec doctor');
    return 0;
  },
});

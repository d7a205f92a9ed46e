import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../binding/locate';
import { defineCommand } from '../command';

/** Builds the addon for the vendor's SDK. */
export const build = defineCommand({
  name: 'build',
  summary: "build the addon for the vendor's SDK",
  options: {
    'sdk-dir': {
      type: 'string',
      value: 'DIR',
      description: 'where cpp_sdk.h and libWeWorkSpecSDK.so are (default: $WEWORK_SPEC_SDK_DIR)',
    },
  },
  examples: [['wework-spec build --sdk-dir ./cpp_sdk', 'build with the SDK in that folder']],
  run({ values, env, cwd }) {
    const dir = values['sdk-dir'];
    const script = join(packageRoot, 'scripts', 'build-addon.mjs');
    const args = [script, '--sdk', 'vendor', ...(dir === undefined ? [] : ['--sdk-dir', dir])];
    return spawnSync(process.execPath, args, { cwd, env, stdio: 'inherit' }).status ?? 1;
  },
});

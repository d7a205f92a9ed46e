import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFileSync } from '@swc/core';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const require = createRequire(import.meta.url);

export const {
  zoneInterfaces,
  interfaceGroups,
  zoneEvents,
  zoneTasks,
  pageAddress,
  errcodeMeaning,
  knownErrcodes,
  MALFORMED_REQUEST,
  invokeCodeMeaning,
  knownInvokeCodes,
  serverInterfaces,
  serverInterfaceGroups,
} = loadDefinitions();

/** Compiles the definitions without type checks: dist/ cannot be built before the types are generated. */
function loadDefinitions() {
  const source = join(root, 'lib', 'interfaces');
  const target = mkdtempSync(join(tmpdir(), 'wework-spec-interfaces-'));
  try {
    for (const file of readdirSync(source, { recursive: true })) {
      if (!statSync(join(source, file)).isFile()) continue;
      const { code } = transformFileSync(join(source, file), {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        swcrc: false,
      });
      const compiled = join(target, file.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(compiled), { recursive: true });
      writeFileSync(compiled, code);
    }
    return require(join(target, 'index.js'));
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

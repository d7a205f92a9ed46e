import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';
import { type Ended, root, runProgram } from './child';

/** How to run a program. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
  readonly args?: readonly string[];
}

/**
 * A program of `test/support/programs`, compiled to JavaScript with a source map, in a separate folder in which this package is
 * installed as npm does.
 */
export class Program {
  readonly folder = mkdtempSync(join(tmpdir(), 'wework-spec-test-'));
  /** The TypeScript text. */
  readonly source: string;
  /** The JavaScript text. */
  readonly code: string;
  readonly #file: string;

  constructor(name: string) {
    const path = join(__dirname, 'programs', `${name}.ts`);
    this.source = readFileSync(path, 'utf8');
    const { code, map } = transformSync(this.source, {
      filename: path,
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
      sourceMaps: true,
    });
    this.code = `${code}\n//# sourceMappingURL=${name}.js.map\n`;
    this.#file = this.write(`${name}.js`, this.code);
    this.write(`${name}.js.map`, map ?? '');
    mkdirSync(join(this.folder, 'node_modules'));
    symlinkSync(root, join(this.folder, 'node_modules', 'wework-spec-sdk'));
  }

  /** Writes a file next to the program. */
  write(name: string, text: string): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Runs the program to its end; standard input is closed. */
  run(options: RunOptions = {}): Promise<Ended> {
    return this.runFile(this.#file, options);
  }

  /** Runs another file of the folder. */
  runFile(
    file: string,
    { env = {}, nodeOptions = [], args = [] }: RunOptions = {},
  ): Promise<Ended> {
    return runProgram(process.execPath, [...nodeOptions, file, ...args], {
      // While node measures coverage it applies source maps, which these programs bring for some tests.
      env: { WEWORK_SPEC_SDK: 'sandbox', NODE_V8_COVERAGE: '', ...env },
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

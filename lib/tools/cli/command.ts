/** An option of a command, as `node:util`'s parseArgs takes it, with what the help says of it. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  /** Stands for the value in the help: `DIR`. */
  readonly value?: string;
  readonly description: string;
}

/** The options of a command by their long names. */
export type Options = Readonly<Record<string, Option>>;

/** What was given on the command line. */
export type Values<O extends Options> = {
  readonly [K in keyof O]?: O[K] extends { multiple: true }
    ? (O[K]['type'] extends 'boolean' ? boolean : string)[]
    : O[K]['type'] extends 'boolean'
      ? boolean
      : string;
};

/** Where a command writes. */
export interface Writer {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** What a command sees of the process that runs it; nothing else of that process may be used. */
export interface Context<O extends Options = Options> {
  readonly values: Values<O>;
  readonly positionals: readonly string[];
  readonly stdout: Writer;
  readonly stderr: Writer;
  readonly stdin: NodeJS.ReadableStream;
  readonly env: NodeJS.ProcessEnv;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  /** Whether somebody looks at the standard output. */
  readonly isTTY: boolean;
  /**
   * For commands that run until they are told to end: from this call on SIGINT and SIGTERM abort the signal instead of
   * ending the process. A second one ends it all the same.
   */
  interrupted(): AbortSignal;
}

/** An example for the help: a command line, and what it is good for. */
export type Example = readonly [line: string, purpose: string];

interface Definition<O extends Options> {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What follows the options: `<ability> [data]`. Without it a command takes none. */
  readonly positionals?: string;
  /** What the help says beyond the summary. */
  readonly description?: string;
  readonly options: O;
  readonly examples: readonly Example[];
  /** Returns the exit code: 0 success, 1 failure. Throws {@link UsageError} when it was called in a wrong way. */
  run(context: Context<O>): number | Promise<number>;
}

/** A command of `wework-spec`. */
export type Command = Definition<Options>;

/** Makes a command; its `run` sees the options with their types. */
export function defineCommand<const O extends Options>(definition: Definition<O>): Command {
  // Values are made by parseArgs from the very options that give them their types.
  return definition as unknown as Command;
}

/** The command line was wrong: reported in one line, exit code 2. */
export class UsageError extends Error {}

/** An option of a command: what `parseArgs` of node:util requires, and its line in the help. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  /** Placeholder of the value in the help: `DIR`. */
  readonly value?: string;
  /** Values that a shell completes. */
  readonly choices?: readonly string[];
  readonly description: string;
}

/** The options of a command by their long names. */
export type Options = Readonly<Record<string, Option>>;

/** The parsed values of the options. */
export type Values<O extends Options> = {
  readonly [K in keyof O]?: O[K] extends { multiple: true }
    ? (O[K]['type'] extends 'boolean' ? boolean : string)[]
    : O[K]['type'] extends 'boolean'
      ? boolean
      : string;
};

/** An output stream of a command. */
export interface Writer {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** The process as a command sees it. Commands use nothing else of the process, so that tests can run them in their own. */
export interface Context<O extends Options = Options> {
  readonly values: Values<O>;
  readonly positionals: readonly string[];
  readonly stdout: Writer;
  readonly stderr: Writer;
  readonly stdin: NodeJS.ReadableStream;
  readonly env: NodeJS.ProcessEnv;
  /** Base of relative paths. */
  readonly cwd: string;
  /** Whether stdout is a terminal. */
  readonly isTTY: boolean;
  /**
   * For commands that run until they are interrupted. After this call, SIGINT, SIGTERM, SIGHUP or output that cannot be written aborts the
   * returned signal instead of ending the process; a second SIGINT or SIGTERM ends the process.
   */
  interrupted(): AbortSignal;
}

/** An example for the help: a command line and its purpose. */
export type Example = readonly [line: string, purpose: string];

interface Definition<O extends Options> {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** Arguments after the options, as in `<ability> [data]`. If absent, the command takes no arguments. */
  readonly positionals?: string;
  /** First arguments that a shell completes. */
  readonly choices?: readonly string[];
  /** Paragraphs of the help after the summary. */
  readonly description?: string;
  readonly options: O;
  readonly examples: readonly Example[];
  /** Returns the exit code: 0 success, 1 failure. Throws {@link UsageError} for an invalid command line. */
  run(context: Context<O>): number | Promise<number>;
}

/** A command of `wework-spec`. */
export type Command = Definition<Options>;

/** Defines a command; `run` gets its options with their types. */
export function defineCommand<const O extends Options>(definition: Definition<O>): Command {
  // Safe: parseArgs produces the values from the same options that define their types.
  return definition as unknown as Command;
}

/** An invalid command line: printed as one line, exit code 2. */
export class UsageError extends Error {}

/** What `parseArgs` says is wrong, without its advice. */
export function parseArgsWords(error: unknown): string {
  return (error as Error).message.split(/\. |\n/)[0] ?? '';
}

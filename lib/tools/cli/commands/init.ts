import { basename, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { checkFolder, createProgram } from '../../create/create';
import { CreateError } from '../../create/create-error';
import { installDependencies } from '../../create/install';
import { checkedAbilities, checkedAbility, checkedProgramName } from '../../create/names';
import { findSdk } from '../../create/sdk-source';
import { type Context, defineCommand, UsageError } from '../command';
import { writeJson, writeLine, writeText } from '../output';

const DEFAULT_FOLDER = 'my-program';
const DEFAULT_ABILITIES = 'who_wrote';
const DEFAULT_JOB = 'count_messages';

const options = {
  name: {
    type: 'string',
    value: 'NAME',
    description: "name in package.json (default: the folder's)",
  },
  abilities: {
    type: 'string',
    value: 'IDS',
    description: `ids of abilities, separated by commas (default: ${DEFAULT_ABILITIES})`,
  },
  job: {
    type: 'string',
    value: 'ID',
    description: `id of the ability that applications call asynchronously (default: ${DEFAULT_JOB})`,
  },
  sdk: {
    type: 'string',
    value: 'SOURCE',
    description:
      'tarball or version range of wework-spec-sdk (default: as in the package.json of this folder, or wework-spec-sdk-*.tgz here)',
  },
  lang: {
    type: 'string',
    value: 'LANG',
    description: 'language of the README: en (default) or zh',
  },
  yes: {
    type: 'boolean',
    short: 'y',
    description: 'ask nothing, use the defaults; also if stdin is no terminal',
  },
  'no-install': { type: 'boolean', description: 'do not run npm install' },
  json: { type: 'boolean', description: 'print JSON: { folder, name, sdk, files }; asks nothing' },
} as const;

/** What the command gets. */
export type InitContext = Context<typeof options>;

/** Creates a program. The package create-wework-program has nothing but this command. */
export const init = defineCommand({
  name: 'init',
  summary: 'create a program in TypeScript, with tests and an image',
  positionals: '[folder]',
  description: `Creates a folder with a program that has abilities, an event, an asynchronous job, tests, lint, a Dockerfile and a start script,
then runs npm install. "." is this folder, which must be empty. Asks for what is missing. Exit code 2 for an invalid name or option,
1 if the folder is not empty, a file cannot be written or npm install fails.`,
  options,
  examples: [
    ['wework-spec init my-program', 'create a program, and ask for its abilities'],
    [
      'wework-spec init my-program --yes --abilities who_wrote,summary --lang zh',
      'ask nothing, for scripts',
    ],
    [
      'wework-spec init my-program --sdk ../wework-spec-sdk-0.1.0.tgz',
      'with this tarball of the SDK',
    ],
  ],
  async run(context) {
    try {
      return await initialise(context);
    } catch (error) {
      if (!(error instanceof CreateError)) throw error;
      if (error.kind === 'usage') throw new UsageError(`init: ${error.message}`);
      writeLine(context.stderr, `wework-spec: init: ${error.message}`);
      return 1;
    }
  },
});

/** Runs the command. Throws a {@link CreateError}. */
export async function initialise(context: InitContext): Promise<number> {
  const { values, positionals, cwd, stdout, stderr, env } = context;
  if (positionals.length > 1) {
    throw new CreateError('usage', 'expected one folder; --help lists the options');
  }
  const { lang: language = 'en', job = DEFAULT_JOB } = values;
  if (language !== 'en' && language !== 'zh') {
    throw new CreateError('usage', `--lang is en or zh, not "${language}"`);
  }
  const ask = asker(context);
  try {
    const folder = resolve(cwd, positionals[0] ?? (await ask('Folder', DEFAULT_FOLDER)));
    const name = checkedProgramName(values.name ?? basename(folder));
    checkFolder(folder);
    const abilities = checkedAbilities(
      values.abilities ??
        (await ask('Ids of the abilities, separated by commas', DEFAULT_ABILITIES)),
    );
    if (abilities.includes(checkedAbility(job))) {
      throw new CreateError('usage', `"${job}" is the asynchronous job; --job gives it another id`);
    }
    const sdk =
      findSdk(values.sdk, cwd) ?? findSdk(await ask('Tarball of wework-spec-sdk', ''), cwd);
    if (sdk === undefined) throw new CreateError('usage', 'there is no source of wework-spec-sdk');
    const files = createProgram({ folder, name, abilities, job, sdk, language });
    const say = (text: string) => writeText(stderr, text);
    if (!values['no-install']) {
      say(`Created ${files.length} files in ${folder}. Running npm install.\n`);
      if (!(await installDependencies(folder, env, say))) {
        throw new CreateError('failure', `npm install failed in ${folder}; the files are there`);
      }
    }
    if (values.json) writeJson(stdout, { folder, name, sdk: sdk.spec, files });
    else writeText(stdout, nextSteps(folder, cwd, values['no-install'] ?? false));
    return 0;
  } finally {
    ask.close();
  }
}

function nextSteps(folder: string, cwd: string, needsInstall: boolean): string {
  const steps = [
    ...(folder === resolve(cwd) ? [] : [`cd ${folder}`]),
    ...(needsInstall ? ['npm install'] : []),
    'npm test',
    'npm run dev',
  ];
  return `The program is in ${folder}. Next:\n${steps.map((step) => `  ${step}\n`).join('')}`;
}

/** Asks questions on the terminal, or answers with the defaults if there is none. */
function asker({ values, stdin, stderr }: InitContext) {
  const isTerminal = (stdin as NodeJS.ReadStream).isTTY === true;
  const isSilent = !isTerminal || values.yes === true || values.json === true;
  const lines = isSilent ? undefined : createInterface({ input: stdin });
  const answers = lines?.[Symbol.asyncIterator]();
  const ask = async (question: string, otherwise: string): Promise<string> => {
    if (answers === undefined) {
      if (otherwise !== '') return otherwise;
      throw new CreateError(
        'usage',
        'wework-spec-sdk is not on a registry yet: name its tarball with --sdk wework-spec-sdk-0.1.0.tgz, which `npm pack` makes in a ' +
          'clone of its repository',
      );
    }
    writeText(stderr, otherwise === '' ? `${question}: ` : `${question} (${otherwise}): `);
    const { value = '' } = await answers.next();
    return value.trim() || otherwise;
  };
  return Object.assign(ask, { close: () => lines?.close() });
}

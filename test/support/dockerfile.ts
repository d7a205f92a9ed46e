import { cpSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { runProgram } from './child';
import { type BaseImage, inRoot, unpackBase } from './debian-root';

/** What `docker build` gets, and what the machine adds to it. */
export interface Build {
  /** The folder with the files to copy. */
  readonly context: string;
  /** Other folders by their names: `--build-context`. */
  readonly contexts: Readonly<Record<string, string>>;
  /** Creates an empty folder. */
  readonly newDir: () => string;
  /** Folders of this machine that the first stage gets while it is built, such as caches: `RUN --mount`. */
  readonly caches: Readonly<Record<string, string>>;
  /** Variables of each RUN that are not kept: `--build-arg`. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The root file system of the last stage, and the settings of the image, which `docker export` drops. */
export interface Built {
  readonly root: string;
  readonly user: string;
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
}

/** Follows a Dockerfile as `docker build` does, with chroot instead of an engine. */
export async function build(dockerfile: string, options: Build): Promise<Built> {
  const stages = new Map<string, string>();
  let root = '';
  let workDir = '/';
  let user = 'root';
  let env: Record<string, string> = {};
  let command: string[] = [];
  let healthCheck: string[] = [];
  for (const [instruction, rest] of instructionsOf(dockerfile)) {
    const words = rest.split(/\s+/);
    switch (instruction) {
      case 'FROM':
        root = options.newDir();
        stages.set(words[2] ?? 'last', root);
        [workDir, user, env] = ['/', 'root', {}];
        await unpackBase(words[0] as BaseImage, root);
        if (stages.size === 1) putCaches();
        break;
      case 'WORKDIR':
        workDir = posix.resolve(workDir, rest);
        mkdirSync(join(root, workDir), { recursive: true });
        break;
      case 'ENV': {
        const [name = '', value = ''] = rest.split('=');
        env[name] = value;
        break;
      }
      case 'USER':
        user = rest;
        break;
      case 'COPY':
        copy(words);
        break;
      case 'RUN':
        await runStep(rest);
        break;
      case 'CMD':
        command = JSON.parse(rest);
        break;
      case 'HEALTHCHECK':
        healthCheck = JSON.parse(rest.replace(/^CMD /, ''));
        break;
      default:
        throw new Error(`unknown instruction: ${instruction}`);
    }
  }
  keepCaches();
  return { root, user, command, healthCheck };

  function putCaches(): void {
    for (const [path, folder] of Object.entries(options.caches)) {
      mkdirSync(folder, { recursive: true });
      cpSync(folder, join(root, path), { recursive: true });
    }
  }

  function keepCaches(): void {
    const [first = ''] = stages.values();
    for (const [path, folder] of Object.entries(options.caches)) {
      cpSync(join(first, path), folder, { recursive: true });
    }
  }

  function copy(words: readonly string[]): void {
    const name = /^--from=(\w+)$/.exec(words[0] ?? '')?.[1];
    const from =
      name === undefined ? options.context : (stages.get(name) ?? options.contexts[name]);
    if (from === undefined) throw new Error(`COPY: there is no stage or context ${name}`);
    const [to = '', ...patterns] = words.slice(name === undefined ? 0 : 1).reverse();
    const target = join(root, posix.resolve(workDir, to));
    const isFolder = to.endsWith('/');
    for (const file of patterns.flatMap((pattern) => filesOf(from, pattern))) {
      const place =
        isFolder && !statSync(file).isDirectory() ? join(target, basename(file)) : target;
      cpSync(file, place, { recursive: true, verbatimSymlinks: true });
    }
  }

  async function runStep(line: string): Promise<void> {
    const home = user === 'root' ? '/root' : `/home/${user}`;
    const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    const script = ['/bin/sh', '-c', `cd ${workDir} && ${line}`];
    const variables = { PATH: path, HOME: home, ...options.variables, ...env };
    const ended = await runProgram(...inRoot(root, script, { env: variables, user }));
    if (ended.code !== 0) throw new Error(`RUN ${line}\n${ended.stdout}${ended.stderr}`);
  }
}

function instructionsOf(dockerfile: string): [instruction: string, rest: string][] {
  return dockerfile
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [instruction = ''] = line.split(' ', 1);
      return [instruction, line.slice(instruction.length).trim()];
    });
}

/** As Docker does: what is to be copied must exist. */
function filesOf(from: string, pattern: string): string[] {
  const name = posix.basename(pattern);
  if (!name.includes('*')) {
    const file = join(from, pattern);
    if (!existsSync(file)) throw new Error(`COPY: ${pattern} does not exist`);
    return [file];
  }
  const matching = new RegExp(`^${name.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
  const folder = join(from, posix.dirname(pattern));
  const files = readdirSync(folder).filter((file) => matching.test(file));
  if (files.length === 0) throw new Error(`COPY: nothing is called ${pattern}`);
  return files.map((file) => join(folder, file));
}

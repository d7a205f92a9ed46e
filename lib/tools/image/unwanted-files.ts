import { basename } from 'node:path';
import { type Check, fail, ok, warn } from '../diagnosis/check';
import { type ImageFiles, startOf } from './image-files';

/** Of each file that may contain a key. Keys are short. */
const longestRead = 64 * 1024;

/** Folders of the system, which contain certificates and test keys of their own. */
const systemFolders = /^\/(?:usr|lib|lib64|etc\/ssl|var\/lib|proc|sys|dev)\//;

interface Unwanted {
  readonly what: string;
  readonly fix: string;
  readonly status: 'fail' | 'warn';
  readonly is: (path: string, name: string, text: () => string) => boolean;
}

const keyBegin = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/;
/** Source text may name the first line of a key without having one. A line break may be escaped. */
const keyWithContent = new RegExp(`${keyBegin.source}(?:\\s|\\\\[nr])*[\\w+/=]{32}`);
const isSource = /(?:\.(?:[cm]?[jt]s|sh|bash|ya?ml|toml|ini|conf|properties)|^Dockerfile.*)$/i;

function isKeyFile(name: string): boolean {
  const hasExtension = /\.(?:pem|key|p8|pkcs8|txt|json|env)$/i.test(name);
  return hasExtension || name.startsWith('id_') || name === '.env';
}

const unwanted: readonly Unwanted[] = [
  {
    what: 'private keys',
    fix: 'whoever gets the image has the key: remove it, and give it to the program another way',
    status: 'fail',
    is: (path, name, text) => {
      if (path.includes('/node_modules/')) return false;
      if (/\.(?:p12|pfx|jks|keystore)$/i.test(name)) return true;
      if (isKeyFile(name)) return keyBegin.test(text());
      return isSource.test(name) && keyWithContent.test(text());
    },
  },
  {
    what: 'credentials of npm',
    fix: 'use a secret mount of the build: RUN --mount=type=secret,id=npmrc …',
    status: 'fail',
    is: (_, name, text) =>
      (name === '.npmrc' && /_auth|_password/.test(text())) ||
      (name === '.yarnrc.yml' && /npmAuth(?:Token|Ident)/.test(text())),
  },
  {
    what: 'credentials of other tools',
    fix: 'remove them; whoever gets the image can use them',
    status: 'fail',
    is: (path, name, text) =>
      name === '.git-credentials' ||
      name === '.netrc' ||
      path.endsWith('/.aws/credentials') ||
      (path.endsWith('/.docker/config.json') && /"auth"/.test(text())),
  },
  {
    what: 'jobs and events of another machine',
    fix: 'they contain requests: add wework-spec-data to .dockerignore',
    status: 'fail',
    is: (path, name, text) =>
      name === 'store.db' &&
      !path.includes('/node_modules/') &&
      text().startsWith('SQLite format 3'),
  },
  {
    what: 'variables of a development machine',
    fix: 'add .env to .dockerignore',
    status: 'warn',
    is: (path, name) => /^\.env(?:\.|$)/.test(name) && !path.includes('/node_modules/'),
  },
  {
    what: 'the git history',
    fix: 'add .git to .dockerignore',
    status: 'warn',
    is: (path) => /\/\.git\/HEAD$/.test(path),
  },
  {
    what: "archives of the vendor's SDK",
    fix: 'copy them in a build stage only',
    status: 'warn',
    is: (_, name) => /^(?:cpp|java|python)_sdk.*\.(?:tar\.gz|tgz|zip)$/.test(name),
  },
];

/** Looks for files that must not be in an image. Reports names, never contents. */
export function checkContent(image: ImageFiles): Check[] {
  const found = new Map<Unwanted, string[]>();
  for (const path of image.paths) {
    if (systemFolders.test(path)) continue;
    const file = image.find(path);
    if (file?.kind !== 'file') continue;
    let read: string | undefined;
    const text = () => (read ??= startOf(file.content, longestRead));
    for (const kind of unwanted) {
      if (kind.is(path, basename(path), text)) found.set(kind, [...(found.get(kind) ?? []), path]);
    }
  }
  const checks = [...found].map(([{ what, fix, status }, paths]) =>
    (status === 'fail' ? fail : warn)(what, paths.join(', '), fix),
  );
  return checks.length > 0 ? checks : [ok('unwanted files', 'none')];
}

import { spawn } from 'node:child_process';

/**
 * Runs `npm install` in a folder.
 *
 * @param say - gets what npm prints
 * @returns whether it succeeded
 */
export function installDependencies(
  folder: string,
  env: NodeJS.ProcessEnv,
  say: (text: string) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    // Without the settings that npx has made from its own command line and the project of its working directory.
    const own = Object.entries(env).filter(
      ([name]) => !/^npm_(?:package|lifecycle|command)/.test(name),
    );
    const npm = spawn('npm', ['install', '--no-audit', '--no-fund'], {
      cwd: folder,
      env: Object.fromEntries(own),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [npm.stdout, npm.stderr]) stream.setEncoding('utf8').on('data', say);
    npm.once('error', (error) => {
      say(`npm cannot be started: ${error.message}\n`);
      resolve(false);
    });
    npm.once('close', (code) => resolve(code === 0));
  });
}

import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat, writeFile } from 'node:fs/promises';

/**
 * Writes a file that only its owner can read, whatever was there before, as {@link replaceWithPrivateFile}. A device or pipe, such as
 * `/dev/stdout`, is written to.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  await ((await isStream(path)) ? writeFile(path, text) : replaceWithPrivateFile(path, text));
}

/**
 * Writes the text to a new file that only its owner can read, which replaces the old one with its permissions; so nobody reads half of
 * it. A symbolic link is replaced, not followed.
 */
export async function replaceWithPrivateFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    // Exclusive, so that nobody else can have made it with other permissions.
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}

async function isStream(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    return found.isCharacterDevice() || found.isFIFO() || found.isSocket();
  } catch {
    return false;
  }
}

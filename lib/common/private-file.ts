import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat, writeFile } from 'node:fs/promises';

/**
 * Writes a file that only its owner can read, whatever was there before: the text goes to a new file, which replaces the old one with
 * its permissions. A symbolic link is replaced, not followed. A device or pipe, such as `/dev/stdout`, is written to.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  if (await isStream(path)) return writeFile(path, text);
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

import { randomBytes } from 'node:crypto';

const VALID_MS = 3 * 86_400_000;
const KEPT_BYTES = 256 * 1024 * 1024;

/** A file that the application has uploaded. */
export interface MediaFile {
  readonly mediaId: string;
  readonly name: string;
  readonly bytes: Buffer;
  /** The platform's time in milliseconds since 1970. */
  readonly createdAt: number;
}

/** Temporary media: kept for three days, and no more than 256 MiB of them. */
export class MediaStore {
  readonly #files = new Map<string, MediaFile>();
  #bytes = 0;

  /** @param now - milliseconds since 1970. */
  add(name: string, bytes: Buffer, now: number): MediaFile {
    const mediaId = `media-${randomBytes(16).toString('hex')}`;
    const file: MediaFile = { mediaId, name, bytes, createdAt: now };
    this.#files.set(mediaId, file);
    this.#bytes += bytes.length;
    for (const oldest of this.#files.values()) {
      if (this.#bytes <= KEPT_BYTES || oldest === file) break;
      this.#files.delete(oldest.mediaId);
      this.#bytes -= oldest.bytes.length;
    }
    return file;
  }

  /** The file with this media_id, while it is good. */
  get(mediaId: string, now: number): MediaFile | undefined {
    const file = this.#files.get(mediaId);
    return file !== undefined && now - file.createdAt <= VALID_MS ? file : undefined;
  }

  /** Forgets all files. */
  clear(): void {
    this.#files.clear();
    this.#bytes = 0;
  }
}

import { randomBytes } from 'node:crypto';
import type { SandboxClock } from '../../common/clock';
import { DataStore, setBounded } from '../../state/store';

const VALID_MS = 3 * 86_400_000;
const KEPT_FILES = 1000;

/** A temporary file of the zone. */
export interface MediaFile {
  /** The file name of the upload. */
  readonly name: string;
  /** base64. */
  readonly data: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** Uploaded files; the 1000 newest. */
export class MediaStore extends DataStore<{ readonly files: Map<string, MediaFile> }> {
  readonly #clock: SandboxClock;

  constructor(clock: SandboxClock) {
    super({ files: new Map() });
    this.#clock = clock;
  }

  /** Adds a file as `upload_media` does, and returns its media_id. It is valid for three days. */
  add(name: string, content: string | Uint8Array): string {
    const mediaId = `media-${randomBytes(16).toString('hex')}`;
    const data = Buffer.from(content as Uint8Array).toString('base64');
    setBounded(this.data.files, mediaId, { name, data, createdAt: this.#clock.now() }, KEPT_FILES);
    return mediaId;
  }

  /** The file with this media_id, unless it is unknown or older than three days. */
  get(mediaId: string): MediaFile | undefined {
    const file = this.data.files.get(mediaId);
    return file !== undefined && this.#clock.now() <= file.createdAt + VALID_MS ? file : undefined;
  }
}

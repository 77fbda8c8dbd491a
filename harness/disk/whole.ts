import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { onDisk } from '../core/disk-error.ts';

export interface Writing {
  /** The rights of the file, as for chmod(2), less the umask. Default: 0o666. */
  readonly mode?: number;
  /** True: the content is on disk before the call returns, so that it survives a power cut. Default: false. */
  readonly synced?: boolean;
}

/** A file that only its owner can read, and that survives a power cut. */
export const PRIVATE: Writing = { mode: 0o600, synced: true };

/**
 * Makes a folder, and those above it that are missing. Only their owner can look into them. Throws CHAOS_DISK_FULL or
 * CHAOS_NOT_WRITABLE.
 */
export const privateFolder = (path: string): void =>
  onDisk(path, () => void mkdirSync(path, { recursive: true, mode: 0o700 }));

/**
 * Writes or replaces a file in one step. A reader sees the old content or the new content, and never a part of it.
 * Throws CHAOS_DISK_FULL or CHAOS_NOT_WRITABLE, and leaves the old content then.
 */
export function writeWhole(path: string, text: string, writing: Writing = {}): void {
  const draft = `${path}.${process.pid}.new`;
  onDisk(path, () => {
    try {
      writeDraft(draft, text, writing);
      renameSync(draft, path);
    } catch (error) {
      // The written part of a draft would take up space on a full disk.
      rmSync(draft, { force: true });
      throw error;
    }
  });
}

/** Writes a file that nobody reads yet. When it fails, a part of the file may be there. */
export function writeDraft(draft: string, text: string, { mode = 0o666, synced = false }: Writing): void {
  const file = openSync(draft, 'w', mode);
  try {
    writeFileSync(file, text);
    if (synced) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

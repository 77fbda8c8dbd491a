import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { onDisk } from '../core/disk-error.ts';

/**
 * Writes or replaces a file piece by piece, and yet in one step: a reader sees the old content until every piece is
 * written. When a piece fails, the old content stays. Throws CHAOS_DISK_FULL or CHAOS_NOT_WRITABLE.
 */
export function writeInPieces(path: string, pieces: Iterable<string>): void {
  const draft = `${path}.${process.pid}.new`;
  const file = onDisk(path, () => openSync(draft, 'w'));
  try {
    try {
      for (const piece of pieces) writeAll(file, path, Buffer.from(piece));
    } finally {
      closeSync(file);
    }
    onDisk(path, () => renameSync(draft, path));
  } catch (error) {
    // The written part of a draft would take up space on a full disk.
    rmSync(draft, { force: true });
    throw error;
  }
}

function writeAll(file: number, path: string, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += onDisk(path, () => writeSync(file, bytes, written));
}

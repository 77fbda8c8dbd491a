import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { tornLines } from '../disk/lines.ts';
import type { Damage } from './damage.ts';

/** A seal shows in which block of this many bytes a file was changed. */
const BLOCK_BYTES = 4_096;
/** Hexadecimal digits of a CRC-32. */
const CRC_DIGITS = 8;
const NEW_LINE = 0x0a;

/** What a seal says about the content of a file. */
export interface Digests {
  readonly bytes: number;
  readonly sha256: string;
  /** The CRC-32 of each 4,096 bytes, eight hexadecimal digits each: they tell where a file was changed. */
  readonly blocks: string;
}

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** Files are read in pieces of this many bytes: samples of an hour have 100 MB. */
const PIECE_BYTES = 256 * BLOCK_BYTES;

/** Calls `take` with one piece of a file after the other. The pieces share their memory. */
function inPieces(path: string, take: (piece: Uint8Array) => void): void {
  const file = openSync(path, 'r');
  try {
    const piece = new Uint8Array(PIECE_BYTES);
    for (;;) {
      let filled = 0;
      while (filled < piece.length) {
        const read = readSync(file, piece, filled, piece.length - filled, null);
        if (read === 0) break;
        filled += read;
      }
      if (filled > 0) take(piece.subarray(0, filled));
      if (filled < piece.length) return;
    }
  } finally {
    closeSync(file);
  }
}

/** Returns the digests of a file. */
export function digestsOf(path: string): Digests {
  const hash = createHash('sha256');
  let [bytes, blocks] = [0, ''];
  inPieces(path, (piece) => {
    hash.update(piece);
    bytes += piece.length;
    blocks += blocksOf(piece);
  });
  return { bytes, sha256: hash.digest('hex'), blocks };
}

/** Returns the SHA-256 of the first `most` bytes of a file, and how many bytes it has. */
function beginningOf(path: string, most = Infinity): { readonly bytes: number; readonly sha256: string } {
  const hash = createHash('sha256');
  let bytes = 0;
  inPieces(path, (piece) => {
    hash.update(piece.subarray(0, Math.max(0, most - bytes)));
    bytes += piece.length;
  });
  return { bytes, sha256: hash.digest('hex') };
}

export const fileSha256 = (path: string): string => beginningOf(path).sha256;

function blocksOf(bytes: Uint8Array): string {
  let blocks = '';
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES)
    blocks += crc32(bytes.subarray(at, at + BLOCK_BYTES))
      .toString(16)
      .padStart(CRC_DIGITS, '0');
  return blocks;
}

/** Returns true when a file begins with the content from which the digests were made. The file may be longer. */
export const beginsWith = (path: string, { bytes, sha256: digest }: Digests): boolean =>
  beginningOf(path, bytes).sha256 === digest;

/** Returns how and where the file at `path` differs from its digests; undefined when it does not. `file`: its name. */
export function difference(file: string, digests: Digests, path: string): Damage | undefined {
  const now = beginningOf(path);
  if (now.bytes === digests.bytes && now.sha256 === digests.sha256) return undefined;
  const found = readFileSync(path);
  const more = found.length - digests.bytes;
  const bytes = `has ${found.length} bytes and had ${digests.bytes} (${Math.abs(more)} ${more < 0 ? 'are gone' : 'too many'})`;
  const how = more === 0 ? 'is not as it was when the record was closed' : bytes;
  const byte = firstDifference(digests, found);
  const where = `it differs after byte ${byte}`;
  if (!file.endsWith('.ndjson')) return { file, what: `${how}: ${where}`, byte };
  const [torn] = tornLines(found.toString());
  const line = torn ?? found.subarray(0, byte).filter((b) => b === NEW_LINE).length + 1;
  const what = `${how}: ${where}, ${torn === undefined ? `from line ${line} on` : `and line ${line} cannot be read`}`;
  return { file, what, byte, line };
}

/** Returns the number of bytes before the first block of 4,096 bytes that differs. */
function firstDifference({ bytes, blocks }: Digests, found: Uint8Array): number {
  const now = blocksOf(found);
  let at = 0;
  while (at < blocks.length && blocks.slice(at, at + CRC_DIGITS) === now.slice(at, at + CRC_DIGITS)) at += CRC_DIGITS;
  return Math.min((at / CRC_DIGITS) * BLOCK_BYTES, found.length, bytes);
}

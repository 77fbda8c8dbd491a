import { createHash } from 'node:crypto';
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

export const digestsOf = (bytes: Uint8Array): Digests => ({
  bytes: bytes.length,
  sha256: sha256(bytes),
  blocks: blocksOf(bytes),
});

function blocksOf(bytes: Uint8Array): string {
  let blocks = '';
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES)
    blocks += crc32(bytes.subarray(at, at + BLOCK_BYTES))
      .toString(16)
      .padStart(CRC_DIGITS, '0');
  return blocks;
}

/** Returns true when a file begins with the content from which the digests were made. The file may be longer. */
export const beginsWith = (found: Uint8Array, { bytes, sha256: digest }: Digests): boolean =>
  sha256(found.subarray(0, bytes)) === digest;

/** Returns how and where a file differs from its digests; undefined when it does not. */
export function difference(file: string, digests: Digests, found: Buffer): Damage | undefined {
  if (found.length === digests.bytes && sha256(found) === digests.sha256) return undefined;
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

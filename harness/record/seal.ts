import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RECORD_VERSION } from '../core/record/version.ts';
import { writeWhole } from '../disk/whole.ts';
import { assertKnownVersion, type Damage, damaged } from './damage.ts';
import { beginsWith, difference, type Digests, digestsOf, fileSha256, sha256 } from './digests.ts';
import { EVENTS_FILE } from './event-log.ts';

export const SEAL_FILE = 'seal.json';

/** The files of a record. Everything else in a run's folder can be made from them, or is not evidence. */
const FILES = [EVENTS_FILE, 'samples/schema.json', 'samples/requests.bin', 'samples/writes.ndjson'] as const;

type SealedFile = Digests & { readonly file: string };

/** The content of seal.json, without its own digest. */
interface SealedRecord {
  readonly schema_version: 1;
  readonly record_version: number;
  /** The files of the record that existed when it was closed. */
  readonly files: readonly SealedFile[];
}

/** Returns the text of seal.json. Its last key is a digest of the others, as JSON without spaces. */
const textOf = (record: SealedRecord): string =>
  `${JSON.stringify({ ...record, sha256: sha256(JSON.stringify(record)) }, null, 2)}\n`;

/**
 * Closes a record: writes seal.json with the digests of its files as they are. Events may have been appended since the
 * record was closed before. When anything else was changed since, the old seal stays, so that the damage stays visible.
 */
export function seal(dir: string): void {
  const old = sealOf(dir);
  if (old === 'unreadable' || (old !== undefined && !isIntactBeforeItsEnd(dir, old))) return;
  const files = FILES.flatMap((file) => {
    const path = pathOf(dir, file);
    return path === undefined ? [] : [{ file, ...digestsOf(path) }];
  });
  const record: SealedRecord = { schema_version: 1, record_version: RECORD_VERSION, files };
  writeWhole(join(dir, SEAL_FILE), textOf(record));
}

/**
 * Compares a record with its seal. Returns false when it has none. Throws CHAOS_RECORD_DAMAGED, with the file and the
 * place, when anything was changed since it was closed, and CHAOS_RECORD_VERSION when a later harness closed it.
 */
export function isSealed(dir: string): boolean {
  const found = sealOf(dir);
  if (found === undefined) return false;
  if (found === 'unreadable') throw damaged(dir, { file: SEAL_FILE, what: 'is not as it was written' });
  assertKnownVersion(found.record_version);
  const names = new Set([...FILES, ...found.files.map(({ file }) => file)]);
  for (const file of names) {
    const damage = damageOf(file, sealedFile(found, file), pathOf(dir, file));
    if (damage !== undefined) throw damaged(dir, damage);
  }
  return true;
}

/** Returns a digest of the files of a record. Two folders with the same digest hold the same record. */
export const recordDigest = (dir: string): string =>
  sha256(JSON.stringify(FILES.map((file) => [file, digestOf(pathOf(dir, file))])));

const digestOf = (path: string | undefined): string | null => (path === undefined ? null : fileSha256(path));

function damageOf(file: string, sealed: SealedFile | undefined, found: string | undefined): Damage | undefined {
  if (sealed !== undefined && found !== undefined) return difference(file, sealed, found);
  if (found !== undefined) return { file, what: 'was not there when the record was closed' };
  return sealed === undefined ? undefined : { file, what: 'is missing' };
}

const isIntactBeforeItsEnd = (dir: string, old: SealedRecord): boolean =>
  FILES.every((file) => {
    const [sealed, found] = [sealedFile(old, file), pathOf(dir, file)];
    if (sealed === undefined || found === undefined) return sealed === found;
    return file === EVENTS_FILE ? beginsWith(found, sealed) : difference(file, sealed, found) === undefined;
  });

const sealedFile = ({ files }: SealedRecord, file: string): SealedFile | undefined =>
  files.find((sealed) => sealed.file === file);

/** Returns the path of a file of a record; undefined when it has no such file. */
const pathOf = (dir: string, file: string): string | undefined =>
  existsSync(join(dir, file)) ? join(dir, file) : undefined;

function sealOf(dir: string): SealedRecord | 'unreadable' | undefined {
  const path = pathOf(dir, SEAL_FILE);
  if (path === undefined) return undefined;
  const text = readFileSync(path, 'utf8');
  try {
    const { sha256: _, ...record } = JSON.parse(text) as SealedRecord & { readonly sha256: string };
    return textOf(record) === text ? record : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

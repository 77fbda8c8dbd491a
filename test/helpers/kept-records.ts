import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import type { RunDocument } from '../../harness/core/record/run.ts';
import { ROOT } from './chaos.ts';

const KEPT = join(ROOT, 'test', 'fixtures', 'records');
const EXPECTED = 'expected.json';

/** What judging a kept record must say, now and in every later version. */
export type Expected = Pick<RunDocument, 'verdict'> & {
  readonly invalid: readonly string[];
  readonly checks: readonly string[];
};

/** A record that was made by a real run and is kept for later versions. */
export interface KeptRecord {
  /** "v2-app-replica-kill": the version of the record, and the experiment. */
  readonly name: string;
  readonly version: number;
  readonly expected: Expected;
  /** The content of each file, by its path in the run's folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The files of a record in a run's folder, by their path there. */
export function filesIn(dir: string): Map<string, Uint8Array> {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = names.map(({ parentPath, name }) => join(parentPath, name).slice(dir.length + 1)).toSorted();
  return new Map(paths.map((path) => [path, new Uint8Array(readFileSync(join(dir, path)))]));
}

/** Every kept record, by name. */
export const keptRecords = (): KeptRecord[] =>
  readdirSync(KEPT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const files = filesIn(join(KEPT, name));
      const expected = JSON.parse(Buffer.from(files.get(EXPECTED) ?? []).toString()) as Expected;
      const record = [...files]
        .filter(([path]) => path.endsWith('.br'))
        .map(([path, packed]) => [path.slice(0, -'.br'.length), new Uint8Array(brotliDecompressSync(packed))] as const);
      return { name, version: Number(/^v(\d+)-/.exec(name)?.[1]), expected, files: new Map(record) };
    })
    .toSorted((a, b) => a.name.localeCompare(b.name));

/** Writes files into a new folder for a run, and returns the folder. */
export function unpacked(files: ReadonlyMap<string, Uint8Array>): string {
  const dir = mkdtempSync(join(tmpdir(), 'kept-'));
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), bytes);
  }
  return dir;
}

/** Keeps a record under a name. */
export function keep(name: string, files: ReadonlyMap<string, Uint8Array>, expected: Expected): string {
  const dir = join(KEPT, name);
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, `${path}.br`), brotliCompressSync(bytes));
  }
  writeFileSync(join(dir, EXPECTED), `${JSON.stringify(expected, null, 2)}\n`);
  return dir;
}

/** Returns what a document says that must not change. */
export const expectedOf = ({ verdict, invalid, checks }: RunDocument): Expected => ({
  verdict,
  invalid: invalid.map(({ code }) => code),
  checks: checks.map((c) => `${c.verdict} ${c.name} ${c.during.join(', ')}`.trim()),
});

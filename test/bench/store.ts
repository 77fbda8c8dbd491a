import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../helpers/chaos.ts';
import { runNode } from './peers.ts';
import { fixed, type Section, table, whole } from './section.ts';
import type { StoreFigures } from './store-process.ts';

const RUNS = 1_000;
const MIB = 1_048_576;
const FIGURES: readonly (readonly [keyof StoreFigures, string, string])[] = [
  ['first', 'the first opening, which makes the database', 'ms'],
  ['open', 'a later opening', 'ms'],
  ['save', 'saving a run of 80 s', 'ms'],
  ['many', `saving ${whole(RUNS)} short runs`, 'ms'],
  ['openMany', `opening with ${whole(RUNS)} runs`, 'ms'],
  ['list', `the list of ${whole(RUNS)} runs`, 'ms'],
  ['memory', 'resident memory at most', 'MiB'],
];

interface Measured {
  readonly figures: StoreFigures;
  /** Bytes of the database with all runs. */
  readonly bytes: number;
}

function bytesIn(dir: string): number {
  return readdirSync(dir, { recursive: true, withFileTypes: true }).reduce((sum, entry) => {
    return entry.isFile() ? sum + lstatSync(join(entry.parentPath, entry.name)).size : sum;
  }, 0);
}

function measured(kind: 'pglite' | 'sqlite'): Measured {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-bench-store-'));
  try {
    const figures = JSON.parse(runNode('store-process.ts', [kind, dir, String(RUNS)])) as StoreFigures;
    return { figures, bytes: bytesIn(dir) };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Measures the embedded results database beside the SQLite that comes with Node. */
export const store: Section = () => {
  const [pglite, sqlite] = [measured('pglite'), measured('sqlite')];
  const row = (what: string, unit: string, of: (one: Measured) => number, digits: number): string[] => {
    const [a, b] = [of(pglite), of(sqlite)];
    return [what, unit, fixed(a, digits), fixed(b, digits), b > 0 ? fixed(a / b, 1) : ''];
  };
  const rows = [
    ...FIGURES.map(([key, what, unit]) => row(what, unit, ({ figures }) => figures[key], 1)),
    row(`the database with ${whole(RUNS)} runs`, 'MiB', ({ bytes }) => bytes / MIB, 1),
    [
      'the dependency',
      'MiB',
      fixed(bytesIn(join(ROOT, 'node_modules', '@electric-sql', 'pglite')) / MIB, 1),
      'in Node',
      '',
    ],
  ];
  const caption =
    'Both hold the same rows in the same tables and indexes. SQLite syncs each commit to the disk; PGlite starts its Postgres without that (-F). PGlite works in a thread of its own, so its times are hardly taken from a run; SQLite works in the thread that asks. Each was measured in a process of its own, after it had made its samples.';
  const text = table(
    'The embedded results database, beside SQLite',
    ['', 'unit', 'PGlite', 'node:sqlite', 'ratio'],
    rows,
  );
  return Promise.resolve(`${text}\n${caption}\n`);
};

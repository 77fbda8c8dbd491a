import { percentile } from '../../../harness/core/stats.ts';
import { row } from '../figures.ts';
import type { Statement, Table } from './databases.ts';

/** No query may take longer, milliseconds: the specification's limit. */
const MOST_MS = 50;

const count = (value: number): string => value.toLocaleString('en-GB');
const megabytes = (bytes: number): string => count(Math.round(bytes / 2 ** 20));

export function sizeTable(
  sizes: readonly Table[],
  { madeS, resetS }: { readonly madeS: number; readonly resetS: number },
): string {
  const sum = (of: 'rows' | 'bytes'): number => sizes.reduce((all, one) => all + one[of], 0);
  return [
    `${count(sum('rows'))} rows, ${megabytes(sum('bytes'))} MiB with indexes. The topology was up after ${madeS.toFixed(0)} s, from nothing. The data were reset after the load in ${resetS.toFixed(1)} s.`,
    '',
    row('table', 'rows', 'MiB with indexes'),
    row('---', '---:', '---:'),
    ...sizes.map(({ table, rows, bytes }) => row(`\`${table}\``, count(rows), megabytes(bytes))),
  ].join('\n');
}

/** Slowest first. */
export function statementTable(statements: readonly Statement[]): string {
  const at = (ms: readonly number[], percent: number): number => percentile(ms, percent) ?? NaN;
  const sorted = statements.toSorted((a, b) => at(b.ms, 95) - at(a.ms, 95));
  const slow = sorted.filter(({ ms }) => !(at(ms, 95) <= MOST_MS)).map(({ name }) => name);
  const verdict =
    sorted.length === 0
      ? 'Nothing was logged.'
      : slow.length === 0
        ? `The p95 of every query is at most ${MOST_MS} ms.`
        : `The p95 of ${slow.join(', ')} is above ${MOST_MS} ms.`;
  return [
    `${verdict} Milliseconds on the server, as PostgreSQL logged them for every tenth transaction on both nodes; calls and rows are of all.`,
    '',
    row('query', 'logged', 'p50', 'p95', 'most', 'calls', 'rows'),
    row('---', '---:', '---:', '---:', '---:', '---:', '---:'),
    ...sorted.map(({ name, ms, calls, rows }) =>
      row(
        `\`${name}\``,
        count(ms.length),
        at(ms, 50).toFixed(2),
        at(ms, 95).toFixed(2),
        at(ms, 100).toFixed(1),
        calls === undefined ? '–' : count(calls),
        rows === undefined ? '–' : count(rows),
      ),
    ),
  ].join('\n');
}

import { row } from '../figures.ts';
import type { Measured } from './measure.ts';
import { WAYS } from './ways.ts';

const FIGURES = [
  'way',
  'replicas',
  'p50 / p95 at 200/s, ms',
  'failed',
  'most sessions on one server',
  'write outage, s',
  'acknowledged writes',
];
const BEHAVIOUR = [
  'way',
  'replicas',
  'named statements',
  '`statement_timeout` of 900 ms',
  'a session of the app, as PostgreSQL names it',
  "a replica's own connections on its two links",
];

const tableOf = (titles: readonly string[], rows: readonly string[]): string[] => [
  row(...titles),
  row(...titles.map(() => '---')),
  ...rows,
];

const statements = ({ failures, statements: asked, failure }: Measured): string =>
  failures === 0 ? 'work' : `${failures} of ${asked} failed: ${failure ?? ''}`;

/** Returns the two tables of docs/pools.md: what the ways cost and hold, and what they do to the app and the harness. */
export function poolTables(measured: readonly Measured[], refused: string): string {
  const known = WAYS.flatMap((way) => {
    const one = measured.find(({ way: name }) => name === way.name);
    return one === undefined ? [] : [{ way, one }];
  });
  const figures = known.map(({ way, one }) =>
    row(
      way.title,
      String(way.replicas),
      `${one.p50.toFixed(1)} / ${one.p95.toFixed(1)}`,
      `${one.failed} of ${one.offered}`,
      String(one.sessions),
      one.outage === undefined ? 'not over' : one.outage.toFixed(1),
      one.writes,
    ),
  );
  const behaviour = known.map(({ way, one }) =>
    row(
      way.title,
      String(way.replicas),
      statements(one),
      one.statementTimeout,
      `\`${one.seen}\``,
      `${one.toPrimary} and ${one.toStandby}`,
    ),
  );
  return [
    ...tableOf(FIGURES, figures),
    '',
    ...tableOf(BEHAVIOUR, behaviour),
    '',
    `Pools of 8 in 50 replicas are not measured, because \`chaos topology up\` refuses them: ${refused}`,
  ].join('\n');
}

/** Returns the first line of an error of `chaos`, without its code and its place. */
export const messageOf = (stderr: string): string => {
  const line = stderr.split('\n').find((one) => one.includes('CHAOS_')) ?? stderr.split('\n')[0] ?? '';
  return line.replace(/^.*CHAOS_\w+:?\s*/, '').trim();
};

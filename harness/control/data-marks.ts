import { takePoison } from '../core/acts/poison.ts';
import { SLOW_POLICY, speedUp } from '../core/acts/slow-table.ts';
import type { Left } from './look.ts';
import type { PostgresControl } from './postgres.ts';

/** Milliseconds after which a database that says nothing is left alone: the topology's health tells of it. */
const SILENT_MS = 1_000;

const SLOWED = `select polrelid::regclass::text as what, to_regclass('outbox') is not null as owes from pg_policy where polname = '${SLOW_POLICY}'
  union all select null, to_regclass('outbox') is not null`;
const POISON = `select distinct split_part(idempotency_key, ':', 2) as what from outbox where starts_with(idempotency_key, 'chaos:')`;

/** What faults left in the data of the primary; nothing where it does not answer. */
export async function dataMarks(postgres: Pick<PostgresControl, 'query'>): Promise<Left[]> {
  const ask = (sql: string) => postgres.query(`set lock_timeout = ${SILENT_MS / 2}; ${sql}`, [], SILENT_MS);
  try {
    const rows = await ask(SLOWED);
    const slowed = rows.flatMap(({ what }): Left[] =>
      typeof what !== 'string' ? [] : [{ kind: 'slow table', target: what, command: speedUp(what) }],
    );
    const owed = rows.some(({ owes }) => owes === true) ? await ask(POISON).catch(() => []) : [];
    const poison = owed.map(({ what }) => ({
      kind: 'poison jobs',
      target: `of ${String(what)} in the outbox`,
      command: takePoison(String(what)),
    }));
    return [...slowed, ...poison];
  } catch {
    return [];
  }
}

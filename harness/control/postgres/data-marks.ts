import { takePoison } from '../../kit/acts/poison.ts';
import { SLOW_POLICY, speedUp } from '../../kit/acts/slow-table.ts';
import type { JobsSpec } from '../../core/topology/spec.ts';
import type { Left } from '../adapter.ts';
import type { PostgresControl } from './postgres.ts';

/** Milliseconds after which a silent database is skipped. The topology's health reports it. */
const SILENT_MS = 1_000;

const OWN = ' with row level security';
/**
 * Returns the tables that a fault has slowed down. The fault's policy is restrictive on a table that had row level
 * security before the fault, and OWN is added to the name of such a table.
 */
const SLOWED = `select polrelid::regclass::text || case when polpermissive then '' else '${OWN}' end from pg_policy where polname = '${SLOW_POLICY}'`;

/** Returns what faults left in the data of the primary. Returns nothing when the primary does not answer. */
export async function dataMarks(
  postgres: Pick<PostgresControl, 'query'>,
  jobs: JobsSpec | undefined,
): Promise<readonly Left[]> {
  /** Returns the first column. */
  const ask = async (sql: string): Promise<string[]> => {
    const rows = await postgres.query(`set lock_timeout = ${SILENT_MS / 2}; ${sql}`, [], SILENT_MS);
    return rows.map((row) => String(Object.values(row)[0]));
  };
  const found = (marks: Promise<Left[]>): Promise<Left[]> => marks.catch(() => []);
  const slowed = ask(SLOWED).then((tables) =>
    tables.map((found): Left => {
      const [enabled, target] = [found.endsWith(OWN), found.replace(OWN, '')];
      return { kind: 'slow table', target, command: speedUp(target, { enabled, forced: false }) };
    }),
  );
  if (jobs === undefined) return found(slowed);
  // The table of jobs may be locked, or be gone. The other marks are found all the same.
  const poison = ask(jobs.left).then((ids) =>
    ids.map((id): Left => ({ kind: 'poison jobs', target: `of ${id} in the queue`, command: takePoison(jobs, id) })),
  );
  return (await Promise.all([found(slowed), found(poison)])).flat();
}

import type { Command } from '../../core/topology/command.ts';

/** The name of the policy that slows a table down. */
export const SLOW_POLICY = 'chaos_slow_queries';
/** The table must be locked for a moment. The lock waits at most this many milliseconds for statements that run. */
const LOCK_MS = 5_000;

/** The row level security of a table. */
export interface RowSecurity {
  readonly enabled: boolean;
  /** Whether row level security holds for the owner of the table too. */
  readonly forced: boolean;
}

/**
 * Asks for the row level security that a table has without the delay. A policy of ours that is not restrictive shows
 * that the fault switched row level security on: then the answer is "false false".
 */
export const lookAtRowSecurity = (table: string): Command => ({
  sql:
    `select (relrowsecurity and not slowed) || ' ' || (relforcerowsecurity and not slowed) from pg_class, ` +
    `lateral (select exists (select from pg_policy where polrelid = pg_class.oid and polname = '${SLOW_POLICY}' and polpermissive) as slowed) s ` +
    `where pg_class.oid = '${table}'::regclass`,
});

/** Parses what `lookAtRowSecurity` printed. */
export function parseRowSecurity(text: string): RowSecurity {
  const [enabled, forced] = text.split(' ');
  return { enabled: enabled === 'true', forced: forced === 'true' };
}

/** Runs statements one after the other in one transaction. They return nothing. */
const together = (...statements: readonly string[]): Command => ({
  sql: `do $$ begin ${[`perform set_config('lock_timeout', '${LOCK_MS}', true)`, ...statements].join('; ')}; end $$`,
});

/**
 * Makes every statement on a table take `seconds` longer. On a table with row level security of its own the policy is
 * restrictive, and the settings of the table stay: its other policies decide who sees which row, and the owner waits
 * only when row level security is forced.
 */
export const slowDown = (table: string, seconds: number, { enabled, forced }: RowSecurity): Command =>
  together(
    `drop policy if exists ${SLOW_POLICY} on ${table}`,
    // The policy does not depend on the row, so it is checked once a statement. pg_sleep is never null: no row is
    // hidden.
    `create policy ${SLOW_POLICY} on ${table}${enabled ? ' as restrictive' : ''} using ((select pg_sleep(${seconds})) is not null)`,
    ...(enabled ? [] : [`alter table ${table} enable row level security`]),
    ...(enabled || forced ? [] : [`alter table ${table} force row level security`]),
  );

/**
 * Takes the delay away again, and gives the table the row level security that it had. Harmless when the table has no
 * delay.
 */
export const speedUp = (table: string, { enabled, forced }: RowSecurity): Command =>
  together(
    `drop policy if exists ${SLOW_POLICY} on ${table}`,
    ...(enabled
      ? []
      : [
          ...(forced ? [] : [`alter table ${table} no force row level security`]),
          `alter table ${table} disable row level security`,
        ]),
  );

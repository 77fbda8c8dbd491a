import type { Command } from '../command.ts';

/** The name of the policy that slows a table down. */
export const SLOW_POLICY = 'chaos_slow_queries';
/** Milliseconds that the statements under way are waited for: the table is locked for a moment. */
const LOCK_MS = 5_000;

/** Some statements, one after the other, in one transaction, which answer nothing. */
const together = (...statements: readonly string[]): Command => ({
  sql: `do $$ begin ${[`perform set_config('lock_timeout', '${LOCK_MS}', true)`, ...statements].join('; ')}; end $$`,
});

/** Makes every statement on a table take so many seconds longer. */
export const slowDown = (table: string, seconds: number): Command =>
  together(
    // Asked once a statement and not once a row, since it does not depend on the row; pg_sleep never is null.
    `create policy ${SLOW_POLICY} on ${table} using ((select pg_sleep(${seconds})) is not null)`,
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
  );

/** Harmless where nothing slows it down. */
export const speedUp = (table: string): Command =>
  together(
    `drop policy if exists ${SLOW_POLICY} on ${table}`,
    `alter table ${table} no force row level security`,
    `alter table ${table} disable row level security`,
  );

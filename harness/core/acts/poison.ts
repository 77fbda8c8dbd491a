import type { Command } from '../command.ts';

/** By the way that the app's own writes take: rows of the outbox, whose photo does not exist. */
export const owePoison = (id: string, jobs: number): Command => ({
  sql: `insert into outbox (job, idempotency_key) select 'thumbnail', 'chaos:${id}:' || n from generate_series(1, ${jobs}) n`,
});

/** Takes them out again: what is queued of them fails a last time. */
export const takePoison = (id: string): Command => ({
  sql: `delete from outbox where starts_with(idempotency_key, 'chaos:${id}:')`,
});

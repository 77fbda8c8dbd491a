import type { JobName, JobQueue } from './jobs.ts';
import type { Log } from './log.ts';
import type { DatabaseNode } from './node.ts';
import { sleep } from './time.ts';
import type { Time } from './time.ts';

export interface RelayOptions {
  readonly primary: Pick<DatabaseNode, 'run' | 'circuit'>;
  readonly queue: Pick<JobQueue, 'ready' | 'add'>;
  readonly time: Time;
  readonly log: Log;
}

const POLL_MS = 200;
const BATCH = 200;
/** When jobs come faster than they are done, the claims of more jobs would end before these begin, and be made again. */
const MOST_CLAIMED = 1000;
const STATEMENT_MS = 2500;

/**
 * Claims jobs that nobody has claimed in the last 5 s. A claim ends after 5 s. So a job that was queued and then lost
 * (by Redis, or with a worker) is queued again until its effect is stored. SKIP LOCKED lets several workers share the
 * outbox.
 *
 * Claims at most $1 jobs, and no more than that $2 are claimed at a time. Jobs that were never claimed come first, then
 * those whose claim ended first: a job that cannot be done holds up no other. The ids are an array, so that their rows are
 * found one by one: with a backlog, `in (select ...)` read the whole outbox for each batch.
 */
const CLAIM = `
  update outbox set claimed_until = now() + interval '5 seconds'
  where id = any(array(
    select id from outbox where claimed_until < now() order by claimed_until, id
    limit least($1, greatest(0, $2 - (
      select count(*) from (select from outbox where claimed_until >= now() limit $2) claimed)))
    for update skip locked))
  returning id, job, idempotency_key`;

const RELEASE = `update outbox set claimed_until = '-infinity' where id = any($1::bigint[])`;

const PENDING = 'select count(*)::int as pending from outbox';

interface OutboxRow {
  readonly id: string;
  readonly job: JobName;
  readonly idempotency_key: string;
}

/** Queues the jobs of the outbox. A job leaves the outbox only when its effect is stored. */
export class OutboxRelay {
  readonly #options: RelayOptions;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Runs rounds until the signal. A round that fails is only logged, because the next round does its work. */
  async run(signal: AbortSignal): Promise<void> {
    const { time, log } = this.#options;
    let failing = false;
    while (!signal.aborted) {
      try {
        const moved = await this.round();
        if (failing) log('info', 'outbox relay goes on');
        failing = false;
        if (moved === BATCH) continue;
      } catch (error) {
        if (!failing) log('warn', 'outbox relay is held up', { error: String(error) });
        failing = true;
      }
      await sleep(time, POLL_MS);
    }
  }

  /** Queues one batch and resolves with the number of its jobs. */
  async round(): Promise<number> {
    const { primary, queue } = this.#options;
    if (!queue.ready || !primary.circuit.closed) return 0;
    const rows = await primary.run<OutboxRow & Record<string, unknown>>(
      { name: 'claim', text: CLAIM, values: [BATCH, MOST_CLAIMED] },
      STATEMENT_MS,
    );
    if (rows.length === 0) return 0;
    try {
      await queue.add(rows.map(({ job, idempotency_key }) => ({ job, key: idempotency_key })));
    } catch (error) {
      await primary.run({ name: 'release', text: RELEASE, values: [rows.map(({ id }) => id)] }, STATEMENT_MS);
      throw error;
    }
    return rows.length;
  }

  async pending(): Promise<number> {
    const [row] = await this.#options.primary.run<{ pending: number }>(
      { name: 'pending', text: PENDING, values: [] },
      500,
    );
    return row?.pending ?? NaN;
  }
}

import { createHash } from 'node:crypto';
import { Queue, Worker } from 'bullmq';
import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { DatabaseNode } from './node.ts';

export type JobName = 'thumbnail' | 'delivery';

export interface OwedJob {
  readonly job: JobName;
  /** Idempotency key of the write that made the job. */
  readonly key: string;
}

/** done: the effect was stored now. repeated: the effect was there already. */
export type JobOutcome = 'done' | 'repeated' | 'failed';

const QUEUE = 'wedsync';
const CONCURRENCY = 8;
const EFFECT_MS = 2500;

/** Puts jobs into the queue. */
export class JobQueue {
  readonly #redis: Redis;
  #queue: Queue | undefined;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  get ready(): boolean {
    return this.#redis.status === 'ready';
  }

  /**
   * Rejects when Redis cannot be used. A job that is in the queue is not added twice. A job that has ended may be added
   * again.
   */
  async add(jobs: readonly OwedJob[]): Promise<void> {
    const queue = await this.#open();
    await queue.addBulk(
      jobs.map(({ job, key }) => ({
        name: job,
        data: { key },
        opts: {
          jobId: createHash('sha256').update(`${job} ${key}`).digest('hex').slice(0, 32),
          attempts: 5,
          backoff: { type: 'exponential', delay: 200 },
          removeOnComplete: true,
          removeOnFail: true,
        },
      })),
    );
  }

  async close(): Promise<void> {
    await this.#queue?.close();
    this.#redis.disconnect();
  }

  /**
   * A Queue that fails to connect when it is made never connects. So it is made only when Redis is there, and made
   * again after a failure.
   */
  async #open(): Promise<Queue> {
    if (!this.ready) throw new Error('Redis is not connected.');
    const queue = (this.#queue ??= new Queue(QUEUE, { connection: this.#redis }).on('error', () => undefined));
    try {
      await queue.waitUntilReady();
    } catch (error) {
      this.#queue = undefined;
      throw error;
    }
    return queue;
  }
}

/** Runs each job at least once. The unique key of the effect makes sure that the effect is stored exactly once. */
export function startWorker(
  redis: Redis,
  primary: DatabaseNode,
  onOutcome: (job: string, outcome: JobOutcome) => void,
): Worker {
  const worker = new Worker(
    QUEUE,
    async (job: Job<{ key: string }>) =>
      onOutcome(job.name, await perform(primary, { job: job.name as JobName, key: job.data.key })),
    {
      connection: redis,
      concurrency: CONCURRENCY,
      lockDuration: 5000,
      stalledInterval: 3000,
      maxStalledCount: 5,
      runRetryDelay: 500,
    },
  );
  worker.on('error', () => undefined);
  worker.on('failed', (job) => onOutcome(job?.name ?? 'unknown', 'failed'));
  return worker;
}

/** The statement that reads the bytes for a job. */
const SUBJECTS: Readonly<Record<JobName, string>> = {
  thumbnail: 'select bytes as subject from photos where idempotency_key = $1 limit 1',
  delivery: `select convert_to(channel || E'\\n' || subject || E'\\n' || body, 'UTF8') as subject
    from messages where idempotency_key = $1 limit 1`,
};

/**
 * Reads the photo or the message and stores the effect. The image library and the mail provider are outside the
 * platform. In place of their work, the effect is a digest of the bytes that they would get.
 */
export async function perform(primary: Pick<DatabaseNode, 'run'>, { job, key }: OwedJob): Promise<JobOutcome> {
  const [row] = await primary.run<{ subject: Buffer }>({ name: job, text: SUBJECTS[job], values: [key] }, EFFECT_MS);
  if (!row) throw new Error(`${job}: what was asked for is not there (yet).`);
  const digest = createHash('sha256').update(row.subject).digest('hex');
  const effect = { name: 'effect', text: 'select store_effect($1, $2, $3) as stored', values: [key, job, digest] };
  const [stored] = await primary.run<{ stored: boolean }>(effect, EFFECT_MS);
  return stored?.stored ? 'done' : 'repeated';
}

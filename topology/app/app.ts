import type { Registry } from 'prom-client';
import type { TwoLayerCache } from './cache.ts';
import type { Config } from './config.ts';
import type { Database } from './db.ts';
import type { JobQueue } from './jobs.ts';
import type { Time } from './time.ts';

/** What the routes work with. */
export interface App {
  readonly config: Config;
  readonly db: Database;
  /** Undefined with CACHE=off. */
  readonly cache: TwoLayerCache | undefined;
  /** Only with JOBS=direct: otherwise requests have nothing to do with the queue. */
  readonly queue: JobQueue | undefined;
  readonly registry: Registry;
  readonly time: Time;
  readonly draining: () => boolean;
  /** States by name, for /health. */
  readonly circuits: () => Readonly<Record<string, string>>;
}

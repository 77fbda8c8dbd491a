import type { Registry } from 'prom-client';
import type { TwoLayerCache } from './cache.ts';
import type { Config } from './config.ts';
import type { Database } from './db.ts';
import type { JobQueue } from './jobs.ts';
import type { Scrapes } from './scrapes.ts';
import type { Time } from './time.ts';

/** Everything that the routes use. */
export interface App {
  readonly config: Config;
  readonly db: Database;
  /** Undefined with CACHE=off. */
  readonly cache: TwoLayerCache | undefined;
  /** Defined only with JOBS=direct. Otherwise requests do not use the queue. */
  readonly queue: JobQueue | undefined;
  readonly registry: Registry;
  readonly scrapes: Scrapes;
  readonly time: Time;
  readonly draining: () => boolean;
  /** The state of each circuit by its name, for /health. */
  readonly circuits: () => Readonly<Record<string, string>>;
}

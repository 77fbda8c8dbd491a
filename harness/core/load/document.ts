import type { Invalidity, RunEvent } from '../record/events.ts';
import type { LoadFigures } from './figures.ts';
import type { Host } from '../record/environment.ts';
import type { LoadRecord } from './record.ts';
import type { Seal } from '../record/version.ts';
import type { RequestTable } from './load.ts';

/** A load alone (`chaos load`), read back from events.ndjson and samples/ in its folder and from nothing else. */
export interface LoadHistory {
  readonly run: string;
  readonly record: LoadRecord;
  readonly events: readonly RunEvent[];
  readonly requests: RequestTable;
  readonly seal: Seal;
  /** The lines of events.ndjson that cannot be read, from 1. */
  readonly torn: readonly number[];
}

/**
 * What `load --json` prints and load.json holds. Scripts depend on it: keys may be added, and never changed or removed.
 */
export interface LoadDocument extends LoadFigures {
  readonly schema_version: 1;
  /** INCONCLUSIVE: the figures say more about the generator than about its target. `invalid` has the reasons. */
  readonly verdict: 'MEASURED' | 'INCONCLUSIVE' | 'INTERRUPTED' | 'ERROR';
  readonly exit_code: number;
  readonly run: string;
  readonly dir: string;
  readonly title: string;
  readonly base_url: string;
  readonly workload: string;
  readonly rate_per_s: number;
  readonly timeout_ms: number;
  readonly seed: number;
  readonly started: string;
  readonly ended: string;
  readonly duration_s: number;
  readonly invalid: readonly Invalidity[];
  /** Why the load did not come to its end. Absent when it did. */
  readonly reason?: string;
  /** In the order of the workload. Endpoints without a request are left out. */
  readonly endpoints: readonly (LoadFigures & { readonly name: string })[];
  readonly environment: Host;
}

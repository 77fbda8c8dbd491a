import type { Invalidity, RunEvent } from '../events.ts';
import type { LoadFigures } from './figures.ts';
import type { Host } from '../environment.ts';
import type { LoadRecord } from './record.ts';
import type { RequestTable } from './load.ts';

/** A load alone, read back from its folder: events.ndjson and samples/, and nothing else. */
export interface LoadHistory {
  readonly run: string;
  readonly record: LoadRecord;
  readonly events: readonly RunEvent[];
  readonly requests: RequestTable;
}

/** What `load --json` prints and load.json holds: a contract, keys are only ever added. */
export interface LoadDocument extends LoadFigures {
  readonly schema_version: 1;
  /** INCONCLUSIVE: the figures say more of the generator than of what it was aimed at; see `invalid`. */
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
  /** Why it did not come to its end; absent otherwise. */
  readonly reason?: string;
  /** In the order of the workload; those without a request are left out. */
  readonly endpoints: readonly (LoadFigures & { readonly name: string })[];
  readonly environment: Host;
}

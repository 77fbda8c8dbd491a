import type { Host } from '../record/environment.ts';
import type { LoadPlan } from './load.ts';

/** What is known of a load alone before it begins: the first line of its events.ndjson. Plain data. */
export interface LoadRecord {
  /** "300/s to GET http://127.0.0.1:8080/ for 20 s" */
  readonly title: string;
  readonly plan: LoadPlan;
  readonly base_url: string;
  readonly seed: number;
  readonly duration_ms: number;
  readonly environment: Host;
}

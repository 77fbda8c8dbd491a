import { join } from 'node:path';
import { systemClock } from '../../harness/core/clock.ts';
import type { Workload } from '../../harness/core/load/load.ts';
import { constantLoad } from '../../harness/core/load/plan.ts';
import { openLoad } from '../../harness/load/engine.ts';
import { offer as offerLoad, type Offering } from '../../harness/modes/load/offer.ts';
import { readWorkload } from '../../harness/plan/index.ts';
import { ROOT } from './chaos.ts';

export type { Offering };

/** How long a client waits for an answer, as in the experiments. */
export const TIMEOUT_MS = 5_000;

export interface OfferOptions {
  readonly workload: Workload;
  readonly url: string;
  readonly ratePerS: number;
  /** Unique: request ids and idempotency keys begin with it. */
  readonly run: string;
  readonly seed: number;
  /** The load ends by itself after this many milliseconds. */
  readonly mostMs: number;
}

/** Reads a workload of experiments/workloads/ by its name. */
export function workloadNamed(name: string): Workload {
  const workload = readWorkload(join(ROOT, 'experiments', 'workloads', `${name}.yaml`), 'unaudited');
  if (!('scenarios' in workload)) throw new Error(`${name}: ${workload.map(({ message }) => message).join('; ')}`);
  return workload;
}

/**
 * Offers a load at a constant rate with the harness's own generator. It keeps its connections and uses them again, and
 * never sends a request a second time. A reused connection that is closed or reset under a request is a failed request.
 */
export async function offer({ workload, ratePerS, ...rest }: OfferOptions): Promise<Offering> {
  const plan = constantLoad(workload, ratePerS, TIMEOUT_MS);
  return offerLoad({ load: openLoad, clock: systemClock, plan, ...rest });
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../harness/core/clock.ts';
import { plannedWithin } from '../../harness/core/load/arrivals.ts';
import type { LoadTotals, RequestTable, Workload } from '../../harness/core/load/load.ts';
import { constantLoad } from '../../harness/core/load/plan.ts';
import { decodeBlocks, type SamplesSchema } from '../../harness/core/load/samples.ts';
import type { Invalidity } from '../../harness/core/record/events.ts';
import { loadGates } from '../../harness/judge/gates/load.ts';
import { openLoad } from '../../harness/load/engine.ts';
import { readWorkload } from '../../harness/plan/index.ts';
import { ROOT } from './chaos.ts';

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

/** A load that is over. */
interface Offered {
  readonly requests: RequestTable;
  readonly totals: LoadTotals;
  /** Why the load proves little: the generator was late, saturated, or dropped requests. */
  readonly invalid: readonly Invalidity[];
}

/** A load that goes on. */
export interface Offering extends AsyncDisposable {
  /** Sends no more, waits for the requests in flight, and reads the samples back. */
  stop(): Promise<Offered>;
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
export async function offer(options: OfferOptions): Promise<Offering> {
  const { workload, url, ratePerS, run, seed, mostMs } = options;
  const dir = mkdtempSync(join(tmpdir(), 'chaos-offer-'));
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  const plan = constantLoad(workload, ratePerS, TIMEOUT_MS);
  const spec = { plan, baseUrl: url, seed, dir, run, maxDurationMs: mostMs };
  const load = await openLoad
    .start(spec, () => undefined, systemClock)
    .catch((error: unknown) => {
      remove();
      throw error;
    });
  const begun = systemClock.now();
  let ended: Promise<Offered> | undefined;
  const end = async (): Promise<Offered> => {
    try {
      const lastedMs = Math.min(systemClock.now() - begun, mostMs);
      const totals = await load.stop();
      const schema = JSON.parse(readFileSync(join(dir, 'schema.json'), 'utf8')) as SamplesSchema;
      const requests = decodeBlocks(readFileSync(join(dir, 'requests.bin')), schema);
      const invalid = loadGates({
        requests,
        spans: [{ started: -Infinity, ended: Infinity }],
        expected: plannedWithin(plan.arrivals, 0, lastedMs),
        process: plan.arrivals.process,
        utilisation: totals.utilisation,
      });
      return { requests, totals, invalid };
    } finally {
      remove();
    }
  };
  const stop = (): Promise<Offered> => (ended ??= end());
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { onDisk } from '../../core/disk-error.ts';
import { plannedWithin } from '../../core/load/arrivals.ts';
import type { LoadEngine, LoadPlan, LoadTick, LoadTotals, RequestTable } from '../../core/load/load.ts';
import { decodeBlocks, type SamplesSchema } from '../../core/load/samples.ts';
import type { Invalidity } from '../../core/record/events.ts';
import { loadGates } from '../../judge/gates/load.ts';

interface OfferOptions {
  readonly load: LoadEngine;
  readonly clock: Clock;
  readonly plan: LoadPlan;
  readonly url: string;
  /** Unique: request ids and idempotency keys begin with it. */
  readonly run: string;
  readonly seed: number;
  /** The load ends by itself after this many milliseconds. */
  readonly mostMs: number;
  readonly onTick?: (tick: LoadTick) => void;
  /** The folder that keeps the samples; it is made. Undefined: they are in a folder that goes with the load. */
  readonly keep?: string;
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
  /** Aborts when the generator dies. */
  readonly failed: AbortSignal | undefined;
}

/**
 * Offers a load and keeps no record of it beside its samples, and these only where `keep` says so. It never sends a request a
 * second time. Throws CHAOS_LOAD_FAILED when the generator dies.
 */
export async function offer(options: OfferOptions): Promise<Offering> {
  const { load: engine, clock, plan, url, run, seed, mostMs, onTick = () => undefined, keep } = options;
  const dir = keep ?? mkdtempSync(join(tmpdir(), 'chaos-offer-'));
  if (keep !== undefined) onDisk(keep, () => void mkdirSync(keep, { recursive: true }));
  const remove = (): void => {
    if (keep === undefined) rmSync(dir, { recursive: true, force: true });
  };
  const spec = { plan, baseUrl: url, seed, dir, run, maxDurationMs: mostMs };
  const load = await engine.start(spec, onTick, clock).catch((error: unknown) => {
    remove();
    throw error;
  });
  const begun = clock.now();
  let ended: Promise<Offered> | undefined;
  const end = async (): Promise<Offered> => {
    try {
      const lastedMs = Math.min(clock.now() - begun, mostMs);
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
  return { stop, failed: load.failed, [Symbol.asyncDispose]: async () => void (await stop()) };
}

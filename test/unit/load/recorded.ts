import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../harness/core/clock.ts';
import { constantLoad } from '../../../harness/core/load/plan.ts';
import {
  OUTCOMES,
  type LoadPlan,
  type LoadTick,
  type LoadTotals,
  type RequestTable,
  type Trust,
  type WriteRecord,
} from '../../../harness/core/load/load.ts';
import { decodeBlocks, type SamplesSchema } from '../../../harness/core/load/samples.ts';
import { openLoad } from '../../../harness/load/engine.ts';
import type { Stub } from '../../../harness/modes/calibrate/stub.ts';
import { WORKLOAD } from './workload.ts';

/** A finished load, read back from its files. */
export interface Recorded {
  readonly totals: LoadTotals;
  readonly ticks: readonly LoadTick[];
  readonly table: RequestTable;
  readonly writes: readonly WriteRecord[];
  /** How often each outcome occurs. An outcome that never occurs is left out. */
  readonly outcomes: Readonly<Record<string, number>>;
}

export interface LoadOptions {
  readonly ratePerS: number;
  readonly url: string;
  readonly durationMs: number;
  readonly timeoutMs?: number;
  readonly pressure?: LoadPlan['pressure'];
  readonly newConnections?: number;
  readonly trust?: Trust;
  /** Called once, when the load has begun. The load goes on at least until it has ended. */
  readonly meanwhile?: () => void | Promise<void>;
  /** Stops the load this many milliseconds after `meanwhile` has ended, instead of at its bound. */
  readonly stopAfterMs?: number;
}

export const count = (texts: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
};

/** Milliseconds between two looks whether an outage is over. */
const LOOK_MS = 20;

/** Lets a stub refuse connections for `ms` milliseconds or more. Resolves when the stub accepts connections again. */
export async function outage(stub: Stub, ms: number): Promise<void> {
  stub.refuse(ms);
  while ((await stub.log()).spans.length === 0) await systemClock.sleep(LOOK_MS);
}

/** Runs a real open load to its end, and reads back what it wrote. */
export async function recordLoad(options: LoadOptions): Promise<Recorded> {
  const dir = await mkdtemp(join(tmpdir(), 'chaos-load-'));
  try {
    const ticks: LoadTick[] = [];
    const { ratePerS, pressure, newConnections = 0, trust, url: baseUrl, timeoutMs = 5_000 } = options;
    const plan: LoadPlan = { ...constantLoad(WORKLOAD, ratePerS, timeoutMs), pressure, newConnections };
    const spec = { plan, baseUrl, trust, seed: 42, dir, run: 'self', maxDurationMs: options.durationMs };
    const run = await openLoad.start(spec, (tick) => ticks.push(tick), systemClock);
    await options.meanwhile?.();
    await systemClock.sleep(options.stopAfterMs ?? options.durationMs);
    const totals = await run.stop();
    const schema = JSON.parse(await readFile(join(dir, 'schema.json'), 'utf8')) as SamplesSchema;
    const table = decodeBlocks(await readFile(join(dir, 'requests.bin')), schema);
    const lines = (await readFile(join(dir, 'writes.ndjson'), 'utf8')).split('\n').filter((line) => line !== '');
    const writes = lines.map((line) => JSON.parse(line) as WriteRecord);
    const outcomes = count(Array.from(table.outcome, (code) => OUTCOMES[code] ?? '?'));
    return { totals, ticks, table, writes, outcomes };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

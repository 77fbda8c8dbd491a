import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../harness/core/clock.ts';
import {
  OUTCOMES,
  type LoadPlan,
  type LoadTotals,
  type RequestTable,
  type Trust,
} from '../../harness/core/load/load.ts';
import { decodeBlocks, type SamplesSchema } from '../../harness/core/load/samples.ts';
import { percentile } from '../../harness/core/stats.ts';
import { openLoad } from '../../harness/load/engine.ts';

/** The task, as JSON in the first argument. */
interface OurTask {
  readonly plan: LoadPlan;
  readonly url: string;
  readonly trust?: Trust;
  readonly seconds: number;
  /** The first seconds, in which Node compiles the code that runs often. Their processor time does not count. */
  readonly warmUpSeconds: number;
}

/** The result, as JSON on stdout. */
export interface OurResult {
  readonly totals: LoadTotals;
  /** The number of rows in the ledger on disk, and how many of them have the outcome ok. */
  readonly rows: number;
  readonly ok: number;
  readonly lagMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  /** Processor microseconds of the whole process after the warm-up, and the number of requests planned in that time. */
  readonly cpuUs: number;
  readonly cpuRows: number;
  /** Resident memory in MiB: before the load, at its most, and each second. */
  readonly rssMib: { readonly before: number; readonly most: number; readonly series: readonly number[] };
}

const mib = (bytes: number): number => bytes / 1_048_576;
const differences = (table: RequestTable, later: 'sent' | 'done'): Float64Array =>
  Float64Array.from(table[later], (at, i) => at - (table.planned[i] ?? NaN))
    .filter(Number.isFinite)
    .sort();

async function run({ plan, url, trust, seconds, warmUpSeconds }: OurTask): Promise<OurResult> {
  const dir = await mkdtemp(join(tmpdir(), 'chaos-bench-'));
  const series: number[] = [];
  const before = mib(process.memoryUsage.rss());
  try {
    const spec = { plan, baseUrl: url, trust, seed: 42, dir, run: 'bench', maxDurationMs: seconds * 1_000 };
    const load = await openLoad.start(spec, () => series.push(mib(process.memoryUsage.rss())), systemClock);
    await systemClock.sleep(warmUpSeconds * 1_000);
    const warm = systemClock.now();
    const begun = process.cpuUsage();
    await systemClock.sleep((seconds - warmUpSeconds) * 1_000);
    const totals = await load.stop();
    const { user, system } = process.cpuUsage(begun);
    const most = process.resourceUsage().maxRSS / 1_024;
    const schema = JSON.parse(await readFile(join(dir, 'schema.json'), 'utf8')) as SamplesSchema;
    const table = decodeBlocks(await readFile(join(dir, 'requests.bin')), schema);
    const lags = differences(table, 'sent');
    const latencies = differences(table, 'done');
    const at = (values: Float64Array, p: number): number => percentile(values, p) ?? NaN;
    return {
      totals,
      rows: table.length,
      ok: table.outcome.filter((code) => code === OUTCOMES.indexOf('ok')).length,
      lagMs: { p50: at(lags, 50), p99: at(lags, 99), max: lags.at(-1) ?? NaN },
      latencyMs: { p50: at(latencies, 50), p99: at(latencies, 99) },
      cpuUs: user + system,
      cpuRows: table.planned.filter((at) => at >= warm).length,
      rssMib: { before, most, series },
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

process.stdout.write(`${JSON.stringify(await run(JSON.parse(process.argv[2] ?? '') as OurTask))}\n`);

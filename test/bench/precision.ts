import { constantLoad } from '../../harness/core/load/plan.ts';
import { fixed, ours, percent, table, TIMEOUT_MS, whole, WORKLOAD, type Section } from './section.ts';

const RATES = [100, 1_000, 5_000, 10_000, 20_000];
const SECONDS = 6;
/** The share of a second's requests that each 10 ms have when all have the same. */
const EVEN_SHARE = 0.01;

/** Measures how evenly and how punctually requests leave. */
export const precision: Section = async (server) => {
  const rows: string[][] = [];
  for (const rate of RATES) {
    await server.arrivals();
    const { totals, ok, lagMs, cpuUs } = ours(constantLoad(WORKLOAD, rate, TIMEOUT_MS), server.url, SECONDS);
    const { fullestSlot, received } = await server.arrivals();
    const planned = rate * SECONDS;
    rows.push([
      `${whole(rate)}/s`,
      percent(totals.sent / planned),
      percent(received / planned),
      percent(ok / planned),
      fixed(lagMs.p50),
      fixed(lagMs.p99),
      fixed(lagMs.max),
      fixed(fullestSlot / EVEN_SHARE),
      percent(cpuUs / (SECONDS * 1e6)),
    ]);
  }
  return table(
    'Scheduling: constant arrivals, as planned and as the server sees them',
    [
      'planned',
      'sent',
      'received',
      'answered',
      'lag p50 ms',
      'p99',
      'max',
      'fullest 10 ms, times an even share',
      'of one core',
    ],
    rows,
  );
};

import { fileURLToPath } from 'node:url';
import { constantRate } from '../../harness/core/load/arrivals.ts';
import { arrivalLoad, userLoad } from '../../harness/core/load/plan.ts';
import type { LoadPlan, Workload } from '../../harness/core/load/load.ts';
import { UserStream } from '../../harness/load/users/users.ts';
import { readWorkload } from '../../harness/plan/index.ts';
import { fixed, ours, percent, table, TIMEOUT_MS, whole, type Section } from './section.ts';

const LOAD_TEST = fileURLToPath(new URL('../../experiments/workloads/wedding-season.yaml', import.meta.url));

/** Returns the bytes of typed arrays for one user, measured with a million users. */
function bytesPerUser(workload: Workload): number {
  const count = 1_000_000;
  const before = process.memoryUsage().arrayBuffers;
  const stream = new UserStream(workload, { count, rampUpMs: 0 }, 1_000, 1, '');
  const bytes = process.memoryUsage().arrayBuffers - before;
  return stream.due > 0 ? bytes / count : NaN;
}

/** Measures the specification's virtual users, all of them from the first second. */
export const users: Section = async (server) => {
  const workload = readWorkload(LOAD_TEST, 'unaudited');
  if (!('scenarios' in workload)) throw new Error(JSON.stringify(workload));
  const seconds = 20;
  const count = workload.test?.virtualUsers ?? 0;
  const run = (plan: LoadPlan, name: string): string[] => {
    const { rows, ok, lagMs, latencyMs, rssMib, cpuUs } = ours(plan, server.url, seconds);
    return [
      name,
      fixed(rows / seconds, 0),
      percent(ok / rows),
      fixed(lagMs.p50),
      fixed(lagMs.p99),
      fixed(latencyMs.p99),
      `${whole(rssMib.most)} MiB`,
      fixed(cpuUs / rows, 1),
    ];
  };
  const rows = [
    run(userLoad(workload, { count, rampUpMs: 0 }, TIMEOUT_MS), `${whole(count)} users`),
    run(arrivalLoad(workload, constantRate(6_325, 'poisson'), TIMEOUT_MS), '6,325/s, Poisson, no users'),
  ];
  const caption = `A user takes ${fixed(bytesPerUser(workload), 0)} bytes.`;
  const columns = [
    'load',
    'requests/s',
    'answered',
    'lag p50 ms',
    'p99',
    'latency p99 ms',
    'resident at most',
    'CPU µs a request',
  ];
  return `${table("The specification's users and frequencies", columns, rows)}\n${caption}\n`;
};

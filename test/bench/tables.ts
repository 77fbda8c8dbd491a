import { constantRate } from '../../harness/core/arrivals.ts';
import { arrivalLoad, constantLoad, userLoad } from '../../harness/core/load-plan.ts';
import type { LoadPlan, Workload } from '../../harness/core/load.ts';
import { readWorkload } from '../../harness/plan/index.ts';
import { UserStream } from '../../harness/load/users.ts';
import { fileURLToPath } from 'node:url';
import type { OurResult } from './ours.ts';
import { onPath, runAutocannon, runNode, runVegeta, runWrk, type PeerResult } from './peers.ts';
import type { TrivialServer } from './trivial.ts';

/** One part of the benchmark: a heading and a Markdown table. */
export type Section = (server: TrivialServer, minutes: number) => Promise<string>;

const CONNECTIONS = 50;
const SECONDS = 6;
const TIMEOUT_MS = 5_000;
/** Above it the ceiling is passed. */
const MOST_LAG_MS = 20;

const WORKLOAD: Workload = {
  name: 'bench',
  file: 'bench',
  scenarios: [
    {
      name: 'bench',
      weight: 1,
      endpoints: [
        {
          name: 'GET /',
          method: 'GET',
          path: '/',
          kind: 'read',
          frequency: 1,
          query: {},
          body: undefined,
          expect: [],
          audit: undefined,
        },
      ],
    },
  ],
};

const ours = (plan: LoadPlan, url: string, seconds = SECONDS): OurResult =>
  JSON.parse(runNode('ours.ts', [JSON.stringify({ plan, url, seconds })])) as OurResult;

const fixed = (value: number, digits = 2): string => value.toFixed(digits);
const whole = (value: number): string => Math.round(value).toLocaleString('en-GB');
const percent = (share: number): string => `${fixed(share * 100)} %`;

const table = (heading: string, columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  [
    `### ${heading}`,
    '',
    `| ${columns.join(' | ')} |`,
    `| ${columns.map((_, i) => (i === 0 ? '---' : '---:')).join(' | ')} |`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
  ].join('\n');

/** How evenly and how punctually requests leave. */
export const precision: Section = async (server) => {
  const rows: string[][] = [];
  for (const rate of [100, 1_000, 5_000, 20_000]) {
    await server.arrivals();
    const { totals, ok, lagMs, cpuUs } = ours(constantLoad(WORKLOAD, rate, TIMEOUT_MS), server.url);
    const { fullestSlot, received } = await server.arrivals();
    rows.push([
      `${whole(rate)}/s`,
      percent(ok / (rate * SECONDS)),
      `${whole(received)} of ${whole(totals.planned)}`,
      fixed(lagMs.p50),
      fixed(lagMs.p99),
      fixed(lagMs.max),
      percent(fullestSlot),
      percent(cpuUs / (SECONDS * 1e6)),
    ]);
  }
  return table(
    'Scheduling: constant arrivals, as planned and as the server sees them',
    [
      'rate',
      'answered of planned',
      'server received',
      'lag p50 ms',
      'p99',
      'max',
      'fullest 10 ms of a second',
      'of one core',
    ],
    rows,
  );
};

/** What a request costs at a rate that all can keep. */
export const cost: Section = async (server) => {
  const rate = 5_000;
  const mine = ours(constantLoad(WORKLOAD, rate, TIMEOUT_MS), server.url);
  const perRequest = mine.cpuUs / mine.rows;
  const rows = [['chaos', whole(rate), fixed(perRequest, 1), '1']];
  if (onPath('vegeta')) {
    const { requests, seconds, cpuUs } = runVegeta(server.url, rate, SECONDS);
    rows.push(['vegeta', whole(requests / seconds), fixed(cpuUs / requests, 1), fixed(cpuUs / requests / perRequest)]);
  }
  return table(`Cost at ${whole(rate)}/s, open arrivals`, ['client', 'requests/s', 'CPU µs a request', 'ratio'], rows);
};

/** The highest rate of ours that is kept: all answered, and at most 1 % over the limit late. */
function ceilingOf(server: TrivialServer): { rate: number; result: OurResult } | undefined {
  let best: { rate: number; result: OurResult } | undefined;
  for (const rate of [10_000, 20_000, 30_000, 40_000, 50_000]) {
    const result = ours(constantLoad(WORKLOAD, rate, TIMEOUT_MS), server.url, 4);
    if (result.ok < rate * 4 * 0.995 || result.lagMs.p99 > MOST_LAG_MS) break;
    best = { rate, result };
  }
  return best;
}

/** As fast as it goes. */
export const ceiling: Section = async (server) => {
  const cannon = runAutocannon(server.url, CONNECTIONS, SECONDS);
  const base = cannon.cpuUs / cannon.requests;
  const peer = (name: string, { requests, seconds, cpuUs }: PeerResult): string[] => [
    name,
    whole(requests / seconds),
    fixed(cpuUs / requests, 1),
    fixed(cpuUs / requests / base),
  ];
  const best = ceilingOf(server);
  const rows = [
    ...(best === undefined
      ? []
      : [
          peer(`chaos, open arrivals, ledger on disk, lag p99 ${fixed(best.result.lagMs.p99)} ms`, {
            requests: best.result.rows,
            seconds: best.result.rows / best.rate,
            cpuUs: best.result.cpuUs,
          }),
        ]),
    peer(`autocannon, ${CONNECTIONS} connections, a hook`, cannon),
    ...(onPath('wrk') ? [peer(`wrk, ${CONNECTIONS} connections`, runWrk(server.url, CONNECTIONS, SECONDS))] : []),
    ...(onPath('vegeta') ? [peer(`vegeta, ${CONNECTIONS} workers`, runVegeta(server.url, 0, SECONDS))] : []),
  ];
  return table('Ceiling', ['client', 'requests/s', 'CPU µs a request', 'ratio to autocannon'], rows);
};

const LOAD_TEST = fileURLToPath(new URL('../../experiments/workloads/wedding-season.yaml', import.meta.url));

/** Bytes of typed arrays that a million users take, each. */
function bytesPerUser(workload: Workload): number {
  const count = 1_000_000;
  const before = process.memoryUsage().arrayBuffers;
  const stream = new UserStream(workload, { count, rampUpMs: 0 }, 1_000, 1, '');
  const bytes = process.memoryUsage().arrayBuffers - before;
  return stream.due > 0 ? bytes / count : NaN;
}

/** The specification's virtual users, all of them from the first second. */
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
  const caption = `A user is ${fixed(bytesPerUser(workload), 0)} bytes.`;
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

/** Whether memory grows with time. */
export const memory: Section = async (server, minutes) => {
  const rate = 1_000;
  const { rows, rssMib } = ours(constantLoad(WORKLOAD, rate, TIMEOUT_MS), server.url, minutes * 60);
  const { series } = rssMib;
  const mean = (part: readonly number[]): number => part.reduce((sum, n) => sum + n, 0) / part.length;
  const quarter = Math.floor(series.length / 4);
  const quarters = [0, 1, 2, 3].map((i) => mean(series.slice(i * quarter, (i + 1) * quarter)));
  return table(
    `Resident memory over ${minutes} minute${minutes === 1 ? '' : 's'} at ${whole(rate)}/s`,
    ['requests', 'first quarter', 'second', 'third', 'last', 'at most'],
    [[whole(rows), ...[...quarters, rssMib.most].map((n) => `${fixed(n, 0)} MiB`)]],
  );
};

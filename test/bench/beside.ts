import { constantLoad } from '../../harness/core/load/plan.ts';
import type { OurResult } from './ours.ts';
import { onPath, runAutocannon, runVegeta, runWrk, type PeerResult } from './peers.ts';
import { fixed, ours, table, TIMEOUT_MS, WARM_UP_SECONDS, whole, WORKLOAD, type Section } from './section.ts';
import type { TrivialServer } from './trivial.ts';

const CONNECTIONS = 50;
/** Of one turn of one client, after its warm-up, and of one rate that is tried. */
const SECONDS = 3;
const TRIAL_SECONDS = 3;
/** Clients take turns so often, so that what else the machine does meets all of them; the median is told. */
const TURNS = 3;
/** At which all open-arrival clients are compared. */
const RATE = 5_000;
/** Rates that are tried for the ceiling. */
const RATES = { least: 10_000, step: 2_500, most: 80_000 };
/** Above it the ceiling is passed, and below that share of answers. */
const KEPT = { lagMs: 20, share: 0.995 };

const COUNTED = `Medians of ${TURNS} turns of ${SECONDS} s; what runs in Node is counted after ${WARM_UP_SECONDS} s more, when it has been compiled.`;

interface Client {
  readonly name: string;
  readonly run: () => PeerResult;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

const LENGTH = SECONDS + WARM_UP_SECONDS;
const oursAt = (rate: number, url: string): OurResult =>
  ours(constantLoad(WORKLOAD, rate, TIMEOUT_MS), url, LENGTH, WARM_UP_SECONDS);

/** The time is that in which so many were planned, not that in which they were answered. */
const asPeer = ({ cpuRows, cpuUs }: OurResult, rate: number): PeerResult => ({
  requests: cpuRows,
  seconds: cpuRows / rate,
  cpuUs,
});

/** Rows of name, requests per second and microseconds of processor per request, each with its ratio to that of `base`. */
function compare(clients: readonly Client[], base: string): string[][] {
  const results = clients.map(({ name }) => ({ name, perS: [] as number[], cpuUs: [] as number[] }));
  for (let turn = 0; turn < TURNS; turn += 1) {
    clients.forEach(({ run }, i) => {
      const { requests, seconds, cpuUs } = run();
      results[i]?.perS.push(requests / seconds);
      results[i]?.cpuUs.push(cpuUs / requests);
    });
  }
  const figures = results.map(({ name, perS, cpuUs }) => ({ name, perS: median(perS), cpuUs: median(cpuUs) }));
  const standard = figures.find(({ name }) => name === base);
  const ratio = (value: number, other: number | undefined): string => (other === undefined ? '' : fixed(value / other));
  return figures.map(({ name, perS, cpuUs }) => [
    name,
    whole(perS),
    ratio(perS, standard?.perS),
    fixed(cpuUs, 1),
    ratio(cpuUs, standard?.cpuUs),
  ]);
}

const columns = (base: string): string[] => [
  'client',
  'requests/s',
  `of ${base}'s`,
  'CPU µs a request',
  `of ${base}'s`,
];

/** What a request costs at a rate that all can keep. */
export const cost: Section = async ({ url }) => {
  const clients: Client[] = [
    { name: 'chaos', run: () => asPeer(oursAt(RATE, url), RATE) },
    ...(onPath('vegeta') ? [{ name: 'vegeta', run: () => runVegeta(url, RATE, SECONDS) }] : []),
  ];
  return `${table(`Cost at ${whole(RATE)}/s, open arrivals`, columns('vegeta'), compare(clients, 'vegeta'))}\n${COUNTED}\n`;
};

/** All answered, and at most 1 % over the limit late; one bad moment of the machine is forgiven. */
function isKept(rate: number, url: string): boolean {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const { ok, lagMs } = ours(constantLoad(WORKLOAD, rate, TIMEOUT_MS), url, TRIAL_SECONDS);
    if (ok >= rate * TRIAL_SECONDS * KEPT.share && lagMs.p99 <= KEPT.lagMs) return true;
  }
  return false;
}

/** The highest rate that is kept, by bisection; undefined when not even the least is. */
function ceilingOf({ url }: TrivialServer): number | undefined {
  if (!isKept(RATES.least, url)) return undefined;
  let kept = RATES.least;
  let lost = RATES.most;
  while (lost - kept > RATES.step) {
    const middle = kept + Math.floor((lost - kept) / 2 / RATES.step) * RATES.step;
    if (isKept(middle, url)) kept = middle;
    else lost = middle;
  }
  return kept;
}

/** As fast as it goes. */
export const ceiling: Section = async (server) => {
  const { url } = server;
  const rate = ceilingOf(server);
  let lagMs = NaN;
  const atCeiling = (most: number): PeerResult => {
    const result = oursAt(most, url);
    lagMs = result.lagMs.p99;
    return asPeer(result, most);
  };
  const clients: Client[] = [
    ...(rate === undefined ? [] : [{ name: 'chaos, open arrivals, ledger on disk', run: () => atCeiling(rate) }]),
    { name: 'autocannon, a hook', run: () => runAutocannon(url, CONNECTIONS, LENGTH, WARM_UP_SECONDS) },
    ...(onPath('wrk') ? [{ name: 'wrk', run: () => runWrk(url, CONNECTIONS, SECONDS) }] : []),
    ...(onPath('vegeta') ? [{ name: 'vegeta', run: () => runVegeta(url, 0, SECONDS) }] : []),
  ];
  const rows = compare(clients, 'autocannon, a hook');
  const caption = `The peers have ${CONNECTIONS} connections or workers. Ours is the highest rate at which all were answered and lag p99 was at most ${KEPT.lagMs} ms (last: ${fixed(lagMs)} ms). ${COUNTED}`;
  return `${table('Ceiling', columns('autocannon'), rows)}\n${caption}\n`;
};

import { constantLoad } from '../../harness/core/load/plan.ts';
import type { OurResult } from './ours.ts';
import { peersOf, runAutocannon, runVegeta, runWrk, type PeerResult } from './peers.ts';
import { fixed, ours, table, TIMEOUT_MS, WARM_UP_SECONDS, whole, WORKLOAD, type Section } from './section.ts';
import type { TrivialServer } from './trivial.ts';

const CONNECTIONS = 50;
/** Seconds of one turn of one client after its warm-up, and of one trial of a rate. */
const SECONDS = 3;
const TRIAL_SECONDS = 3;
/** How often each client has its turn. Other work of the machine then meets all clients. The table shows medians. */
const TURNS = 3;
/** Requests per second at which the open-arrival clients are compared. */
const RATE = 5_000;
/** Requests per second that are tried for the ceiling. */
const RATES = { least: 10_000, step: 2_500, most: 80_000 };
/** A rate is above the ceiling when lag p99 is more than this, or when a smaller share of requests is answered. */
const KEPT = { lagMs: 20, share: 0.995 };

export const COUNTED = `Medians of ${TURNS} turns of ${SECONDS} s. A client that runs in Node is counted after ${WARM_UP_SECONDS} more seconds, when Node has compiled it.`;

export interface Client {
  readonly name: string;
  readonly run: () => PeerResult;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Seconds of one turn with its warm-up. */
export const LENGTH = SECONDS + WARM_UP_SECONDS;
const oursAt = (rate: number, url: string): OurResult =>
  ours(constantLoad(WORKLOAD, rate, TIMEOUT_MS), url, LENGTH, WARM_UP_SECONDS);

/** The seconds are the time in which the requests were planned, not the time in which they were answered. */
export const asPeer = ({ cpuRows, cpuUs }: OurResult, rate: number): PeerResult => ({
  requests: cpuRows,
  seconds: cpuRows / rate,
  cpuUs,
});

/**
 * Rows of name, requests per second and processor microseconds per request. Each figure has its ratio to that of
 * `base`.
 */
export function compare(clients: readonly Client[], base: string): string[][] {
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

export const columns = (base: string): string[] => [
  'client',
  'requests/s',
  `of ${base}'s`,
  'CPU µs a request',
  `of ${base}'s`,
];

/** Measures what a request costs at a rate that all clients can keep. */
export const cost: Section = async ({ url }) => {
  const { there, note } = peersOf(['vegeta']);
  process.stderr.write(note);
  const clients: Client[] = [
    { name: 'chaos', run: () => asPeer(oursAt(RATE, url), RATE) },
    ...there.map((name) => ({ name, run: () => runVegeta(url, RATE, SECONDS) })),
  ];
  const caption = `Cost at ${whole(RATE)}/s, open arrivals`;
  return `${table(caption, columns('vegeta'), compare(clients, 'vegeta'))}\n${note}${COUNTED}\n`;
};

/** Whether a rate is within the limits of KEPT. It may fail once, for one bad moment of the machine. */
function isKept(rate: number, url: string): boolean {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const { ok, lagMs } = ours(constantLoad(WORKLOAD, rate, TIMEOUT_MS), url, TRIAL_SECONDS);
    if (ok >= rate * TRIAL_SECONDS * KEPT.share && lagMs.p99 <= KEPT.lagMs) return true;
  }
  return false;
}

/** Finds the highest rate that is kept, by bisection; undefined when not even the least rate is kept. */
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

/** Measures every client as fast as it can go. */
export const ceiling: Section = async (server) => {
  const { url } = server;
  const rate = ceilingOf(server);
  let lagMs = NaN;
  const atCeiling = (most: number): PeerResult => {
    const result = oursAt(most, url);
    lagMs = result.lagMs.p99;
    return asPeer(result, most);
  };
  const { there, note } = peersOf(['wrk', 'vegeta']);
  process.stderr.write(note);
  const run = { wrk: () => runWrk(url, CONNECTIONS, SECONDS), vegeta: () => runVegeta(url, 0, SECONDS) };
  const clients: Client[] = [
    ...(rate === undefined ? [] : [{ name: 'chaos, open arrivals, ledger on disk', run: () => atCeiling(rate) }]),
    { name: 'autocannon, a hook', run: () => runAutocannon(url, CONNECTIONS, LENGTH, WARM_UP_SECONDS) },
    ...there.map((name) => ({ name, run: run[name] })),
  ];
  const rows = compare(clients, 'autocannon, a hook');
  const caption = `The peers have ${CONNECTIONS} connections or workers. Our rate is the highest at which at least ${KEPT.share * 100} % of the requests were answered and lag p99 was at most ${KEPT.lagMs} ms (in the last turn: ${fixed(lagMs)} ms). ${COUNTED}`;
  return `${table('Ceiling', columns('autocannon'), rows)}\n${note}${caption}\n`;
};

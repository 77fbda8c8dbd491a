import { isBackfilled } from '../alerts/backfilled.ts';
import { type CounterSeries, countingOf, type Increment, type Reset, type Scrape } from './counter.ts';
import type { Span } from '../plan/phases.ts';

/** The counters of a service over some time, as they were scraped. */
export interface RawCounters {
  /** The time that was asked about, epoch milliseconds. */
  readonly span: Span;
  readonly requests: readonly CounterSeries[];
  readonly errors: readonly CounterSeries[];
  /** When each target was scraped: the samples of its process_start_time_seconds, or of `up`. */
  readonly scrapes: readonly CounterSeries[];
  /** True when series of a history that was made up were left out. */
  readonly leftOutBackfilled?: true;
}

/** Reads raw samples from a monitoring system: the samples of every series that a selector selects, (from, to]. */
export interface SampleSource {
  samples(selector: string, span: Span): Promise<readonly CounterSeries[]>;
}

export interface ManyCounted {
  readonly increments: readonly Increment[];
  /** Those of one target at one time are one. */
  readonly resets: readonly Reset[];
  /** How many series were first seen long after the beginning, when they had counted already. */
  readonly late: number;
}

export interface CountedCounters {
  readonly requests: ManyCounted;
  readonly errors: ManyCounted;
  /** Of all series together. */
  readonly resets: readonly Reset[];
  /** The times of all scrapes, epoch milliseconds, sorted. */
  readonly scraped: Float64Array;
}

/** The labels by which Prometheus knows a target. */
const targetOf = ({ job = '', instance = '' }: CounterSeries['labels']): string => `${job}\n${instance}`;

/** Counts every series from its raw samples. See `countingOf`. */
export function countAll({ span, requests, errors, scrapes }: RawCounters): CountedCounters {
  const byTarget = new Map<string, readonly Scrape[]>(
    scrapes.map(({ labels, samples }) => [
      targetOf(labels),
      samples.map(({ t, value }) => ({ t, life: labels['__name__'] === LIVES ? value * 1_000 : undefined })),
    ]),
  );
  const many = (series: readonly CounterSeries[]): ManyCounted & { readonly ofTargets: readonly OfTarget[] } => {
    const counted = series.map(({ labels, samples }) =>
      countingOf(samples, { scrapes: byTarget.get(targetOf(labels)) ?? [], since: span.started }),
    );
    const ofTargets = counted.flatMap(({ resets }, i) =>
      resets.map((reset): OfTarget => [targetOf(series[i]?.labels ?? {}), reset]),
    );
    return {
      ofTargets,
      increments: counted.flatMap(({ increments }) => increments).sort((a, b) => a.to - b.to),
      resets: distinct(ofTargets),
      late: counted.filter(({ late }) => late).length,
    };
  };
  const times = new Set([...scrapes, ...requests].flatMap(({ samples }) => samples.map(({ t }) => t)));
  const [all, bad] = [many(requests), many(errors)];
  return {
    requests: all,
    errors: bad,
    resets: distinct([...all.ofTargets, ...bad.ofTargets]),
    scraped: Float64Array.from(times).sort(),
  };
}

type OfTarget = readonly [target: string, reset: Reset];

/** The series of one process begin again together: one reset. */
const distinct = (resets: readonly OfTarget[]): Reset[] => [
  ...new Map(resets.map(([target, reset]) => [`${target} ${reset.from} ${reset.to}`, reset])).values(),
];

/** The metric that says when a target's process started, in seconds. Client libraries export it by themselves. */
export const LIVES = 'process_start_time_seconds';

/** A question may be about so much time, milliseconds: Prometheus answers with every sample in it. */
const PART_MS = 6 * 3_600_000;

interface Selectors {
  readonly requests: string;
  readonly errors: string;
}

/**
 * Reads the raw samples of a service's counters, in parts of six hours. Leaves out a history that was made up for alert
 * rules: nobody sent those requests.
 */
export async function readCounters(source: SampleSource, selectors: Selectors, span: Span): Promise<RawCounters> {
  let leftOut = false;
  const all = async (selector: string): Promise<readonly CounterSeries[]> => {
    const found = await inParts(source, selector, span);
    const measured = found.filter(({ labels }) => !isBackfilled(labels));
    leftOut ||= measured.length < found.length;
    return measured;
  };
  const requests = await all(selectors.requests);
  const errors = await all(selectors.errors);
  const jobs = [...new Set([...requests, ...errors].flatMap(({ labels }) => labels['job'] ?? []))];
  const inJobs = jobs.length === 0 ? '' : `{job=~"${jobs.map(quoted).join('|')}"}`;
  const [lives, ups] = jobs.length === 0 ? [[], []] : [await all(`${LIVES}${inJobs}`), await all(`up${inJobs}`)];
  const told = new Set(lives.map(({ labels }) => targetOf(labels)));
  // A target that is down has samples of `up` too, with 0: nothing of it was scraped then.
  const others = ups
    .filter(({ labels }) => !told.has(targetOf(labels)))
    .map(({ labels, samples }) => ({ labels, samples: samples.filter(({ value }) => value === 1) }));
  const scrapes = [...lives, ...others];
  return { span, requests, errors, scrapes, ...(leftOut ? { leftOutBackfilled: true } : {}) };
}

/** A label as a regular expression within a quoted text. */
const quoted = (label: string): string =>
  label.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\\$&`).replaceAll('"', String.raw`\"`);

async function inParts(source: SampleSource, selector: string, { started, ended }: Span): Promise<CounterSeries[]> {
  const joined = new Map<string, { labels: CounterSeries['labels']; samples: Map<number, number> }>();
  for (let from = started; from < ended; from += PART_MS) {
    const part = await source.samples(selector, { started: from, ended: Math.min(from + PART_MS, ended) });
    for (const { labels, samples } of part) {
      const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
      const one = joined.get(key) ?? { labels, samples: new Map<number, number>() };
      for (const { t, value } of samples) one.samples.set(t, value);
      joined.set(key, one);
    }
  }
  return [...joined.values()].map(({ labels, samples }) => ({
    labels,
    samples: [...samples].map(([t, value]) => ({ t, value })).sort((a, b) => a.t - b.t),
  }));
}

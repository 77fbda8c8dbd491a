import type { Burn } from './burn.ts';
import { burntShare, type Counted, errorShare, percentOf, sumOf, upShare } from './counted.ts';
import { budgetSeconds, type Objective } from './objective.ts';

/** Counts, and what they mean for an objective. Percentages are null without requests. */
export interface Booked extends Counted {
  /** The share of requests that succeeded. */
  readonly availability_percent: number | null;
  /** The share of the observed time that was not down. */
  readonly uptime_percent: number | null;
  /** The part of a month's error budget that was burnt. */
  readonly burnt_percent: number | null;
}

/** A stretch of time outside every drill in which requests failed. */
export interface Incident extends Booked {
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** The run in which it was seen. Absent when no run saw it. */
  readonly run?: string;
}

export interface SlaDay {
  /** "2026-11-30", UTC. */
  readonly day: string;
  readonly outside: Booked;
  readonly drills: Booked;
}

/** What `chaos sla --json` prints. Keys may be added, and never changed or removed. */
export interface SlaDocument {
  readonly schema_version: 1;
  readonly source: 'runs' | 'prometheus';
  readonly objective_percent: number;
  readonly month_days: number;
  readonly saturday_per_s: number;
  /** ISO 8601. Null when nothing was observed. */
  readonly from: string | null;
  readonly to: string | null;
  /** Which requests are counted, in words. */
  readonly population: string;
  /** Outside drills: what counts for the objective. Null: no request was seen. */
  readonly met: boolean | null;
  readonly outside: Booked;
  readonly drills: Booked;
  readonly budget: {
    /** Seconds of a full outage that a month allows. */
    readonly month_s: number;
    readonly incidents_percent: number | null;
    readonly drills_percent: number | null;
    /** What incidents left of the month's budget: below 0 when more was burnt. */
    readonly left_percent: number | null;
    /** The same when drills are counted too. */
    readonly left_with_drills_percent: number | null;
  };
  readonly days: readonly SlaDay[];
  /** Those that burnt most come first. */
  readonly incidents: readonly Incident[];
  readonly incidents_left_out: number;
  readonly faults: readonly (Burn & { readonly run: string; readonly experiment: string })[];
  /** Only of counters. */
  readonly counters?: CountersSeen;
  /** What a reader must know, a sentence each. */
  readonly notes: readonly string[];
}

/** How well counters could be read. */
interface CountersSeen {
  readonly resets: number;
  /** Series that were first seen long after the beginning: what they had counted before is left out. */
  readonly late_series: number;
  /** Seconds of the time asked about without a scrape. */
  readonly unobserved_s: number;
  /** Counted between two scrapes of which one was in a drill and one was not. They are booked as drill. */
  readonly at_edges: { readonly requests: number; readonly errors: number };
}

/** At most so many incidents are in a document. */
const MOST_INCIDENTS = 50;

const booked = (counted: Counted, objective: Objective): Booked => {
  const { observed_s, requests, errors, down_s } = counted;
  const share = errorShare(counted);
  return {
    observed_s,
    requests,
    errors,
    down_s,
    availability_percent: percentOf(share === undefined ? undefined : 1 - share),
    uptime_percent: percentOf(upShare(counted)),
    burnt_percent: percentOf(burntShare(counted, objective)),
  };
};

/** The counts of one day. */
export interface DayCount {
  readonly day: string;
  readonly outside: Counted;
  readonly drills: Counted;
}

export interface Books {
  readonly source: SlaDocument['source'];
  readonly objective: Objective;
  readonly population: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly days: readonly DayCount[];
  readonly incidents: readonly (Counted & Pick<Incident, 'from' | 'to' | 'run'>)[];
  readonly faults: SlaDocument['faults'];
  readonly counters?: CountersSeen;
  readonly notes: readonly string[];
}

export function slaDocument(books: Books): SlaDocument {
  const { objective, days, incidents, counters, ...rest } = books;
  const { faults, notes, source, population, from, to } = rest;
  const outside = sumOf(days.map((day) => day.outside));
  const drills = sumOf(days.map((day) => day.drills));
  const [burnt, drilled] = [burntShare(outside, objective), burntShare(drills, objective)];
  const share = errorShare(outside);
  const listed = incidents
    .map((one) => ({
      from: one.from,
      to: one.to,
      ...(one.run === undefined ? {} : { run: one.run }),
      ...booked(one, objective),
    }))
    .toSorted((a, b) => (b.burnt_percent ?? 0) - (a.burnt_percent ?? 0));
  return {
    schema_version: 1,
    source,
    objective_percent: percentOf(objective.share) ?? 0,
    month_days: objective.days,
    saturday_per_s: objective.saturdayPerS,
    from,
    to,
    population,
    met: share === undefined ? null : 1 - share >= objective.share,
    outside: booked(outside, objective),
    drills: booked(drills, objective),
    budget: {
      month_s: Number(budgetSeconds(objective).toFixed(3)),
      incidents_percent: percentOf(burnt),
      drills_percent: percentOf(drilled),
      left_percent: percentOf(burnt === undefined ? undefined : 1 - burnt),
      left_with_drills_percent: percentOf(burnt === undefined ? undefined : 1 - burnt - (drilled ?? 0)),
    },
    days: days.map((day) => ({
      day: day.day,
      outside: booked(day.outside, objective),
      drills: booked(day.drills, objective),
    })),
    incidents: listed.slice(0, MOST_INCIDENTS),
    incidents_left_out: Math.max(0, listed.length - MOST_INCIDENTS),
    faults,
    ...(counters === undefined ? {} : { counters }),
    notes,
  };
}

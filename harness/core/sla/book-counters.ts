import { iso } from '../clock.ts';
import type { Span } from '../plan/phases.ts';
import { type Counted, DOWN_SHARE, NOTHING_COUNTED, sumOf } from './counted.ts';
import { countAll, type CountedCounters, type RawCounters } from './counters.ts';
import { type Books, type DayCount, slaDocument, type SlaDocument } from './document.ts';

const SLOT_MS = 60_000;
/** Failures that are so close together are one incident, milliseconds. */
const SAME_INCIDENT_MS = 5 * 60_000;

interface CounterBooks extends Pick<Books, 'objective' | 'faults' | 'population'> {
  readonly raw: RawCounters;
  /** When faults of ours were in force, until the system was healthy again. */
  readonly drills: readonly Span[];
  readonly notes?: readonly string[];
}

/** A minute. */
interface Slot {
  readonly outside: Side;
  readonly drill: Side;
}

interface Side {
  requests: number;
  errors: number;
  seconds: number;
}

/**
 * Books the counters of a monitoring system, in minutes. What was counted between two scrapes is booked as drill when any
 * of this time was in a drill: nobody can tell on which side of the edge it happened.
 */
export function bookCounters({ raw, drills, objective, faults, population, notes = [] }: CounterBooks): SlaDocument {
  const counted = countAll(raw);
  const sorted = drills.toSorted((a, b) => a.started - b.started);
  const slots = slotsOf(counted, sorted, raw.span);
  const edges = { requests: 0, errors: 0 };
  for (const what of ['requests', 'errors'] as const) {
    for (const increment of counted[what].increments) {
      if (increment.to > raw.span.ended) continue;
      const hit = sorted.filter((drill) => drill.started <= increment.to && drill.ended > increment.from);
      const slot = slotAt(slots, increment.to);
      slot[hit.length > 0 ? 'drill' : 'outside'][what] += increment.count;
      const whole = hit.some((drill) => drill.started <= increment.from && drill.ended >= increment.to);
      if (hit.length > 0 && !whole) edges[what] += increment.count;
    }
  }
  const minutes = [...slots].toSorted(([a], [b]) => a - b);
  const observed = minutes.reduce((sum, [, { outside, drill }]) => sum + outside.seconds + drill.seconds, 0);
  return slaDocument({
    source: 'prometheus',
    objective,
    population,
    from: iso(raw.span.started),
    to: iso(raw.span.ended),
    days: daysOf(minutes),
    incidents: incidentsOf(minutes),
    faults,
    counters: {
      resets: counted.resets.length,
      late_series: counted.requests.late + counted.errors.late,
      unobserved_s: Math.max(0, Math.round((raw.span.ended - raw.span.started) / 1_000 - observed)),
      at_edges: edges,
    },
    notes,
  });
}

const emptySlot = (): Slot => ({
  outside: { requests: 0, errors: 0, seconds: 0 },
  drill: { requests: 0, errors: 0, seconds: 0 },
});

/** A scrape shows what was counted before it: at the full minute it belongs to the minute that has ended. */
const placeOf = (t: number): number => Math.ceil(t / SLOT_MS) - 1;

function slotAt(slots: Map<number, Slot>, t: number): Slot {
  const place = placeOf(t);
  const slot = slots.get(place) ?? emptySlot();
  slots.set(place, slot);
  return slot;
}

/** Returns the minutes in which something was scraped, with how many seconds of each were in a drill. */
function slotsOf({ scraped }: CountedCounters, drills: readonly Span[], asked: Span): Map<number, Slot> {
  const slots = new Map<number, Slot>();
  for (const t of scraped) {
    const place = placeOf(t);
    if (t > asked.ended || slots.has(place)) continue;
    const slot = slotAt(slots, t);
    const from = Math.max(asked.started, place * SLOT_MS);
    const to = Math.min(asked.ended, (place + 1) * SLOT_MS);
    slot.drill.seconds = covered(drills, from, to) / 1_000;
    slot.outside.seconds = (to - from) / 1_000 - slot.drill.seconds;
  }
  return slots;
}

/** Returns how many milliseconds of a stretch are in a drill. Drills may overlap; they are sorted. */
function covered(drills: readonly Span[], from: number, to: number): number {
  let sum = 0;
  let until = from;
  for (const { started, ended } of drills) {
    const begins = Math.max(started, until);
    const ends = Math.min(ended, to);
    if (ends <= begins) continue;
    sum += ends - begins;
    until = ends;
  }
  return sum;
}

const countOf = ({ requests, errors, seconds }: Side): Counted => ({
  observed_s: seconds,
  requests,
  errors,
  down_s: requests > 0 && errors >= requests * DOWN_SHARE ? seconds : 0,
});

type Minutes = readonly (readonly [number, Slot])[];

const daysOf = (minutes: Minutes): DayCount[] =>
  [...Map.groupBy(minutes, ([place]) => iso(place * SLOT_MS).slice(0, 10))].map(([day, those]) => ({
    day,
    outside: sumOf(those.map(([, slot]) => countOf(slot.outside))),
    drills: sumOf(those.map(([, slot]) => countOf(slot.drill))),
  }));

function incidentsOf(minutes: Minutes): Books['incidents'] {
  const found: { from: number; to: number; counted: Counted }[] = [];
  for (const [place, { outside }] of minutes) {
    if (outside.errors === 0) continue;
    const [from, to] = [place * SLOT_MS, (place + 1) * SLOT_MS];
    const last = found.at(-1);
    if (last === undefined || from - last.to > SAME_INCIDENT_MS)
      found.push({ from, to, counted: sumOf([NOTHING_COUNTED, countOf(outside)]) });
    else {
      last.to = to;
      last.counted = sumOf([last.counted, countOf(outside)]);
    }
  }
  return found.map(({ from, to, counted }) => ({ from: iso(from), to: iso(to), ...counted }));
}

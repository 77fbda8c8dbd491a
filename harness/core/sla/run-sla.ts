import { shareBounds } from '../bounds/share.ts';
import { iso } from '../clock.ts';
import { OUTCOMES } from '../load/load.ts';
import type { Span } from '../plan/phases.ts';
import type { History } from '../record/history.ts';
import { openRows } from '../record/traffic.ts';
import { type Counted, NOTHING_COUNTED, sumOf } from './counted.ts';
import { drillOf, judgedSpan, timeOf } from './drill.ts';
import { Tally } from './tally.ts';

const OK = OUTCOMES.indexOf('ok');
const DROPPED = OUTCOMES.indexOf('dropped');

/** What a run counts for its SLA. Only counts: what they mean for an objective is computed where they are shown. */
export interface RunSla {
  /** Which requests are counted, in words. */
  readonly population: string;
  /** Beside the drill. An error there is an incident. */
  readonly outside: Counted;
  /** Under a fault of ours, until the system was healthy again. */
  readonly drill: Counted;
  /** ISO 8601. Null when no fault was injected. */
  readonly drill_from: string | null;
  readonly drill_to: string | null;
  readonly faults: readonly FaultCount[];
}

/** The requests in the time of one fault. */
export interface FaultCount extends Counted {
  /** "kill-1" */
  readonly id: string;
  /** "kill" */
  readonly fault: string;
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** Faults that were in force in the same time. Their errors cannot be told apart. */
  readonly together_with: readonly string[];
  /** The upper 95 % bound of the share of errors, 0 to 1. Null without requests. */
  readonly error_share_at_most: number | null;
}

export const POPULATION =
  'all requests of the open stream, from the baseline to the end of the recovery; those that the generator dropped are left out';

/**
 * Counts the requests of a run, those under its faults apart. A request belongs to the time in which it was planned. One
 * that was planned before the first fault, and failed after it had begun, belongs to the drill. Undefined when the run did
 * not reach its baseline.
 */
export function slaOf(history: History): RunSla | undefined {
  const span = judgedSpan(history);
  if (span === undefined) return undefined;
  const { requests } = history;
  // Positions, and no objects: a record may have a million requests.
  const asked = openRows(requests, span).filter((i) => requests.outcome[i] !== DROPPED);
  const planned = (i: number): number => requests.planned[i] ?? NaN;
  const failed = (i: number): boolean => requests.outcome[i] !== OK;
  const countIn = ({ started, ended }: Span, rows: Uint32Array): Counted => {
    const tally = new Tally(started, ended);
    for (const i of rows) tally.add(planned(i), failed(i));
    return tally.counted;
  };
  const drill = drillOf(history, span);
  if (drill === undefined) {
    const outside = countIn(span, asked);
    return { population: POPULATION, outside, drill: NOTHING_COUNTED, drill_from: null, drill_to: null, faults: [] };
  }
  const isIn = ({ started, ended }: Span, i: number): boolean => planned(i) >= started && planned(i) < ended;
  const hit = (i: number): boolean =>
    planned(i) < drill.started && failed(i) && (requests.done[i] ?? NaN) >= drill.started;
  const under = asked.filter((i) => hit(i) || isIn(drill, i));
  const before = asked.filter((i) => planned(i) < drill.started && !hit(i));
  const after = asked.filter((i) => planned(i) >= drill.ended);
  const times = history.faults.map((fault) => timeOf(fault, history.faults, drill));
  return {
    population: POPULATION,
    outside: sumOf([
      countIn({ started: span.started, ended: drill.started }, before),
      countIn({ started: drill.ended, ended: span.ended }, after),
    ]),
    drill: countIn(drill, under),
    drill_from: iso(drill.started),
    drill_to: iso(drill.ended),
    faults: history.faults.map((fault, n): FaultCount => {
      const time = times[n] ?? drill;
      const mine = under.filter((i) => isIn(time, i) || (time.started === drill.started && hit(i)));
      const flags = Uint8Array.from(mine, (i) => (failed(i) ? 1 : 0));
      return {
        id: fault.id,
        fault: fault.fault,
        from: iso(time.started),
        to: iso(time.ended),
        together_with: history.faults.filter((other, m) => m !== n && meet(times[m], time)).map(({ id }) => id),
        ...countIn(time, mine),
        error_share_at_most: mine.length === 0 ? null : shareBounds(flags).upper,
      };
    }),
  };
}

const meet = (one: Span | undefined, other: Span): boolean =>
  one !== undefined && one.started < other.ended && other.started < one.ended;

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

/** A request of the open stream. */
interface Asked {
  readonly planned: number;
  readonly done: number;
  readonly failed: boolean;
}

/**
 * Counts the requests of a run, those under its faults apart. A request belongs to the time in which it was planned. One
 * that was planned before the first fault, and failed after it had begun, belongs to the drill. Undefined when the run did
 * not reach its baseline.
 */
export function slaOf(history: History): RunSla | undefined {
  const span = judgedSpan(history);
  if (span === undefined) return undefined;
  const asked = askedWithin(history, span);
  const drill = drillOf(history, span);
  if (drill === undefined) {
    const outside = countIn(span, asked);
    return { population: POPULATION, outside, drill: NOTHING_COUNTED, drill_from: null, drill_to: null, faults: [] };
  }
  const hit = (one: Asked): boolean => one.planned < drill.started && one.failed && one.done >= drill.started;
  const under = asked.filter((one) => hit(one) || isIn(drill, one));
  const before = asked.filter((one) => one.planned < drill.started && !hit(one));
  const after = asked.filter((one) => one.planned >= drill.ended);
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
    faults: history.faults.map((fault, i): FaultCount => {
      const time = times[i] ?? drill;
      const mine = under.filter((one) => isIn(time, one) || (time.started === drill.started && hit(one)));
      const flags = Uint8Array.from(mine, ({ failed }) => (failed ? 1 : 0));
      return {
        id: fault.id,
        fault: fault.fault,
        from: iso(time.started),
        to: iso(time.ended),
        together_with: history.faults.filter((other, n) => n !== i && meet(times[n], time)).map(({ id }) => id),
        ...countIn(time, mine),
        error_share_at_most: mine.length === 0 ? null : shareBounds(flags).upper,
      };
    }),
  };
}

const isIn = ({ started, ended }: Span, { planned }: Asked): boolean => planned >= started && planned < ended;

const meet = (one: Span | undefined, other: Span): boolean =>
  one !== undefined && one.started < other.ended && other.started < one.ended;

function askedWithin({ requests }: History, span: Span): Asked[] {
  return [...openRows(requests, span)].flatMap((i) => {
    const outcome = requests.outcome[i] ?? DROPPED;
    if (outcome === DROPPED) return [];
    return { planned: requests.planned[i] ?? NaN, done: requests.done[i] ?? NaN, failed: outcome !== OK };
  });
}

function countIn({ started, ended }: Span, asked: readonly Asked[]): Counted {
  const tally = new Tally(started, ended);
  for (const { planned, failed } of asked) tally.add(planned, failed);
  return tally.counted;
}

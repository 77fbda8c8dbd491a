import type { FaultRecord } from '../../harness/core/kinds/fault.ts';
import { median } from '../../harness/core/stats.ts';
import { type NumberTrace, type OutcomeTrace, type StateTrace, type Trace, tracesOf } from './traces.ts';

/** When a fault was first seen, and when it was first no longer seen. */
export interface Bite {
  /** The trace that showed the fault first. */
  readonly seenBy: string;
  /** Milliseconds from the decision to the first reading that shows the fault. */
  readonly toEffect: number;
  /**
   * Milliseconds from the beginning of the undo until no trace that showed the fault shows it any more; undefined while
   * one still does.
   */
  readonly toHealed: number | undefined;
  /** Milliseconds between two readings before the fault. Both times may be too long by this much. */
  readonly everyMs: number;
}

/** How many readings of a number in a row must agree: a single one may be chance. */
const IN_A_ROW = 2;
/** At least this many readings before the fault are needed to know what is usual. */
const LEAST_BEFORE = 4;
/** This share of the readings before the fault may lie outside the usual range, at each end. */
const OUTLIERS = 0.02;
/** At least this share of the readings while the fault is in force must be outside the usual range. */
const LEAST_SHARE = 0.5;

/** A reading: whether it shows the fault, and whether it shows a sound system. */
interface Marked {
  readonly t: number;
  readonly by: number;
  readonly shows: boolean;
  readonly sound: boolean;
}

/**
 * Finds the moments of a fault in all readings of its observers and of its targets' states. A reading that differs from
 * all readings before the decision shows the fault. Returns undefined when no reading differs. Only the fault's `prove`
 * decides whether the fault bit at all.
 */
export function biteOf(record: FaultRecord): Bite | undefined {
  const bites = tracesOf(record).flatMap((trace) => biteIn(trace, record) ?? []);
  const first = bites.toSorted((a, b) => a.toEffect - b.toEffect)[0];
  if (first === undefined) return undefined;
  const last = Math.max(...bites.map(({ toHealed = Infinity }) => toHealed));
  return { ...first, toHealed: Number.isFinite(last) ? last : undefined };
}

function biteIn(trace: Trace, record: FaultRecord): Bite | undefined {
  const { injecting, healing = Infinity } = record;
  const { looks, inARow } = marked(trace, record);
  const begin = looks.findIndex(({ t }) => t >= injecting);
  const end = looks.findIndex(({ t }) => t >= healing);
  const first = begin < 0 ? undefined : firstRun(looks.slice(begin, end < 0 ? undefined : end), inARow, 'shows');
  if (first === undefined) return undefined;
  const again = end < 0 ? undefined : firstRun(looks.slice(end), inARow, 'sound');
  return {
    seenBy: trace.name,
    toEffect: first.by - injecting,
    toHealed: again === undefined ? undefined : again.t - healing,
    everyMs: everyMs(looks.filter(({ t }) => t < injecting)),
  };
}

const firstRun = (looks: readonly Marked[], inARow: number, is: 'shows' | 'sound'): Marked | undefined =>
  looks.find((_, i) => i + inARow <= looks.length && looks.slice(i, i + inARow).every((look) => look[is]));

const everyMs = (before: readonly Marked[]): number =>
  median(before.slice(1).map(({ t }, i) => t - (before[i]?.t ?? t))) ?? NaN;

/** A trace, reading by reading, and how many readings in a row must agree. */
interface Judged {
  readonly looks: readonly Marked[];
  readonly inARow: number;
}

function marked(trace: Trace, record: FaultRecord): Judged {
  if (trace.kind === 'number') return ofNumbers(trace, record);
  return { looks: trace.kind === 'outcome' ? ofOutcomes(trace, record) : ofStates(trace, record), inARow: 1 };
}

function ofOutcomes({ looks }: OutcomeTrace, { injecting }: FaultRecord): Marked[] {
  const usual = new Set(looks.filter(({ t }) => t < injecting).map(({ value }) => value));
  return looks.map(({ t, by, value }) => {
    const sound = usual.has(value);
    return { t, by, shows: usual.size > 0 && !sound, sound };
  });
}

function ofStates({ looks }: StateTrace, { injecting }: FaultRecord): Marked[] {
  const last = looks.findLast(({ t }) => t < injecting)?.value;
  return looks.map(({ t, by, value }) => {
    const sound = value.state === last?.state;
    return { t, by, shows: last !== undefined && !(sound && value.identity === last.identity), sound };
  });
}

/**
 * A number shows the fault when it is above or below nearly all usual numbers. At least half of the numbers in force
 * must be on that side, and their median must be away by more than the usual spread, because round trips drift. When
 * the number was always the same before, a single different reading is enough.
 */
function ofNumbers({ looks }: NumberTrace, { injecting, healing = Infinity }: FaultRecord): Judged {
  const usual = valuesOf(looks.filter(({ t }) => t < injecting)).toSorted((a, b) => a - b);
  const during = valuesOf(looks.filter(({ t }) => t >= injecting && t < healing));
  const left = Math.floor(usual.length * OUTLIERS);
  const low = usual[left];
  const high = usual[usual.length - 1 - left];
  if (low === undefined || high === undefined || usual.length < LEAST_BEFORE) return { looks: [], inARow: 1 };
  const constant = usual[0] === usual.at(-1);
  const least = constant ? 1 : during.length * LEAST_SHARE;
  const now = median(during) ?? NaN;
  const apart = constant || Math.max(now - high, low - now) >= high - low;
  const mostly = (is: (value: number) => boolean): boolean => apart && during.filter(is).length >= least;
  const above = (value: number): boolean => value > high;
  const below = (value: number): boolean => value < low;
  const side = [above, below].find(mostly);
  if (side === undefined) return { looks: [], inARow: 1 };
  const all = looks.map(({ t, by, value }) => ({ t, by, shows: side(value), sound: !side(value) }));
  return { looks: all, inARow: constant ? 1 : IN_A_ROW };
}

const valuesOf = (looks: NumberTrace['looks']): number[] => looks.map(({ value }) => value);

import type { FaultRecord } from '../../harness/core/fault.ts';
import { median } from '../../harness/core/evidence/evidence.ts';
import { type NumberTrace, type OutcomeTrace, type StateTrace, type Trace, tracesOf } from './traces.ts';

/** When a fault was first seen, and first no longer. */
export interface Bite {
  /** Who or what showed it first. */
  readonly seenBy: string;
  /** Milliseconds from the decision to the first look that shows it. */
  readonly toEffect: number;
  /** From the beginning of the undo to when all that showed it show it no more; undefined as long as one of them still does. */
  readonly toHealed: number | undefined;
  /** From one look to the next before the fault, milliseconds: both times are known no better than that. */
  readonly everyMs: number;
}

/** Looks of a number in a row that have to be alike: one may be by chance. */
const IN_A_ROW = 2;
/** Of fewer looks before nobody knows what is usual. */
const LEAST_BEFORE = 4;
/** Of what was seen before, so much may lie beyond what is usual. */
const OUTLIERS = 0.02;
/** Of the looks in force that must be unlike what was usual. */
const LEAST_SHARE = 0.5;

/** A look, and whether it shows the fault, or that it is gone. */
interface Marked {
  readonly t: number;
  readonly by: number;
  readonly shows: boolean;
  readonly sound: boolean;
}

/**
 * The moments of a fault from all that its own observers and the states of its targets told: whatever is unlike anything
 * before the decision shows it. Undefined when nothing was. Whether it bit at all is not asked here, but of its `prove`.
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

/** A trace, look by look, and how many in a row have to be alike. */
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
 * Beyond nearly all that was usual, on the side where most of what was seen in force lies, and by more than the usual
 * spread: round trips drift. Of a number that was always the
 * same before, one other look tells.
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

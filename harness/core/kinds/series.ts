import type { ZodType } from 'zod';
import type { NamedSeries } from '../plan/plan.ts';
import type { RunEvent } from '../record/events.ts';
import type { Capability } from '../topology/capability.ts';
import type { TopologySpec } from '../topology/spec.ts';
import type { Unit } from '../units.ts';
import type { Needs } from './probe.ts';
import type { Named } from './stop-rule.ts';

/** The labels of one line of a series. No other line has the same: { container: 'chaos-app-2' }. */
export type Labels = Readonly<Record<string, string>>;

/** The value of a figure at one moment. */
export interface Reading {
  /** Absent when the series has one line. */
  readonly labels?: Labels;
  readonly value: number;
}

/** What the key `of` selects. */
export interface Selection {
  readonly schema: ZodType<string>;
  /** Returns the names that must exist in the topology. Validation checks them. */
  refers?(of: string): Named;
}

/** A figure over time. One file under harness/series/. Pure over the events of a record. */
export interface Series {
  /** The name in an experiment file. It is the name of the series' file. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly unit: Unit;
  /** Returns the series in a unit. Present when the figure may have any: then a limit says which, by how it is written. */
  readonly in?: (unit: Unit) => Series;
  /** Milliseconds from one reading of a line to the next. */
  readonly everyMs: number;
  /** True: a reading is the state at its moment. Without it a reading covers the `everyMs` before its moment. */
  readonly momentary?: true;
  /** What `of` selects. Absent when nothing can be selected. */
  readonly of?: Selection;
  /** What the topology must have so that there are readings. */
  readonly requires?: readonly Capability[];
  /** A limit as an experiment file has it: `of`, and one of `above` and `below`. */
  readonly example: {
    readonly of?: string;
    readonly above?: string | number;
    readonly below?: string | number;
  };
  /** Returns what a run must measure so that there are readings, beside what every run measures. */
  needs?(of: string | undefined, spec: TopologySpec): Needs;
  /**
   * Returns a function that receives the events of one run in order and returns the readings of each event. It never
   * sees a later event. Without `of` it reads every line.
   */
  read(of: string | undefined, spec: TopologySpec): (event: RunEvent) => readonly Reading[];
}

export const defineSeries = (series: Series): Series => series;

/** Returns the milliseconds that a reading covers before its moment. */
export const spanMs = ({ everyMs, momentary }: Series): number => (momentary === true ? 0 : everyMs);

/** Returns the name of a line of a series, "" for the only line. */
export const lineOf = ({ labels = {} }: Pick<Reading, 'labels'>): string => Object.values(labels).join(', ');

/** Returns a series for people: "cpu of app". */
export const describeSeries = ({ name, of }: NamedSeries): string => (of === undefined ? name : `${name} of ${of}`);

/** Returns the names in `of` that must exist in the topology. */
export const refersOf = ({ of: selection }: Pick<Series, 'of'>, of: string | undefined): Named =>
  of === undefined ? {} : (selection?.refers?.(of) ?? {});

/** Returns the series that is named, in the unit that is named. Undefined when there is none of this name. */
export function seriesNamed(all: readonly Series[], { name, unit }: NamedSeries): Series | undefined {
  const found = all.find((one) => one.name === name);
  return unit === undefined ? found : (found?.in?.(unit) ?? found);
}

/**
 * Returns a function that gives the series of a name. It throws a RangeError when there is none. A plan cannot name a
 * series that is not there, but a record of another version can.
 */
export const namedIn =
  (all: readonly Series[]) =>
  (named: NamedSeries): Series => {
    const found = seriesNamed(all, named);
    if (found === undefined) throw new RangeError(`this version has no series "${named.name}"`);
    return found;
  };

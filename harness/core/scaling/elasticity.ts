/** A number of instances from a moment on, until the next. */
export interface Level {
  /** Milliseconds, on any scale. */
  readonly t: number;
  readonly instances: number;
}

/** How far what was there (supply) was from what the load needed (demand), over some time. */
export interface Elasticity {
  /** Instances that were missing, and instances too many, each as the mean over the whole time. */
  readonly accuracy: { readonly under: number; readonly over: number };
  /** The share of time in which some were missing, and in which some were too many; 0 to 1. */
  readonly timeshare: { readonly under: number; readonly over: number };
  /** Changes of supply less changes of demand, a minute. Above 0: the supply changes more often than it need. */
  readonly jitter: number;
  /** The share of time in which supply and demand move in different directions; 0 to 1. */
  readonly instability: number;
}

/** One stretch of time in which neither curve changes. */
interface Stretch {
  readonly ms: number;
  readonly supply: number;
  readonly demand: number;
  /** -1, 0 or 1: how each curve's next level is to its level now. */
  readonly supplyGoes: number;
  readonly demandGoes: number;
}

/**
 * Computes the elasticity metrics of SPEC RG (SPEC-RG-2016-01, arXiv 1604.03470, section 4) from `from` to `until`.
 *
 * The formulas are integrals over both curves. For instability the paper takes the sign of each curve's slope. Counts of
 * instances jump and have none. So each curve counts as moving, from one level to the next, in the direction of the next
 * level, as the authors' own program (BUNGEE) does. After its last change a curve stands still. Throws RangeError when
 * a curve is empty or begins after `from`, or when no time passes.
 */
export function elasticityOf(
  supply: readonly Level[],
  demand: readonly Level[],
  from: number,
  until: number,
): Elasticity {
  const ms = until - from;
  if (!(ms > 0)) throw new RangeError('elasticity needs a time to look at');
  for (const curve of [supply, demand])
    if ((curve[0]?.t ?? Infinity) > from) throw new RangeError('a curve must begin before the time that is looked at');
  const [has, needs] = [changesOf(supply), changesOf(demand)];
  const stretches = stretchesOf(has, needs, from, until);
  const mean = (of: (stretch: Stretch) => number): number =>
    stretches.reduce((sum, stretch) => sum + of(stretch) * stretch.ms, 0) / ms;
  const minutes = ms / 60_000;
  const changes = (curve: readonly Level[]): number => curve.filter(({ t }) => t > from && t < until).length;
  return {
    accuracy: {
      under: mean(({ supply: s, demand: d }) => Math.max(0, d - s)),
      over: mean(({ supply: s, demand: d }) => Math.max(0, s - d)),
    },
    timeshare: {
      under: mean(({ supply: s, demand: d }) => (d > s ? 1 : 0)),
      over: mean(({ supply: s, demand: d }) => (s > d ? 1 : 0)),
    },
    jitter: (changes(has) - changes(needs)) / minutes,
    instability: mean(({ supplyGoes, demandGoes }) => (supplyGoes === demandGoes ? 0 : 1)),
  };
}

/** Leaves out levels that are no change. Of several levels at one moment the last counts. */
function changesOf(curve: readonly Level[]): readonly Level[] {
  const last = curve.filter(({ t }, i) => curve[i + 1]?.t !== t);
  return last.filter(({ instances }, i) => last[i - 1]?.instances !== instances);
}

function stretchesOf(
  supply: readonly Level[],
  demand: readonly Level[],
  from: number,
  until: number,
): readonly Stretch[] {
  const inside = [...supply, ...demand].map(({ t }) => t).filter((t) => t > from && t < until);
  const moments = [from, ...new Set(inside.toSorted((a, b) => a - b)), until];
  return moments.slice(0, -1).map((t, i) => {
    const [has, needs] = [at(supply, t, until), at(demand, t, until)];
    return {
      ms: (moments[i + 1] ?? until) - t,
      supply: has.instances,
      demand: needs.instances,
      supplyGoes: has.goes,
      demandGoes: needs.goes,
    };
  });
}

/** Returns the level of a curve at a moment, and in which direction its next level before `until` lies. */
function at(curve: readonly Level[], t: number, until: number): { readonly instances: number; readonly goes: number } {
  const index = curve.findLastIndex((level) => level.t <= t);
  const instances = curve[index]?.instances ?? NaN;
  const next = curve[index + 1];
  const goes = next === undefined || next.t >= until ? 0 : Math.sign(next.instances - instances);
  return { instances, goes };
}

import type { Plan } from '../plan/plan.ts';
import { type Cell, GAPS, isGap } from './cell.ts';
import { keyOf } from './coverage.ts';

/** An experiment that would fill one gap or more. */
export interface Job {
  /** The name of the experiment. */
  readonly experiment: string;
  /** Its file. Null when no file has it yet: then it can be generated. */
  readonly file: string | null;
  /** How long a run takes, minutes. */
  readonly minutes: number;
  /** The gaps that a PASS fills. */
  readonly cells: readonly Cell[];
}

/** An experiment that exists. */
export interface Existing {
  readonly name: string;
  readonly file: string;
  readonly minutes: number;
  /** The keys of the cells that it tries. */
  readonly tries: readonly string[];
}

/**
 * What a run takes beside its phases, with the topology up: start, healing, audits and reports, milliseconds.
 * docs/evidence.md has the measured figures: 6 to 8 s for the command, and some seconds for healing.
 */
const BESIDE_MS = 30_000;

/** Returns how long a run of a plan takes, minutes. Healing counts with `BESIDE_MS`, and not with its deadline. */
export const minutesOf = ({ phases }: Pick<Plan, 'phases'>): number =>
  (phases.warmup + phases.baseline + phases.fault + phases.recovery + BESIDE_MS) / 60_000;

/** "cpu-burn-primary-of-postgres": the name of the experiment that is generated for a cell. */
export const generatedName = ({ failure, component }: Pick<Cell, 'failure' | 'component'>): string =>
  `${failure}-${component}`.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase();

/**
 * Returns the experiments that would fill all gaps. A gap is filled by the experiment whose proof is stale, else by an
 * experiment that tries nothing else, else by a generated experiment, which takes `generatedMinutes`. An experiment
 * that tries several failures proves each when it passes, and nothing when it fails.
 */
export function jobsFor(
  cells: readonly Cell[],
  existing: readonly Existing[],
  generatedMinutes: number | undefined,
): readonly Job[] {
  const found = cells.filter(isGap).flatMap((cell): { readonly key: string; readonly job: Job }[] => {
    const key = keyOf(cell.failure, cell.component);
    const able = existing.filter(({ tries }) => tries.includes(key));
    const one = able.find(({ name }) => name === cell.experiment) ?? able.find(({ tries }) => tries.length === 1);
    if (one !== undefined) {
      const { name, file, minutes } = one;
      return [{ key: file, job: { experiment: name, file, minutes, cells: [cell] } }];
    }
    if (generatedMinutes === undefined) return [];
    const experiment = generatedName(cell);
    return [{ key: experiment, job: { experiment, file: null, minutes: generatedMinutes, cells: [cell] } }];
  });
  return [...Map.groupBy(found, ({ key }) => key).values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first.job, cells: [first, ...others].flatMap(({ job }) => job.cells) }],
  );
}

/** The place of a job's most valuable gap: never proven, then stale, then unclear. */
export const rankOf = ({ cells }: Job): number =>
  Math.min(...cells.map(({ state }) => (GAPS as readonly string[]).indexOf(state)));

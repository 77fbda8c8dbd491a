import { type Cell, CELL_STATES, type CellState } from '../../core/coverage/cell.ts';
import { cellsOf, coverageOf } from '../../core/coverage/coverage.ts';
import type { CoveredRun } from '../../core/coverage/covered-run.ts';
import { type Existing, type Job, jobsFor, minutesOf } from '../../core/coverage/jobs.ts';
import type { Now } from '../../core/coverage/judge-cell.ts';
import type { Survey } from '../../core/coverage/survey.ts';
import { choose, RULE } from '../../core/coverage/tonight.ts';
import { fingerprintOf } from '../../core/freshness/fingerprint.ts';
import type { Known } from '../../core/kinds/known.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { faultsOf } from '../../core/plan/steps.ts';
import { type Redact, redactDeep } from '../../core/text/redact.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';

/** Image ids by service, as they are now, by the key of the topology. Undefined when no engine answered. */
export type ImagesOf = ReadonlyMap<string, Readonly<Record<string, string>> | undefined>;

/** The same compose files, merged in the same order, have the same key. */
export const topologyKey = ({ files }: Pick<TopologySpec, 'files'>): string => files.join('\n');

export interface SurveyOptions {
  readonly spec: TopologySpec;
  readonly known: Pick<Known, 'faults' | 'steps'>;
  readonly runs: readonly CoveredRun[];
  /** The plans of the experiments that may fill a gap. Those on other topologies are left out. */
  readonly experiments: readonly Plan[];
  /** The plan of the experiment that generated ones are made after. Undefined when there is none. */
  readonly model: Plan | undefined;
  readonly images: ImagesOf;
  /** Masks what records mask. */
  readonly redact: Redact;
  /** Minutes for `planned`. Undefined: nothing is planned. */
  readonly minutes: number | undefined;
  /** Experiments that are run anyway, as absolute paths: no time is planned for them. */
  readonly anyway?: ReadonlySet<string> | undefined;
  /** Reads an experiment file with values of --set. Undefined when it is gone or has mistakes. */
  readonly read: (file: string, overrides: readonly string[]) => Plan | undefined;
}

/** Compares every recorded run with what is there now, and says which experiments would fill the gaps. */
export function survey(options: SurveyOptions): Survey {
  const { spec, known, runs, minutes, anyway } = options;
  const experiments = options.experiments.filter(({ topology }) => topology.project === spec.project);
  const cells = coverageOf({ spec, known, runs, nowOf: nowBy(options, experiments) });
  const took = new Map(
    runs.toSorted((a, b) => (a.when < b.when ? -1 : 1)).map((run) => [takenKey(run.experiment, run.overrides), run]),
  );
  const existing = experiments.map((plan): Existing => {
    const { name, file, overrides } = plan;
    const last = took.get(takenKey(name, overrides));
    const long = last?.verdict === 'PASS' || last?.verdict === 'FAIL' ? last.seconds / 60 : minutesOf(plan);
    return { name, file, minutes: long, tries: cellsOf(faultsOf(plan.faults), spec, known) };
  });
  const jobs = jobsFor(cells, existing, options.model === undefined ? undefined : minutesOf(options.model));
  const isOpen = ({ file }: Job): boolean => file === null || anyway?.has(file) !== true;
  return {
    project: spec.project,
    images_compared: options.images.get(topologyKey(spec)) !== undefined,
    cells,
    counts: countsOf(cells),
    jobs,
    minutes: jobs.reduce((sum, job) => sum + job.minutes, 0),
    planned: minutes === undefined ? [] : choose(jobs.filter(isOpen), cells, minutes),
    rule: RULE,
  };
}

/** A run with other values takes another time. */
const takenKey = (experiment: string, overrides: readonly string[]): string => JSON.stringify([experiment, overrides]);

const countsOf = (cells: readonly Cell[]): Record<CellState, number> =>
  Object.fromEntries(
    CELL_STATES.map((state) => [state, cells.filter((cell) => cell.state === state).length]),
  ) as Record<CellState, number>;

/**
 * Returns what the experiment of a run is now. It is read again when the run had values of --set, and when it is not
 * among the known experiments. Each is read and compared once.
 */
function nowBy({ images, redact, read }: SurveyOptions, experiments: readonly Plan[]): (run: CoveredRun) => Now {
  const made = new Map<string, Now>();
  const look = ({ experiment, file, overrides }: CoveredRun): Now => {
    const known = experiments.find(({ name }) => name === experiment);
    const plan = known !== undefined && overrides.length === 0 ? known : read(known?.file ?? file, overrides);
    if (plan === undefined) return { gone: `its experiment ${experiment} is gone or has mistakes` };
    const fingerprint = fingerprintOf({
      plan: redactDeep(plan, redact),
      images: images.get(topologyKey(plan.topology)),
    });
    return fingerprint === undefined ? { gone: 'Compose did not say what its services are' } : { fingerprint };
  };
  return (run) => {
    const key = JSON.stringify([run.experiment, run.file, run.overrides]);
    const found = made.get(key) ?? look(run);
    made.set(key, found);
    return found;
  };
}

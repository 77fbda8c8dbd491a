import { ChaosError } from '../../../core/errors.ts';
import type { TrendRun } from '../../../core/trend/trend.ts';

const COMMIT = 'commit:';
/** A shorter beginning of a commit fits too many. */
const LEAST_COMMIT = 4;

/** Whether `--against` names runs by what they are, and not one run by its name. */
export const namesRuns = (base: string): boolean => base === 'last-good' || base.startsWith(COMMIT);

/**
 * Returns the runs that `last-good` or `commit:abc123` names: of the same experiment, valid, and begun before `now`.
 * Throws CHAOS_NO_RUN when there are none, and CHAOS_USAGE for a commit that is too short.
 */
export function baseRuns(base: string, now: TrendRun, runs: readonly TrendRun[]): TrendRun[] {
  const before = runs
    .filter(({ run, started, figures }) => run !== now.run && started < now.started && isSame(figures, now.figures))
    .toSorted((a, b) => a.started.localeCompare(b.started));
  if (base === 'last-good') {
    const good = before.findLast(({ verdict }) => verdict === 'PASS');
    if (good === undefined) throw noBase(`no run of "${now.figures.experiment}" before ${now.run} is a PASS`);
    return [good];
  }
  const commit = base.slice(COMMIT.length);
  if (commit.length < LEAST_COMMIT)
    throw new ChaosError('CHAOS_USAGE', {
      what: `--against ${base} is no commit`,
      hint: `Write at least ${LEAST_COMMIT} letters of it: commit:3f9a12c.`,
      exit: 'bad-input',
    });
  const found = before.filter(({ figures }) => isCommit(figures.commit, commit));
  if (found.length === 0)
    throw noBase(`no run of "${now.figures.experiment}" before ${now.run} is of commit ${commit}`);
  return found;
}

const isSame = (a: TrendRun['figures'], b: TrendRun['figures']): boolean => a.valid && a.experiment === b.experiment;

/** Records keep a short commit, and people write short and long ones. */
const isCommit = (recorded: string, asked: string): boolean =>
  recorded !== '' && (recorded.startsWith(asked) || asked.startsWith(recorded));

const noBase = (what: string): ChaosError =>
  new ChaosError('CHAOS_NO_RUN', {
    what,
    hint: '`chaos list --experiment NAME` prints its runs. A run whose figures cannot be believed is no base.',
    exit: 'bad-input',
  });

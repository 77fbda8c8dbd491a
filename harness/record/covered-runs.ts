import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CoveredRun } from '../core/coverage/covered-run.ts';
import { onDisk } from '../core/disk-error.ts';
import { describeError } from '../core/errors.ts';
import { type Fingerprint, type Fingerprinted, fingerprintOf } from '../core/freshness/fingerprint.ts';
import type { Plan } from '../core/plan/plan.ts';
import { faultsOf } from '../core/plan/steps.ts';
import type { RunDocument } from '../core/record/run.ts';
import { RUN_FILE, type Unreadable } from './folders.ts';

/** What run.json holds. A run that has not ended has only some of it. */
type RunFile = Partial<RunDocument> & { readonly plan?: Plan };

/**
 * Returns every run below `reports` that has ended, from its run.json. A folder that cannot be read goes to `passOver`.
 * Nothing else of coverage knows where the runs come from.
 */
export function readCoveredRuns(
  reports: string,
  passOver: (folder: Unreadable) => void = () => undefined,
): CoveredRun[] {
  if (!existsSync(reports)) return [];
  const fingerprint = fingerprints();
  return onDisk(reports, () => readdirSync(reports)).flatMap((name) => {
    const dir = join(reports, name);
    const file = join(dir, RUN_FILE);
    if (!existsSync(file)) return [];
    try {
      return coveredRun(JSON.parse(readFileSync(file, 'utf8')) as RunFile, fingerprint) ?? [];
    } catch (error) {
      passOver({ dir, message: `${RUN_FILE} cannot be read: ${describeError(error)}` });
      return [];
    }
  });
}

/** Most runs of a history are of the same plan on the same images. Each of these is digested once. */
function fingerprints(): typeof fingerprintOf {
  const made = new Map<string, Fingerprint | undefined>();
  return (of: Fingerprinted) => {
    const key = JSON.stringify(of);
    if (!made.has(key)) made.set(key, fingerprintOf(of));
    return made.get(key);
  };
}

/** Returns undefined for a run that has not ended. */
function coveredRun(file: RunFile, fingerprint: typeof fingerprintOf): CoveredRun | undefined {
  const { verdict, plan, environment, run = '', started = '', ended = started } = file;
  if (verdict === undefined || plan === undefined) return undefined;
  return {
    run,
    when: started,
    seconds: (Date.parse(ended) - Date.parse(started)) / 1_000,
    verdict,
    reason: file.reason ?? why(file),
    experiment: plan.name,
    file: plan.file,
    overrides: plan.overrides,
    project: plan.topology.project,
    faults: faultsOf(plan.faults).map(({ fault, params }) => ({ fault, params })),
    fingerprint: () => fingerprint({ plan, images: environment?.images ?? {} }),
  };
}

/** Returns the first thing that did not hold, or that makes the run prove nothing. */
function why({ verdict, invalid = [], checks = [] }: RunFile): string | undefined {
  const [first] = verdict === 'INCONCLUSIVE' ? invalid : [];
  if (first !== undefined) return first.message;
  const check = checks.find((one) => one.verdict === verdict);
  if (check === undefined || verdict === 'PASS') return undefined;
  return `${check.name}${check.during.length === 0 ? '' : ` (${check.during.join(', ')})`}: ${check.observed}`;
}

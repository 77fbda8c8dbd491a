import { basename } from 'node:path';
import { EXIT_CODE, type Exit } from '../exits.ts';
import type { DueAction } from '../gameday/due.ts';
import { VERDICTS, worstOf } from '../verdict.ts';
import { entryVerdict, type EntryVerdict, passedShare } from './attempts.ts';
import { quarantineOf } from './quarantined.ts';
import type { EntryState, SuiteState } from './state.ts';
import type { FilledGap, Quarantine } from './suite.ts';

/** What `suite --json` prints and suite.json holds. Keys may be added, and never changed or removed. */
export interface SuiteDocument {
  readonly schema_version: 1;
  readonly verdict: EntryVerdict;
  readonly exit_code: number;
  /** The name of the suite's folder. */
  readonly run: string;
  readonly dir: string;
  readonly title: string;
  readonly file: string;
  readonly seed: number;
  readonly started: string;
  readonly ended: string;
  readonly experiments: readonly SuiteExperiment[];
  readonly not_run: readonly {
    readonly experiment: string;
    readonly key: string;
    readonly code: string;
    readonly reason: string;
  }[];
  /** Seconds in which the suite was at work. */
  readonly wall_s: number;
  /** Seconds of the phases of all its runs. */
  readonly phases_s: number;
}

export interface SuiteExperiment {
  readonly experiment: string;
  readonly key: string;
  readonly title: string;
  readonly verdict: EntryVerdict;
  /** The name of the component at fault; null when the experiment passed. */
  readonly attributed_to: 'system' | 'host' | 'harness' | 'unknown' | null;
  readonly why: string | null;
  readonly attempts: readonly { readonly run: string; readonly verdict: string; readonly dir: string }[];
  /** How many attempts passed, and the 95 % interval of their share. Only for an unstable experiment. */
  readonly passed?: { readonly passed: number; readonly of: number; readonly low: number; readonly high: number };
  /** Runs without a result: a crash or a person ended them. */
  readonly broken: readonly string[];
  /** The gaps of the coverage for which it was run. Absent when the file of the suite names it. */
  readonly fills?: readonly FilledGap[];
  /** The actions of game days that it was to show to be done. Absent when there are none. */
  readonly shows?: readonly DueAction[];
  /** Absent when the experiment decides the verdict of the suite. */
  readonly quarantined?: { readonly since: string; readonly until: string; readonly why: string };
}

/** The exit of each verdict of a suite. */
const exitOf = (verdict: EntryVerdict): Exit =>
  verdict === 'unstable' ? 'inconclusive' : (VERDICTS[verdict].exits[0] ?? 'error');

/** Returns the document of a suite from its state. Quarantines count as they were when the suite began. */
export function suiteDocument(state: SuiteState, dir: string, quarantines: readonly Quarantine[]): SuiteDocument {
  const { started, entries, last } = state;
  const experiments = entries
    .filter(({ attempts }) => attempts.length > 0)
    .map((entry) => experimentOf(entry, quarantines, started.t));
  const verdict = verdictOf(experiments, entries);
  return {
    schema_version: 1,
    verdict,
    exit_code: EXIT_CODE[exitOf(verdict)],
    run: basename(dir),
    dir,
    title: started.title,
    file: started.file,
    seed: started.seed,
    started: new Date(started.t).toISOString(),
    ended: new Date(last).toISOString(),
    experiments,
    not_run: entries.flatMap(({ key, experiment, notRun, attempts }) =>
      attempts.length > 0 ? [] : [{ experiment, key, ...(notRun ?? UNKNOWN) }],
    ),
    wall_s: state.workedMs / 1_000,
    phases_s: state.phasesMs / 1_000,
  };
}

const UNKNOWN = { code: 'interrupted', reason: 'the suite was ended before its turn' } as const;

function experimentOf(entry: EntryState, quarantines: readonly Quarantine[], now: number): SuiteExperiment {
  const { experiment, key, title, attempts, broken, gap, due } = entry;
  const verdict = entryVerdict(attempts) ?? 'INCONCLUSIVE';
  const worst = worstOf(attempts.flatMap((one) => (one.verdict === 'PASS' ? [] : [one.verdict])));
  const red = attempts.find((one) => one.verdict === verdict) ?? attempts.find((one) => one.verdict === worst);
  const quarantine = quarantineOf(experiment, quarantines, now);
  const { passed, of, share } = passedShare(attempts);
  return {
    experiment,
    key,
    title,
    verdict,
    attributed_to: verdict === 'PASS' ? null : (red?.attributed?.to ?? 'unknown'),
    why: verdict === 'PASS' ? null : (red?.reason ?? red?.attributed?.why ?? null),
    attempts: attempts.map(({ run, verdict: one, dir }) => ({ run, verdict: one, dir })),
    ...(verdict === 'unstable' ? { passed: { passed, of, low: share.lower, high: share.upper } } : {}),
    broken: broken.map(({ run }) => run),
    ...(gap === undefined ? {} : { fills: gap.fills }),
    ...(due === undefined ? {} : { shows: due.actions }),
    ...(quarantine === undefined || quarantine.over
      ? {}
      : { quarantined: { since: quarantine.since, until: quarantine.until, why: quarantine.why } }),
  };
}

/** No evidence is never a PASS: a suite without a result is INCONCLUSIVE, and a suite that was cut off is INTERRUPTED. */
function verdictOf(experiments: readonly SuiteExperiment[], entries: readonly EntryState[]): EntryVerdict {
  // Nothing may hide that something was left behind, not even a quarantine.
  const deciding = experiments.filter(
    ({ quarantined, verdict }) => quarantined === undefined || verdict === 'NOT RESTORED' || verdict === 'ERROR',
  );
  const cut = entries.some(
    ({ attempts, notRun }) => attempts.length === 0 && (notRun === undefined || notRun.code === 'interrupted'),
  );
  const failedToStart = entries.some(({ attempts, notRun }) => attempts.length === 0 && notRun?.code === 'not ready');
  const left = entries.some(({ notRun }) => notRun?.code === 'not restored');
  const verdicts: readonly EntryVerdict[] = [
    ...deciding.map(({ verdict }) => verdict),
    ...(left ? (['NOT RESTORED'] as const) : []),
    ...(cut ? (['INTERRUPTED'] as const) : []),
    ...(failedToStart ? (['NOT READY'] as const) : []),
  ];
  const worst = worstOf(verdicts.filter((verdict) => verdict !== 'unstable'));
  // An unstable experiment has passed at times: only a PASS is better.
  const unstable = verdicts.includes('unstable') && (worst ?? 'PASS') === 'PASS';
  return unstable ? 'unstable' : (worst ?? 'INCONCLUSIVE');
}

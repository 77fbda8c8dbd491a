import { freshness, type Freshness } from '../freshness/freshness.ts';
import type { Fingerprint } from '../freshness/fingerprint.ts';
import type { Verdict } from '../verdict.ts';
import type { Cell } from './cell.ts';
import type { CoveredRun } from './covered-run.ts';

/** An experiment as it is now. `gone`, in words: why nobody can say what it is now. */
export type Now = { readonly fingerprint: Fingerprint } | { readonly gone: string };

/** A run that tried the failure of a cell. */
export interface Tried {
  readonly run: CoveredRun;
  /** The other failures that the same run tried: "kill of app". */
  readonly beside: readonly string[];
}

type Judged = Pick<Cell, 'state' | 'run' | 'when' | 'reason' | 'experiment' | 'changed'>;

/** A run with one of these verdicts broke nothing, or was cut off. It says nothing about the cell. */
const UNTRIED: readonly Verdict[] = ['NOT READY', 'ERROR', 'INTERRUPTED'];

/**
 * Returns what the runs say about a cell. `tried`: the newest first. Only PASS and FAIL decide, and only the newest
 * such run of each experiment about what is there now. One FAIL among them outranks each PASS. When none of them is
 * about what is there now, the cell is stale. Without a decision it is unclear, and without a try it is `never`.
 */
export function judgeCell(tried: readonly Tried[], nowOf: (run: CoveredRun) => Now): Judged {
  const compared = tried.filter(decides).map((one) => ({ ...one, how: compare(one.run, nowOf) }));
  const fresh = compared.filter(({ how }) => how.is === 'fresh');
  const newest = [...Map.groupBy(fresh, ({ run }) => run.experiment).values()].flatMap(([first]) => first ?? []);
  const failed = newest.find(({ run }) => run.verdict === 'FAIL');
  if (failed !== undefined) return about(failed.run, 'failed', reasonOf(failed.run));
  const [proof] = newest;
  if (proof !== undefined) return about(proof.run, 'proven', alsoFailed(fresh, proof.run));
  const stale = compared.find(({ how }) => how.is === 'stale');
  if (stale?.how.is === 'stale') {
    const { changed } = stale.how;
    const was = stale.run.verdict === 'FAIL' ? 'it failed' : 'it was proven';
    return { ...about(stale.run, 'stale', `${was}, and since then ${listed(changed)}`), changed };
  }
  const unclear = compared.find(({ how }) => how.is === 'unclear');
  if (unclear?.how.is === 'unclear') return about(unclear.run, 'unclear', unclear.how.why);
  const undecided = tried.find(({ run }) => !UNTRIED.includes(run.verdict));
  if (undecided !== undefined) return about(undecided.run, 'unclear', whyUndecided(undecided));
  const [last] = tried;
  if (last === undefined) return { state: 'never', run: null, when: null, reason: null, experiment: null, changed: [] };
  return about(last.run, 'never', `the last try ended ${ended(last.run)}`);
}

/** Several failures in one run that failed: nobody knows which of them was to blame. */
const decides = ({ run, beside }: Tried): boolean =>
  run.verdict === 'PASS' || (run.verdict === 'FAIL' && beside.length === 0);

function compare(run: CoveredRun, nowOf: (run: CoveredRun) => Now): Freshness {
  const recorded = run.fingerprint();
  const now = nowOf(run);
  if ('fingerprint' in now) return freshness(recorded, now.fingerprint);
  return { is: 'stale', changed: [now.gone] };
}

const about = ({ run, when, experiment }: CoveredRun, state: Cell['state'], reason: string | null): Judged => ({
  state,
  run,
  when,
  reason,
  experiment,
  changed: [],
});

const ended = ({ verdict, reason }: CoveredRun): string => `${verdict}${reason === undefined ? '' : `: ${reason}`}`;

const reasonOf = ({ reason }: CoveredRun): string | null => reason ?? null;

/** A proof does not hide that the same experiment failed before, when nothing was changed between. */
function alsoFailed(fresh: readonly { readonly run: CoveredRun }[], { experiment }: CoveredRun): string | null {
  const same = fresh.filter(({ run }) => run.experiment === experiment);
  const fails = same.filter(({ run }) => run.verdict === 'FAIL').length;
  return fails === 0 ? null : `unstable: ${fails} of ${same.length} runs failed, and nothing was changed between them`;
}

function whyUndecided({ run, beside }: Tried): string {
  if (run.verdict === 'FAIL')
    return `a run failed that tried ${listed(beside)} too: nobody knows which of them was to blame`;
  return ended(run);
}

/** The most things that a sentence names. */
const NAMED = 3;

function listed(all: readonly string[]): string {
  const named = all.length > NAMED + 1 ? [...all.slice(0, NAMED), `${all.length - NAMED} more things differ`] : all;
  return named.length < 2 ? named.join('') : `${named.slice(0, -1).join(', ')} and ${named.at(-1) ?? ''}`;
}

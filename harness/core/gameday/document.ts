import { iso } from '../clock.ts';
import type { GamedayAction } from './events.ts';
import type { GamedayRole } from './gameday.ts';
import { EXIT_CODE } from '../exits.ts';
import { type Verdict, VERDICTS, worstOf } from '../verdict.ts';
import type { InjectState } from './inject-state.ts';
import type { GamedayState } from './state.ts';
import { injectTimes, type Mark } from './times.ts';

/** What `gameday --json` prints and gameday.json holds. Keys may be added, and never changed or removed. */
export interface GamedayDocument {
  readonly schema_version: 1;
  readonly verdict: Verdict;
  readonly exit_code: number;
  /** False when something that an inject did could not be put back. Null: nobody knows, because no run says so. */
  readonly restored: boolean | null;
  /** The name of the folder. */
  readonly run: string;
  readonly dir: string;
  readonly title: string;
  readonly file: string;
  readonly seed: number;
  readonly started: string;
  readonly ended: string;
  readonly injects: readonly InjectInDocument[];
  /** What was not tried, with the reason. */
  readonly not_run: readonly { readonly name: string; readonly reason: string }[];
  readonly actions: readonly GamedayAction[];
  readonly people: readonly { readonly role: GamedayRole; readonly who: string }[];
}

/** Times in seconds since the failure was in force; null: it did not happen. `expected_s`: null where nothing was expected. */
export interface InjectInDocument {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly shown: string;
  readonly verdict: Verdict | null;
  readonly run: string | null;
  readonly dir: string | null;
  /** ISO 8601, UTC. */
  readonly injected: string | null;
  readonly healed: string | null;
  readonly first_alert: string | null;
  readonly first_alert_s: number | null;
  readonly first_ack_s: number | null;
  readonly understood_s: number | null;
  readonly mitigated_s: number | null;
  readonly healthy_s: number | null;
  readonly expected_s: Readonly<Record<Mark, number | null>>;
  /** Null where nothing was expected. */
  readonly in_time: Readonly<Record<Mark, boolean | null>>;
}

/** Returns the document of a game day from its state. `dir`: its folder. */
export function gamedayDocument(state: GamedayState, dir: string): GamedayDocument {
  const { day, gameday, injects, actions, present } = state;
  const verdict = verdictOf(state);
  return {
    schema_version: 1,
    verdict,
    exit_code: EXIT_CODE[VERDICTS[verdict].exits[0] ?? 'error'],
    restored: restoredAfter(injects),
    run: gameday,
    dir,
    title: day.title,
    file: day.file,
    seed: day.seed,
    started: iso(state.begun ?? state.opened),
    ended: iso(state.closed ?? state.last),
    injects: injects.filter(({ attempts }) => attempts > 0).map((inject) => injectOf(inject, state)),
    not_run: injects
      .filter(({ attempts }) => attempts === 0)
      .map(({ plan, stage, why }) => ({
        name: plan.name,
        reason: stage === 'skipped' ? (why ?? 'it was skipped') : 'the game day ended before its turn',
      })),
    actions,
    people: present,
  };
}

/** What was ordered was put back when its run says so. A server that died at work leaves no word about it. */
function restoredAfter(injects: GamedayState['injects']): boolean | null {
  if (injects.some(({ restored }) => restored === false)) return false;
  return injects.every(({ ordered, restored }) => ordered === undefined || restored === true) ? true : null;
}

const orNull = (ms: number | undefined): string | null => (ms === undefined ? null : iso(ms));

function injectOf(inject: InjectState, state: GamedayState): InjectInDocument {
  const { plan, verdict, run, dir, injected, healed, alerted } = inject;
  const times = injectTimes(inject, state);
  const of = <T>(pick: (time: (typeof times)[number]) => T): Record<Mark, T> =>
    Object.fromEntries(times.map((time) => [time.mark, pick(time)])) as Record<Mark, T>;
  const came = of(({ countedMs }) => seconds(countedMs));
  return {
    id: plan.id,
    name: plan.name,
    title: plan.title,
    shown: plan.shown,
    verdict: verdict ?? null,
    run: run ?? null,
    dir: dir ?? null,
    injected: orNull(injected),
    healed: orNull(healed),
    first_alert: alerted?.name ?? null,
    first_alert_s: came.alert,
    first_ack_s: came.seen,
    understood_s: came.understood,
    mitigated_s: came.mitigated,
    healthy_s: came.healthy,
    expected_s: of(({ expectedMs }) => seconds(expectedMs)),
    in_time: of(({ inTime }) => inTime),
  };
}

const seconds = (ms: number | null): number | null => (ms === null ? null : Math.round(ms) / 1_000);

/** An inject that has no verdict proves nothing, and a day that was cut off is INTERRUPTED. */
function verdictOf({ stage, injects }: GamedayState): Verdict {
  const tried = injects.filter(({ attempts }) => attempts > 0);
  const verdicts = tried.map(
    ({ stage: at, verdict }): Verdict => verdict ?? (at === 'aborted' ? 'ABORTED' : 'INCONCLUSIVE'),
  );
  if (stage !== 'closed') verdicts.push('INTERRUPTED');
  return worstOf(verdicts) ?? 'INCONCLUSIVE';
}

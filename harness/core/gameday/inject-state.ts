import type { Verdict } from '../verdict.ts';
import type { Actor, GamedayEvent, GamedayEventOf } from './events.ts';
import type { PlannedInject } from './gameday.ts';

/**
 * Where an inject is. `armed`: load and baseline go on. `ready`: the failure may begin. `ordered`: it is being made.
 * `ending`: it is being taken back, or its recovery is measured. `aborted` and `broken` (the server died) may be armed again.
 */
export type InjectStage =
  'to come' | 'armed' | 'ready' | 'ordered' | 'in force' | 'ending' | 'done' | 'skipped' | 'aborted' | 'broken';

/** A stage in which the inject's run is at work. */
export const AT_WORK: readonly InjectStage[] = ['armed', 'ready', 'ordered', 'in force', 'ending'];

/** Somebody's first press of a button for an inject. `at`: epoch milliseconds. */
export interface Pressed {
  readonly at: number;
  readonly by: Actor | null;
}

/** What is known of one inject. Times are epoch milliseconds of its last attempt; undefined: not yet. */
export interface InjectState {
  readonly plan: PlannedInject;
  readonly stage: InjectStage;
  /** Whether everybody may know what it is. */
  readonly revealed: boolean;
  /** How many times it was armed. */
  readonly attempts: number;
  readonly armed?: number | undefined;
  readonly ordered?: number | undefined;
  readonly injected?: number | undefined;
  /** By how much its time was extended, milliseconds. */
  readonly extendedMs: number;
  readonly ending?: number | undefined;
  readonly healed?: number | undefined;
  readonly seen?: Pressed | undefined;
  readonly understood?: Pressed | undefined;
  readonly mitigated?: Pressed | undefined;
  /** The first alert that fired. */
  readonly alerted?: { readonly at: number; readonly name: string } | undefined;
  /** Null: the users never felt it. */
  readonly healthy?: number | null | undefined;
  readonly run?: string | undefined;
  readonly dir?: string | undefined;
  /** When its run was judged. */
  readonly judged?: number | undefined;
  readonly verdict?: Verdict | undefined;
  readonly restored?: boolean | undefined;
  /** Why the verdict is so, or why it was skipped or aborted. */
  readonly why?: string | undefined;
}

/** Returns an inject of which nothing has happened yet. */
export const toCome = (plan: PlannedInject): InjectState => ({
  plan,
  stage: 'to come',
  revealed: plan.shown === 'announced',
  attempts: 0,
  extendedMs: 0,
});

type AboutInject = Extract<GamedayEvent, { inject: string }>;

/** Returns an inject after an event that is about it. */
export function injectAfter(one: InjectState, event: AboutInject): InjectState {
  switch (event.kind) {
    case 'armed':
      return anew(one, event.t);
    case 'disarmed':
      return { ...one, stage: 'to come', attempts: one.attempts - 1 };
    case 'runs':
      return { ...one, run: event.run, dir: event.dir };
    case 'ready':
      return { ...one, stage: 'ready' };
    case 'ordered':
      return { ...one, stage: 'ordered', ordered: event.t };
    case 'injected':
      return { ...one, stage: one.stage === 'ordered' ? 'in force' : one.stage, injected: event.at };
    case 'extended':
      return { ...one, extendedMs: one.extendedMs + event.ms };
    case 'ending':
      return { ...one, stage: 'ending', ending: event.t };
    case 'skipped':
      return { ...one, stage: 'skipped', why: event.why };
    case 'revealed':
      return { ...one, revealed: true };
    case 'healed':
      return { ...one, healed: event.at };
    case 'judged':
      return judged(one, event);
    case 'healthy':
      return { ...one, healthy: event.at };
  }
}

/** An inject that is armed once more has no times of its earlier attempt. */
const anew = ({ plan, revealed, attempts }: InjectState, t: number): InjectState => ({
  plan,
  revealed,
  attempts: attempts + 1,
  stage: 'armed',
  armed: t,
  extendedMs: 0,
});

/** Without its failure an inject shows nothing: it may be armed again. */
const judged = (one: InjectState, { t, verdict, restored, run, reason }: GamedayEventOf<'judged'>): InjectState => ({
  ...one,
  judged: t,
  stage: stageWith(one, verdict),
  verdict,
  restored,
  run,
  why: reason ?? one.why,
});

const stageWith = ({ stage, injected }: InjectState, verdict: Verdict): InjectStage => {
  if (stage === 'broken') return 'broken';
  return stage === 'aborted' || injected === undefined || ENDED_EARLY.includes(verdict) ? 'aborted' : 'done';
};

const ENDED_EARLY: readonly Verdict[] = ['ABORTED', 'INTERRUPTED'];

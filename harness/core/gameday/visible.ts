import type { Actor, GamedayAction, PreflightCheck } from './events.ts';
import type { AbortCriteria, ExpectedResponse, Finding, GamedayRole, ListedRunbook, Shown } from './gameday.ts';
import { AT_WORK, type InjectStage, type InjectState, type Pressed } from './inject-state.ts';
import { dueAt, type Pause } from './pauses.ts';
import type { AlertInDay, DayStage, GamedayState, NoteState } from './state.ts';
import { injectTimes, type MarkTime } from './times.ts';

/** What everybody may know of an inject that is not revealed: its place, and nothing that happens to it. */
interface HiddenInject {
  readonly id: string;
  readonly hidden: true;
  readonly shown: Shown;
}

export interface ShownInject {
  readonly id: string;
  readonly hidden: false;
  readonly shown: Shown;
  /** False on the facilitator's page for an inject that the others do not see. */
  readonly revealed: boolean;
  readonly name: string;
  readonly title: string;
  readonly faults: readonly string[];
  /** Empty for everybody but the facilitator. */
  readonly brief: string;
  readonly expect: ExpectedResponse;
  readonly stage: InjectStage;
  readonly attempts: number;
  /** Epoch milliseconds. Null: not yet. */
  readonly armed: number | null;
  readonly ordered: number | null;
  readonly injected: number | null;
  /** When its time is over unless somebody changes it, epoch milliseconds. Null: it is not in force, or the day is paused. */
  readonly due: number | null;
  readonly box_ms: number;
  readonly extended_ms: number;
  readonly most_ms: number;
  readonly healed: number | null;
  readonly times: readonly MarkTime[];
  readonly verdict: string | null;
  readonly restored: boolean | null;
  readonly why: string | null;
  /** The name of the run and its folder, for the facilitator alone. */
  readonly run: string | null;
}

type VisibleInject = HiddenInject | ShownInject;

/** A press of a button that is about no inject which the reader may know. */
interface VisiblePress extends Pressed {
  readonly mark: 'seen' | 'understood' | 'mitigated';
}

/** The game day as one role may see it: the message `day` of the stream. */
export interface VisibleDay {
  readonly role: GamedayRole;
  readonly gameday: string;
  readonly title: string;
  readonly stage: DayStage;
  readonly opened: number;
  readonly begun: number | null;
  readonly closed: number | null;
  readonly length_ms: number;
  readonly pauses: readonly Pause[];
  readonly people: Readonly<Record<GamedayRole, readonly string[]>>;
  readonly present: readonly Actor[];
  /** True while the prerequisites are being checked. */
  readonly looking: boolean;
  /** `said` is empty for everybody but the facilitator. */
  readonly preflight: { readonly t: number; readonly ok: boolean; readonly checks: readonly PreflightCheck[] } | null;
  readonly injects: readonly VisibleInject[];
  /** The id of the inject at work, when the reader may know it. */
  readonly at_work: string | null;
  readonly notes: readonly NoteState[];
  readonly actions: readonly GamedayAction[];
  /** `inject` is null where the reader may not know it. */
  readonly alerts: readonly AlertInDay[];
  /** The responders' buttons, also those about an inject that is hidden or about none. */
  readonly presses: readonly VisiblePress[];
  readonly aborts: readonly {
    readonly t: number;
    readonly inject: string | null;
    readonly why: string;
    readonly by: Actor | null;
  }[];
  /** Set while the facilitator is missed: since when nothing was heard, epoch milliseconds. */
  readonly lost: { readonly since: number; readonly stage: 'asked' | 'aborted' } | null;
  readonly abort: AbortCriteria;
  /** Findings of earlier game days that a revealed inject tries again; for the facilitator all. */
  readonly retests: readonly Finding[];
  readonly runbooks: readonly ListedRunbook[];
}

/**
 * Returns what one role may see. Only the facilitator sees an inject before it is revealed. For everybody else the result
 * is the same whatever a hidden inject is, and whatever happens to it: a test compares.
 */
export function visibleTo(role: GamedayRole, state: GamedayState): VisibleDay {
  const all = role === 'facilitator';
  const known = new Set(state.injects.filter(({ revealed }) => all || revealed).map(({ plan }) => plan.id));
  const orNull = (inject: string | null): string | null => (inject !== null && known.has(inject) ? inject : null);
  const { day, preflight, lost } = state;
  const open = all || state.stage === 'closed';
  return {
    role,
    gameday: state.gameday,
    title: day.title,
    stage: state.stage,
    opened: state.opened,
    begun: state.begun ?? null,
    closed: state.closed ?? null,
    length_ms: day.lengthMs,
    pauses: state.pauses,
    people: day.people,
    present: state.present,
    looking: state.looking,
    preflight:
      preflight === undefined
        ? null
        : { ...preflight, checks: all ? preflight.checks : preflight.checks.map((check) => ({ ...check, said: '' })) },
    injects: state.injects.map((inject) =>
      known.has(inject.plan.id)
        ? shownInject(inject, state, all)
        : { id: inject.plan.id, hidden: true, shown: inject.plan.shown },
    ),
    at_work: orNull(state.injects.find(({ stage }) => AT_WORK.includes(stage))?.plan.id ?? null),
    // What a facilitator writes may name what is hidden.
    notes: open ? state.notes : state.notes.filter(({ by }) => by?.role !== 'facilitator'),
    actions: state.actions,
    alerts: state.alerts.map((alert) => ({ ...alert, inject: orNull(alert.inject) })),
    presses: state.presses.map(({ mark, at, by }) => ({ mark, at, by })),
    aborts: state.aborts.map(({ t, inject, why, by }) => ({
      t,
      inject: orNull(inject),
      why: (inject !== null && known.has(inject)) || knowsNothing(by) || open ? why : '',
      by,
    })),
    lost: lost ?? null,
    abort: day.abort,
    retests: day.retests.filter(({ inject }) => known.has(inject)),
    runbooks: day.runbooks,
  };
}

/** What the facilitator and the harness write may name what is hidden. What others write cannot. */
const knowsNothing = (by: Actor | null): boolean => by !== null && by.role !== 'facilitator';

function shownInject(inject: InjectState, { pauses, stage }: GamedayState, all: boolean): ShownInject {
  const { plan, revealed } = inject;
  const inForce = inject.stage === 'in force' && stage !== 'paused';
  return {
    id: plan.id,
    hidden: false,
    shown: plan.shown,
    revealed,
    name: plan.name,
    title: plan.title,
    faults: plan.faults,
    brief: all ? plan.brief : '',
    expect: plan.expect,
    stage: inject.stage,
    attempts: inject.attempts,
    armed: inject.armed ?? null,
    ordered: inject.ordered ?? null,
    injected: inject.injected ?? null,
    due: inForce ? (dueAt(inject, pauses, Infinity) ?? null) : null,
    box_ms: plan.boxMs,
    extended_ms: inject.extendedMs,
    most_ms: plan.mostMs,
    healed: inject.healed ?? null,
    times: injectTimes(inject, { pauses }),
    verdict: inject.verdict ?? null,
    restored: inject.restored ?? null,
    why: inject.why ?? null,
    run: all ? (inject.run ?? null) : null,
  };
}

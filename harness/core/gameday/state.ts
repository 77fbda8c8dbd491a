import type { MetricLabels } from '../topology/monitoring.ts';
import type { Actor, AbortCause, GamedayAction, GamedayEvent, GamedayEventOf, PreflightCheck, Tag } from './events.ts';
import type { GameDay } from './gameday.ts';
import { AT_WORK, injectAfter, type InjectState, type Pressed, toCome } from './inject-state.ts';
import type { Pause } from './pauses.ts';

export type { InjectState } from './inject-state.ts';

interface Press extends Pressed {
  readonly mark: 'seen' | 'understood' | 'mitigated';
  /** The inject that was in force. Null: none. */
  readonly inject: string | null;
}

export interface AlertInDay {
  readonly name: string;
  readonly labels: MetricLabels;
  readonly state: 'pending' | 'firing' | 'delivered' | 'resolved';
  readonly at: number;
  readonly inject: string | null;
}

export interface NoteState {
  readonly note: string;
  readonly tag: Tag;
  readonly at: number;
  readonly text: string | null;
  readonly by: Actor | null;
}

export type DayStage = 'opened' | 'running' | 'paused' | 'closed';

export interface GamedayState {
  readonly day: GameDay;
  /** The name of its folder. */
  readonly gameday: string;
  readonly stage: DayStage;
  readonly opened: number;
  readonly begun?: number;
  readonly closed?: number;
  readonly injects: readonly InjectState[];
  readonly pauses: readonly Pause[];
  readonly present: readonly Actor[];
  /** True while the prerequisites are being checked. */
  readonly looking: boolean;
  readonly preflight?: { readonly t: number; readonly ok: boolean; readonly checks: readonly PreflightCheck[] };
  readonly notes: readonly NoteState[];
  readonly actions: readonly GamedayAction[];
  readonly alerts: readonly AlertInDay[];
  /** Every press of a responder's button. */
  readonly presses: readonly Press[];
  /** Set while the facilitator is missed. */
  readonly lost?: { readonly since: number; readonly stage: 'asked' | 'aborted' } | undefined;
  readonly aborts: readonly {
    readonly t: number;
    readonly inject: string | null;
    readonly cause: AbortCause;
    readonly why: string;
    readonly by: Actor | null;
  }[];
  /** The names of orders that were carried out. */
  readonly ids: ReadonlySet<string>;
  readonly seq: number;
  readonly last: number;
}

/** Returns the state of a game day from its events; undefined when it was never opened. */
export function gamedayState(events: readonly GamedayEvent[]): GamedayState | undefined {
  const [first, ...rest] = events;
  if (first?.kind !== 'opened') return undefined;
  return rest.reduce(afterEvent, beginning(first));
}

const beginning = ({ t, seq, gameday, day }: GamedayEventOf<'opened'>): GamedayState => ({
  day,
  gameday,
  stage: 'opened',
  opened: t,
  injects: day.injects.map(toCome),
  pauses: [],
  looking: false,
  present: [],
  notes: [],
  actions: [],
  alerts: [],
  presses: [],
  aborts: [],
  ids: new Set(),
  seq,
  last: t,
});

/** Returns the state after one more event. */
export function afterEvent(state: GamedayState, event: GamedayEvent): GamedayState {
  const { id, seq, t } = event;
  const ids = id === undefined ? state.ids : new Set([...state.ids, id]);
  return { ...state, ...changed(state, event), ids, seq, last: t };
}

function changed(state: GamedayState, event: GamedayEvent): Partial<GamedayState> {
  switch (event.kind) {
    case 'opened':
      return {};
    case 'continued':
      return continued(state);
    case 'joined':
      return { present: withPresent(state.present, event.by) };
    case 'looking':
      return { looking: true };
    case 'preflight':
      return { looking: false, preflight: { t: event.t, ok: event.ok, checks: event.checks } };
    case 'begun':
      return { stage: 'running', begun: event.t };
    case 'paused':
      return paused(state, event.t);
    case 'resumed':
      return resumed(state, event.t);
    case 'closed':
      return closed(state, event.t);
    case 'aborted':
      return aborted(state, event);
    case 'lost':
      return { lost: event.stage === 'back' ? undefined : { since: event.t - event.silent, stage: event.stage } };
    case 'note':
      return {
        notes: [...state.notes, { note: event.note, tag: event.tag, at: event.at, text: event.text, by: event.by }],
      };
    case 'text':
      return { notes: state.notes.map((one) => (one.note === event.note ? { ...one, text: event.text } : one)) };
    case 'action':
      return { actions: withAction(state.actions, event) };
    case 'action.dropped':
      return { actions: state.actions.filter(({ action }) => action !== event.action) };
    case 'alert':
      return alerted(state, event);
    case 'seen':
    case 'understood':
    case 'mitigated':
      return pressed(state, event);
    default:
      return { injects: state.injects.map((one) => (one.plan.id === event.inject ? injectAfter(one, event) : one)) };
  }
}

type PressEvent = GamedayEventOf<'seen' | 'understood' | 'mitigated'>;

function pressed(state: GamedayState, { kind, at, by, inject }: PressEvent): Partial<GamedayState> {
  return {
    presses: [...state.presses, { mark: kind, at, by, inject }],
    // The first press counts.
    injects: state.injects.map((one) =>
      one.plan.id === inject && one[kind] === undefined ? { ...one, [kind]: { at, by } } : one,
    ),
  };
}

function aborted(state: GamedayState, { t, inject, cause, why, by }: GamedayEventOf<'aborted'>): Partial<GamedayState> {
  const injects = state.injects.map((one) =>
    one.plan.id === inject && AT_WORK.includes(one.stage) ? { ...one, stage: 'aborted' as const, why } : one,
  );
  const aborts = [...state.aborts, { t, inject, cause, why, by }];
  return { injects, aborts, ...(state.stage === 'running' ? paused(state, t) : {}) };
}

/** What was at work when a server died is over: its guardian has put it back. */
const continued = (state: GamedayState): Partial<GamedayState> => ({
  looking: false,
  injects: state.injects.map((one) => (AT_WORK.includes(one.stage) ? { ...one, stage: 'broken' as const } : one)),
});

const paused = ({ stage, pauses }: GamedayState, t: number): Partial<GamedayState> =>
  stage === 'running' ? { stage: 'paused', pauses: [...pauses, { from: t }] } : {};

const resumed = ({ stage, pauses }: GamedayState, t: number): Partial<GamedayState> =>
  stage === 'paused' ? { stage: 'running', pauses: ended(pauses, t) } : {};

const closed = ({ pauses, injects }: GamedayState, t: number): Partial<GamedayState> => ({
  stage: 'closed',
  closed: t,
  pauses: ended(pauses, t),
  injects: injects.map((one) => ({ ...one, revealed: true })),
});

const ended = (pauses: readonly Pause[], t: number): readonly Pause[] =>
  pauses.map((pause) => (pause.to === undefined ? { ...pause, to: t } : pause));

const withPresent = (present: readonly Actor[], by: Actor | null): readonly Actor[] =>
  by === null || present.some(({ role, who }) => role === by.role && who === by.who) ? present : [...present, by];

const withAction = (
  actions: readonly GamedayAction[],
  { action, what, owner, due, experiment }: GamedayAction,
): readonly GamedayAction[] => {
  const next = { action, what, owner, due, experiment };
  return actions.some((one) => one.action === action)
    ? actions.map((one) => (one.action === action ? next : one))
    : [...actions, next];
};

function alerted(state: GamedayState, event: GamedayEventOf<'alert'>): Partial<GamedayState> {
  const { name, labels, state: now, at, inject } = event;
  const first = (one: InjectState): boolean =>
    one.plan.id === inject &&
    now === 'firing' &&
    one.injected !== undefined &&
    at >= one.injected &&
    one.alerted === undefined;
  return {
    alerts: [...state.alerts, { name, labels, state: now, at, inject }],
    injects: state.injects.map((one) => (first(one) ? { ...one, alerted: { at, name } } : one)),
  };
}

/** Returns the inject whose run is at work. */
export const atWork = ({ injects }: Pick<GamedayState, 'injects'>): InjectState | undefined =>
  injects.find(({ stage }) => AT_WORK.includes(stage));

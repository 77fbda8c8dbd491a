import type { Actor, GamedayEvent, GamedayNews } from '../../../harness/core/gameday/events.ts';
import type { GameDay, PlannedInject, Shown } from '../../../harness/core/gameday/gameday.ts';
import { type GamedayState, gamedayState } from '../../../harness/core/gameday/state.ts';

export const MINUTE = 60_000;
export const NINE = Date.parse('2026-12-05T09:00:00Z');
export const ANA: Actor = { role: 'facilitator', who: 'Ana' };
export const BEN: Actor = { role: 'responder', who: 'Ben' };
export const CAI: Actor = { role: 'scribe', who: 'Cai' };

/** An inject whose every text says that it must stay a secret. `what` makes the texts of two injects differ. */
export const plannedInject = (
  n: number,
  shown: Shown,
  what = 'redis',
  more: Partial<PlannedInject> = {},
): PlannedInject => ({
  id: `inject-${n}`,
  name: `secret-name-of-${what}`,
  shown,
  title: `the secret title of ${what}`,
  experiment: `secret-experiment-of-${what}`,
  faults: [`secret fault of ${what}`],
  brief: `the secret brief of ${what}`,
  boxMs: 8 * MINUTE,
  mostMs: 15 * MINUTE,
  expect: {
    alert: `SecretAlertOf${what}`,
    alertMs: MINUTE,
    person: `the secret person of ${what}`,
    runbook: `secret-runbook-of-${what}`,
    seenMs: 2 * MINUTE,
    understoodMs: 4 * MINUTE,
    mitigatedMs: 6 * MINUTE,
    healthyMs: 7 * MINUTE,
  },
  ...more,
});

export const sampleDay = (injects: readonly PlannedInject[], more: Partial<GameDay> = {}): GameDay => ({
  file: '/days/saturday.yaml',
  name: 'saturday',
  title: 'A Saturday',
  seed: 7,
  lengthMs: 90 * MINUTE,
  people: { facilitator: ['Ana'], responder: ['Ben'], scribe: ['Cai'], observer: [] },
  injects,
  abort: { owner: 'Ana', machines: ['errors: above 80%'], people: ['a customer calls'] },
  retests: injects.map(({ id, name }) => ({ what: `secret finding about ${name}`, from: '2026-10-03', inject: id })),
  runbooks: [{ name: 'redis-full', title: 'Redis is full', alerts: [] }],
  ...more,
});

/** The events of a day: each `news` one second after the one before, unless it says its time. */
export function eventsOf(
  day: GameDay,
  news: readonly (GamedayNews & { readonly t?: number; readonly by?: Actor | null })[],
): GamedayEvent[] {
  const all: (GamedayNews & { readonly t?: number; readonly by?: Actor | null })[] = [
    { kind: 'opened', gameday: '20261205T090000Z-gameday-saturday-3f9a', version: 1, day },
    ...news,
  ];
  let t = NINE - 1_000;
  return all.map((one, i) => {
    t = one.t ?? t + 1_000;
    return { by: null, ...one, t, seq: i + 1 };
  });
}

/** The state after these events. */
export function stateOf(events: readonly GamedayEvent[]): GamedayState {
  const state = gamedayState(events);
  if (state === undefined) throw new TypeError('a day begins with opened');
  return state;
}

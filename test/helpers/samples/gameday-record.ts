import { gamedayDocument } from '../../../harness/core/gameday/document.ts';
import type { Actor, GamedayEvent, GamedayNews } from '../../../harness/core/gameday/events.ts';
import type { GameDay, PlannedInject } from '../../../harness/core/gameday/gameday.ts';
import type { GamedayRead } from '../../../harness/core/gameday/reporter.ts';
import { gamedayState } from '../../../harness/core/gameday/state.ts';
import { ANA, BEN, MINUTE } from './gameday.ts';

/** When the made-up game day was opened, epoch milliseconds. */
export const OPENED = Date.UTC(2026, 10, 28, 9, 0, 0);

const CEM: Actor = { role: 'scribe', who: 'Cem' };

const inject = (
  id: string,
  more: Partial<PlannedInject> & Pick<PlannedInject, 'name' | 'title' | 'experiment'>,
): PlannedInject => ({
  id,
  shown: 'announced',
  faults: [`${more.experiment} of ${more.name}`],
  brief: '',
  boxMs: 5 * MINUTE,
  mostMs: 10 * MINUTE,
  expect: {
    alert: 'ErrorsHigh',
    alertMs: MINUTE,
    person: 'whoever is on call',
    runbook: 'redis-stopped',
    seenMs: 2 * MINUTE,
    understoodMs: 4 * MINUTE,
    mitigatedMs: 5 * MINUTE,
    healthyMs: 6 * MINUTE,
  },
  ...more,
});

/** A game day with an announced inject, a hidden one and a drawn one. */
export const sampleDay = (): GameDay => ({
  file: '/project/experiments/gamedays/made-up.yaml',
  name: 'made-up',
  title: 'A made-up Saturday',
  seed: 7,
  lengthMs: 30 * MINUTE,
  people: { facilitator: ['Ana'], responder: ['Ben', 'Dora'], scribe: ['Cem'], observer: [] },
  injects: [
    inject('inject-1', { name: 'redis gone', title: 'Jobs wait while Redis is gone', experiment: 'redis-loss' }),
    inject('inject-2', {
      name: 'primary gone',
      title: 'A standby takes over within 30 s',
      experiment: 'postgres-primary-loss',
      shown: 'hidden',
      brief: 'Say nothing until they ask.',
    }),
    inject('inject-3', {
      name: 'slow link',
      title: 'The edge waits no longer than 2 s',
      experiment: 'slow-database-link',
      shown: 'drawn',
    }),
  ],
  abort: { owner: 'Ana', machines: ['more than half of the requests fail for 30 s'], people: ['a customer calls'] },
  retests: [{ what: 'Nobody knew where the runbooks are', from: '2026-10-31', inject: 'inject-1' }],
  runbooks: [
    { name: 'redis-stopped', title: 'Redis has stopped', alerts: ['QueueGrows'] },
    { name: 'table-locked', title: 'A table is locked', alerts: ['ErrorsHigh'] },
  ],
});

/** Writes the events of a record, each with its number, from minutes since the day was opened. */
export class Recorded {
  readonly events: GamedayEvent[] = [];

  /** `minute`: when it was written. */
  add(minute: number, news: GamedayNews, by: Actor | null = null): this {
    const t = OPENED + Math.round(minute * MINUTE);
    this.events.push({ t, seq: this.events.length + 1, by, ...news });
    return this;
  }
}

const at = (minute: number): number => OPENED + Math.round(minute * MINUTE);

/** The record up to the middle of the hidden inject: its failure is in force and nobody has seen it. */
export function recordedToHidden(day: GameDay = sampleDay()): Recorded {
  const labels = { severity: 'page' };
  return new Recorded()
    .add(0, { kind: 'opened', gameday: '20261128-090000-gameday-made-up-3f9a', version: 1, day })
    .add(0.5, { kind: 'joined' }, ANA)
    .add(0.6, { kind: 'joined' }, BEN)
    .add(0.7, { kind: 'joined' }, CEM)
    .add(1, {
      kind: 'preflight',
      ok: true,
      checks: [
        { name: 'people', ok: true, said: 'Ana, Ben and Cem are here' },
        { name: 'audit', ok: true, said: 'nothing is left of an earlier run' },
        { name: 'alerts', ok: null, said: 'no Prometheus watches this topology' },
      ],
    })
    .add(2, { kind: 'begun', despite: null }, ANA)
    .add(2.1, { kind: 'armed', inject: 'inject-1' }, ANA)
    .add(2.2, { kind: 'runs', inject: 'inject-1', run: 'run-a', dir: '/reports/run-a' })
    .add(2.6, { kind: 'ready', inject: 'inject-1' })
    .add(3, { kind: 'ordered', inject: 'inject-1' }, ANA)
    .add(3.02, { kind: 'injected', inject: 'inject-1', at: at(3) })
    .add(3.6, { kind: 'alert', inject: 'inject-1', name: 'ErrorsHigh', labels, state: 'pending', at: at(3.5) })
    .add(3.8, { kind: 'alert', inject: 'inject-1', name: 'ErrorsHigh', labels, state: 'firing', at: at(3.75) })
    .add(3.9, { kind: 'alert', inject: 'inject-1', name: 'ErrorsHigh', labels, state: 'delivered', at: at(3.85) })
    .add(4, { kind: 'seen', inject: 'inject-1', at: at(4) }, BEN)
    .add(4.5, { kind: 'note', note: 'n-1', tag: 'observation', at: at(4.5), text: null }, CEM)
    .add(5, { kind: 'text', note: 'n-1', text: 'Ben looks at the queue first' }, CEM)
    .add(5.5, { kind: 'understood', inject: 'inject-1', at: at(5.5) }, BEN)
    .add(6, { kind: 'paused', why: 'the projector fails' }, ANA)
    .add(7, { kind: 'resumed' }, ANA)
    .add(9.5, { kind: 'mitigated', inject: 'inject-1', at: at(9.5) }, BEN)
    .add(9.6, { kind: 'ending', inject: 'inject-1', why: 'facilitator' }, ANA)
    .add(9.7, { kind: 'healed', inject: 'inject-1', at: at(9.7) })
    .add(10, { kind: 'healthy', inject: 'inject-1', at: at(10) })
    .add(10, { kind: 'alert', inject: 'inject-1', name: 'ErrorsHigh', labels, state: 'resolved', at: at(10) })
    .add(11, { kind: 'judged', inject: 'inject-1', run: 'run-a', verdict: 'PASS', restored: true, reason: null })
    .add(
      11.5,
      { kind: 'note', note: 'n-2', tag: 'surprise', at: at(11.5), text: 'The graph of jobs was red all the time' },
      CEM,
    )
    .add(12, { kind: 'armed', inject: 'inject-2' }, ANA)
    .add(12.1, { kind: 'runs', inject: 'inject-2', run: 'run-b', dir: '/reports/run-b' })
    .add(12.5, { kind: 'ready', inject: 'inject-2' })
    .add(13, { kind: 'ordered', inject: 'inject-2' }, ANA)
    .add(13.01, { kind: 'injected', inject: 'inject-2', at: at(13) });
}

/** The whole record: the hidden inject was aborted by the button, the drawn one skipped, and an action follows. */
export const recordedWhole = (day: GameDay = sampleDay()): Recorded =>
  recordedToHidden(day)
    .add(14, { kind: 'seen', inject: 'inject-2', at: at(14) }, BEN)
    .add(16, { kind: 'aborted', inject: 'inject-2', cause: 'button', why: 'a customer called' }, BEN)
    .add(16.1, { kind: 'healed', inject: 'inject-2', at: at(16.1) })
    .add(16.5, {
      kind: 'judged',
      inject: 'inject-2',
      run: 'run-b',
      verdict: 'ABORTED',
      restored: true,
      reason: 'a customer called',
    })
    .add(17, { kind: 'resumed' }, ANA)
    .add(17.5, { kind: 'revealed', inject: 'inject-2' }, ANA)
    .add(18, { kind: 'skipped', inject: 'inject-3', why: 'no time is left' }, ANA)
    .add(19, { kind: 'note', note: 'n-3', tag: 'moment', at: at(19), text: null }, CEM)
    .add(
      20,
      {
        kind: 'action',
        action: 'action-1',
        what: 'Alert on a missing primary',
        owner: 'Dora',
        due: '2026-12-14',
        experiment: 'postgres-primary-loss',
      },
      CEM,
    )
    .add(21, { kind: 'closed' }, ANA);

/** What a report is made from: the whole record, without any file of a run unless `read` has one. */
export function sampleRead({
  day = sampleDay(),
  events = recordedWhole(day).events,
  earlier = [],
  read = () => undefined,
}: Partial<Pick<GamedayRead, 'events' | 'earlier' | 'read'>> & { readonly day?: GameDay } = {}): GamedayRead {
  const state = gamedayState(events);
  if (state === undefined) throw new Error('a record begins with opened');
  return {
    document: gamedayDocument(state, '/reports/20261128-090000-gameday-made-up-3f9a'),
    events,
    state,
    earlier,
    read,
  };
}

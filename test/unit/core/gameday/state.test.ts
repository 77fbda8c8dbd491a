import { expect } from 'chai';
import { describe, it } from 'mocha';
import { gamedayDocument } from '../../../../harness/core/gameday/document.ts';
import type { GamedayNews } from '../../../../harness/core/gameday/events.ts';
import { dueAt, pausedMs } from '../../../../harness/core/gameday/pauses.ts';
import { atWork, gamedayState } from '../../../../harness/core/gameday/state.ts';
import { injectTimes } from '../../../../harness/core/gameday/times.ts';
import { gamedayHeadline } from '../../../../harness/reporters/wording/gameday.ts';
import {
  ANA,
  BEN,
  CAI,
  eventsOf,
  MINUTE,
  NINE,
  plannedInject,
  sampleDay,
  stateOf,
} from '../../../helpers/samples/gameday.ts';

const inject = 'inject-1';
const day = sampleDay([plannedInject(1, 'announced'), plannedInject(2, 'hidden', 'disk')]);
type Timed = GamedayNews & { readonly t?: number; readonly by?: typeof ANA };
const at = (minute: number, news: GamedayNews, by?: typeof ANA): Timed => ({
  ...news,
  t: NINE + minute * MINUTE,
  ...(by && { by }),
});

/** From the beginning to a failure that is in force since minute 5. */
const INJECTED: readonly Timed[] = [
  at(1, { kind: 'joined' }, ANA),
  at(2, { kind: 'begun', despite: null }, ANA),
  at(3, { kind: 'armed', inject }, ANA),
  at(3, { kind: 'runs', inject, run: 'run-1', dir: '/reports/run-1' }),
  at(4, { kind: 'ready', inject }),
  at(5, { kind: 'ordered', inject }, ANA),
  at(5, { kind: 'injected', inject, at: NINE + 5 * MINUTE }),
];
const stateAfter = (...news: readonly Timed[]) => stateOf(eventsOf(day, news));
const first = (...news: readonly Timed[]) => stateAfter(...INJECTED, ...news).injects[0]!;

describe('what a game day says of its system', () => {
  const restored = (...news: readonly Timed[]) => gamedayDocument(stateAfter(...INJECTED, ...news), '/a-day').restored;
  const judged = (back: boolean): Timed =>
    at(14, { kind: 'judged', inject, run: 'run-1', verdict: 'PASS', restored: back, reason: null });

  it('is that it was put back when each run says so, and not known when the server died at work', () => {
    expect(gamedayDocument(stateAfter(), '/a-day').restored).to.equal(true);
    expect([restored(judged(true)), restored(judged(false))]).to.deep.equal([true, false]);
    const unknown = gamedayDocument(stateAfter(...INJECTED), '/a-day');
    expect(unknown.restored).to.equal(null);
    expect(gamedayHeadline(unknown)).to.match(/Nobody knows whether everything was put back: chaos status\.$/);
  });
});

describe('the state of a game day', () => {
  it('is nothing before it was opened', () => {
    expect(gamedayState([])).to.equal(undefined);
  });

  it('follows an inject from arming to its verdict', () => {
    expect(stateAfter().injects.map(({ stage }) => stage)).to.deep.equal(['to come', 'to come']);
    const stages = INJECTED.map((_, i) => stateAfter(...INJECTED.slice(0, i + 1)).injects[0]!.stage);
    expect(stages).to.deep.equal(['to come', 'to come', 'armed', 'armed', 'ready', 'ordered', 'in force']);
    const done = first(
      at(13, { kind: 'ending', inject, why: 'time' }),
      at(13, { kind: 'healed', inject, at: NINE + 13 * MINUTE + 2_000 }),
      at(14, { kind: 'judged', inject, run: 'run-1', verdict: 'PASS', restored: true, reason: null }),
    );
    expect(done).to.deep.include({
      stage: 'done',
      verdict: 'PASS',
      restored: true,
      healed: NINE + 13 * MINUTE + 2_000,
    });
    expect(atWork(stateAfter(...INJECTED))?.plan.id).to.equal(inject);
  });

  it('moves the end of an inject by extensions and pauses, and never beyond its longest time', () => {
    const due = (...news: readonly Timed[]): number => {
      const state = stateAfter(...INJECTED, ...news);
      return ((dueAt(state.injects[0]!, state.pauses, NINE + 60 * MINUTE) ?? NaN) - NINE) / MINUTE;
    };
    expect(due()).to.equal(13);
    expect(due(at(6, { kind: 'extended', inject, ms: 2 * MINUTE }))).to.equal(15);
    expect(due(at(6, { kind: 'paused', why: 'coffee' }), at(9, { kind: 'resumed' }))).to.equal(16);
    expect(due(at(6, { kind: 'paused', why: 'coffee' }))).to.equal(20);
    expect(due(at(6, { kind: 'extended', inject, ms: 60 * MINUTE }))).to.equal(20);
  });

  it('counts the first press of each button, and the time from the failure on', () => {
    const one = first(
      at(6, { kind: 'seen', inject, at: NINE + 6 * MINUTE }, BEN),
      at(7, { kind: 'seen', inject, at: NINE + 7 * MINUTE }, CAI),
      at(8, { kind: 'alert', inject, name: 'Slow', labels: {}, state: 'pending', at: NINE + 6 * MINUTE }),
      at(8, { kind: 'alert', inject, name: 'Slow', labels: {}, state: 'firing', at: NINE + 8 * MINUTE }),
      at(8, { kind: 'alert', inject, name: 'Later', labels: {}, state: 'firing', at: NINE + 9 * MINUTE }),
      at(15, { kind: 'healthy', inject, at: NINE + 12 * MINUTE }),
    );
    expect(one.seen).to.deep.equal({ at: NINE + 6 * MINUTE, by: BEN });
    const times = injectTimes(one, { pauses: [] });
    expect(times.map(({ mark, cameMs, expectedMs, inTime }) => [mark, cameMs, expectedMs, inTime])).to.deep.equal([
      ['alert', 3 * MINUTE, MINUTE, false],
      ['seen', MINUTE, 2 * MINUTE, true],
      ['understood', null, 4 * MINUTE, false],
      ['mitigated', null, 6 * MINUTE, false],
      ['healthy', 7 * MINUTE, 7 * MINUTE, true],
    ]);
    expect(times.map(({ what }) => what)).to.deep.equal(['Slow', 'Ben', null, null, null]);
  });

  it('leaves pauses out of the times of people, and not of machines', () => {
    const pauses = [{ from: NINE + 6 * MINUTE, to: NINE + 8 * MINUTE }];
    const one = first(
      at(9, { kind: 'seen', inject, at: NINE + 9 * MINUTE }, BEN),
      at(9, { kind: 'alert', inject, name: 'Slow', labels: {}, state: 'firing', at: NINE + 9 * MINUTE }),
    );
    const [alert, seen] = injectTimes(one, { pauses });
    expect(alert).to.include({ cameMs: 4 * MINUTE, countedMs: 4 * MINUTE });
    expect(seen).to.include({ cameMs: 4 * MINUTE, countedMs: 2 * MINUTE, inTime: true });
    expect(pausedMs([{ from: NINE }], NINE + MINUTE, NINE + 3 * MINUTE)).to.equal(2 * MINUTE);
  });

  it('says of an inject that was never in force that nothing can be judged', () => {
    const [one] = stateAfter(at(2, { kind: 'begun', despite: null })).injects;
    expect(
      injectTimes(one!, { pauses: [] }).every(({ cameMs, inTime }) => cameMs === null && inTime === null),
    ).to.equal(true);
  });

  it('calls users who never felt a failure healthy at once', () => {
    const healthy = injectTimes(first(at(15, { kind: 'healthy', inject, at: null })), { pauses: [] }).at(-1);
    expect(healthy).to.include({ mark: 'healthy', cameMs: 0, inTime: true });
  });

  it('pauses at an abort, and an aborted inject may be armed again with times of its own', () => {
    const state = stateAfter(
      ...INJECTED,
      at(6, { kind: 'seen', inject, at: NINE + 6 * MINUTE }, BEN),
      at(7, { kind: 'aborted', inject, cause: 'button', why: 'enough' }, ANA),
      at(7, { kind: 'healed', inject, at: NINE + 7 * MINUTE + 900 }),
      at(8, { kind: 'judged', inject, run: 'run-1', verdict: 'ABORTED', restored: true, reason: 'ended' }),
    );
    expect(state.stage).to.equal('paused');
    expect(state.injects[0]).to.deep.include({ stage: 'aborted', healed: NINE + 7 * MINUTE + 900, verdict: 'ABORTED' });
    const again = first(
      at(7, { kind: 'aborted', inject, cause: 'button', why: 'enough' }, ANA),
      at(9, { kind: 'resumed' }),
      at(10, { kind: 'armed', inject }, ANA),
    );
    expect(again).to.deep.equal({
      plan: day.injects[0],
      revealed: true,
      stage: 'armed',
      attempts: 2,
      armed: NINE + 10 * MINUTE,
      extendedMs: 0,
    });
  });

  it('breaks what was at work when a server died, and keeps the rest', () => {
    const state = stateAfter(
      ...INJECTED,
      at(6, { kind: 'note', note: 'n1', tag: 'moment', at: NINE, text: null }, CAI),
      at(7, { kind: 'continued' }),
    );
    expect(state.injects.map(({ stage }) => stage)).to.deep.equal(['broken', 'to come']);
    expect(state.notes).to.have.length(1);
  });

  it('puts the text of a note where its key was, and takes the last text', () => {
    const { notes } = stateAfter(
      at(1, { kind: 'note', note: 'n1', tag: 'surprise', at: NINE + 30_000, text: null }, CAI),
      at(3, { kind: 'text', note: 'n1', text: 'first' }, CAI),
      at(4, { kind: 'text', note: 'n1', text: 'the queue grew' }, CAI),
    );
    expect(notes).to.deep.equal([{ note: 'n1', tag: 'surprise', at: NINE + 30_000, text: 'the queue grew', by: CAI }]);
  });

  it('changes and drops actions', () => {
    const action = {
      action: 'action-1',
      what: 'an alert on the queue',
      owner: 'Ben',
      due: '2026-12-14',
      experiment: null,
    };
    const { actions } = stateAfter(
      { kind: 'action', ...action },
      { kind: 'action', ...action, action: 'action-2' },
      { kind: 'action', ...action, experiment: 'redis-loss' },
      { kind: 'action.dropped', action: 'action-2' },
    );
    expect(actions).to.deep.equal([{ ...action, experiment: 'redis-loss' }]);
  });

  it('reveals everything when it is closed', () => {
    const state = stateAfter(at(80, { kind: 'closed' }));
    expect(state.injects.every(({ revealed }) => revealed)).to.equal(true);
    expect(state.closed).to.equal(NINE + 80 * MINUTE);
  });
});

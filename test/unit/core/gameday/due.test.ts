import { expect } from 'chai';
import { describe, it } from 'mocha';
import { dueActions } from '../../../../harness/core/gameday/due.ts';
import type { GamedayDocument } from '../../../../harness/core/gameday/document.ts';

const ENDED = '2026-12-05T10:30:00.000Z';
type Action = GamedayDocument['actions'][number];
const action = (n: number, more: Partial<Action> = {}): Action => ({
  action: `action-${n}`,
  what: `thing ${n}`,
  owner: 'Ben',
  due: '2026-12-14',
  experiment: 'redis-loss',
  ...more,
});
const day = (...actions: Action[]) => ({ run: 'a-game-day', ended: ENDED, actions });
const passed = (started: string, verdict = 'PASS') => ({ experiment: 'redis-loss', verdict, started });
const names = (...given: Parameters<typeof dueActions>) =>
  dueActions(...given).map(({ experiment, actions }) => [experiment, actions.map(({ what }) => what)]);

describe('actions of game days that are due', () => {
  it('bring their experiments from their day on, each once, the longest due first', () => {
    const days = [
      day(action(1), action(2, { experiment: 'worker-loss', due: '2026-12-10' })),
      day(action(3, { due: '2026-12-12' }), action(4, { due: '2026-12-20' })),
    ];
    expect(names(days, [], '2026-12-09')).to.deep.equal([]);
    expect(names(days, [], '2026-12-10')).to.deep.equal([['worker-loss', ['thing 2']]]);
    expect(names(days, [], '2026-12-14')).to.deep.equal([
      ['worker-loss', ['thing 2']],
      ['redis-loss', ['thing 3', 'thing 1']],
    ]);
  });

  it('are done when their experiment has passed since the game day', () => {
    const due = (...runs: Parameters<typeof dueActions>[1]) => names([day(action(1))], runs, '2026-12-14').length;
    expect(due()).to.equal(1);
    expect(due(passed('2026-12-06T02:00:00.000Z'))).to.equal(0);
    expect(due(passed('2026-12-06T02:00:00.000Z', 'FAIL'))).to.equal(1);
    expect(due(passed('2026-12-06T02:00:00.000Z', 'INCONCLUSIVE'))).to.equal(1);
    expect(due(passed('2026-12-04T02:00:00.000Z')), 'it passed before').to.equal(1);
  });

  it('bring nothing without an experiment', () => {
    expect(dueActions([day(action(1, { experiment: null }))], [], '2027-01-01')).to.deep.equal([]);
  });
});

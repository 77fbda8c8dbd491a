import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { PlannedFault, PlannedStep } from '../../../harness/core/plan/plan.ts';
import { faultsOf } from '../../../harness/core/plan/steps.ts';
import { timesOf } from '../../../harness/core/plan/times.ts';
import { steps as kinds } from '../../../harness/steps/index.ts';
import type { PlannedWait } from '../../../harness/steps/wait.ts';

const fault = (id: string, at: number, lasts?: number): PlannedFault => ({
  id,
  fault: 'kill',
  params: {},
  at,
  for: lasts,
});
const wait: PlannedWait = { id: 'wait-1', wait: { http: { path: '/health', status: 200 } }, within: 5_000 };

/** Returns when each fault and wait begins and ends, earliest and latest: "3000..8000 to 4000..9000" milliseconds. */
function told(steps: readonly PlannedStep[]): Record<string, string> {
  const rows = [...timesOf(steps, kinds)].flatMap(([step, { begins, ends }]) =>
    'id' in step ? [[String(step.id), `${begins.earliest}..${begins.latest} to ${ends.earliest}..${ends.latest}`]] : [],
  );
  return Object.fromEntries(rows) as Record<string, string>;
}

describe('planned steps', () => {
  it('count their times from the beginning when they are side by side', () => {
    expect(told([fault('a', 1_000, 2_000), fault('b', 500)])).to.deep.equal({
      a: '1000..1000 to 3000..3000',
      b: '500..500 to 500..500',
    });
  });

  it('begin at the end of the previous step in a sequence, where a wait lasts between nothing and its deadline', () => {
    const steps = [{ sequence: [fault('a', 0, 2_000), wait, fault('b', 300, 1_000), fault('c', 0)] }];
    expect(told(steps)).to.deep.equal({
      a: '0..0 to 2000..2000',
      'wait-1': '2000..2000 to 2000..7000',
      b: '2300..7300 to 3300..8300',
      c: '3300..8300 to 3300..8300',
    });
  });

  it('take no time when they are marks', () => {
    const steps = [{ sequence: [fault('a', 0, 2_000), wait, { id: 'mark-1', mark: 'x' }, fault('b', 0)] }];
    expect(told(steps)).to.include({ 'mark-1': '2000..7000 to 2000..7000', b: '2000..7000 to 2000..7000' });
  });

  it('begin, after steps side by side, when the last of these has ended', () => {
    const steps = [{ sequence: [{ parallel: [fault('a', 0, 2_000), fault('b', 1_000, 4_000)] }, fault('c', 0)] }];
    expect(told(steps)['c']).to.equal('5000..5000 to 5000..5000');
  });

  it('are repeated when the interval is over and the previous round has ended', () => {
    const rounds = (every: number): PlannedStep[] => [
      { every, rounds: [{ sequence: [fault('a', 0, 2_000)] }, { sequence: [fault('b', 0, 2_000)] }] },
    ];
    expect(told(rounds(5_000))['b']).to.equal('5000..5000 to 7000..7000');
    expect(told(rounds(0))['b']).to.equal('2000..2000 to 4000..4000');
  });

  it('give all their faults in the order in which they are written', () => {
    const steps = [
      fault('a', 0),
      { sequence: [wait, { parallel: [fault('b', 0)] }, { every: 0, rounds: [fault('c', 0), fault('d', 0)] }] },
    ];
    expect(faultsOf(steps).map((f) => f.id)).to.deep.equal(['a', 'b', 'c', 'd']);
  });
});

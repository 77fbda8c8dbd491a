import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { PlannedFault, PlannedStep, PlannedWait } from '../../../harness/core/plan.ts';
import { describeCondition, faultsOf, timesOf } from '../../../harness/core/steps.ts';

const fault = (id: string, at: number, lasts?: number): PlannedFault => ({
  id,
  fault: 'kill',
  params: {},
  at,
  for: lasts,
});
const wait: PlannedWait = { id: 'wait-1', wait: { http: { path: '/health', status: 200 } }, within: 5_000 };

/** "3000..8000 to 4000..9000": when each fault and wait begins and ends. */
function told(steps: readonly PlannedStep[]): Record<string, string> {
  const rows = [...timesOf(steps)].flatMap(([step, { begins, ends }]) =>
    'id' in step ? [[step.id, `${begins.earliest}..${begins.latest} to ${ends.earliest}..${ends.latest}`]] : [],
  );
  return Object.fromEntries(rows) as Record<string, string>;
}

describe('the times of steps', () => {
  it('side by side: each from the beginning', () => {
    expect(told([fault('a', 1_000, 2_000), fault('b', 500)])).to.deep.equal({
      a: '1000..1000 to 3000..3000',
      b: '500..500 to 500..500',
    });
  });

  it('in sequence: each from the end of the one before, a wait between nothing and its deadline', () => {
    const steps = [{ sequence: [fault('a', 0, 2_000), wait, fault('b', 300, 1_000), fault('c', 0)] }];
    expect(told(steps)).to.deep.equal({
      a: '0..0 to 2000..2000',
      'wait-1': '2000..2000 to 2000..7000',
      b: '2300..7300 to 3300..8300',
      c: '3300..8300 to 3300..8300',
    });
  });

  it('after steps side by side: when the last of them has ended', () => {
    const steps = [{ sequence: [{ parallel: [fault('a', 0, 2_000), fault('b', 1_000, 4_000)] }, fault('c', 0)] }];
    expect(told(steps)['c']).to.equal('5000..5000 to 5000..5000');
  });

  it('repeated: no sooner than every so often, and no sooner than the round before has ended', () => {
    const rounds = (every: number): PlannedStep[] => [
      { every, rounds: [{ sequence: [fault('a', 0, 2_000)] }, { sequence: [fault('b', 0, 2_000)] }] },
    ];
    expect(told(rounds(5_000))['b']).to.equal('5000..5000 to 7000..7000');
    expect(told(rounds(0))['b']).to.equal('2000..2000 to 4000..4000');
  });

  it('faultsOf finds every fault, in the order in which they are written', () => {
    const steps = [
      fault('a', 0),
      { sequence: [wait, { parallel: [fault('b', 0)] }, { every: 0, rounds: [fault('c', 0), fault('d', 0)] }] },
    ];
    expect(faultsOf(steps).map((f) => f.id)).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('says in words what is waited for', () => {
    const said = [
      { role: { of: 'postgres', becomes: 'primary' } },
      { role: { of: 'postgres-a', becomes: 'unknown' } },
      { http: { path: '/health', status: 503 } },
      { sql: { query: 'select 1', equals: '1' } },
      { command: { service: 'app', replica: 2, run: ['test', '-e', '/tmp/a b'] } },
    ] as const;
    expect(said.map((condition) => describeCondition(condition))).to.deep.equal([
      'one of postgres becomes primary',
      'one of postgres-a no longer answers',
      'GET /health answers 503',
      '"select 1" answers 1 on the primary',
      "test -e '/tmp/a b' (in app 2) succeeds",
    ]);
  });
});

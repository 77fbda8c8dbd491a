import { expect } from 'chai';
import { describe, it } from 'mocha';
import { renderGate } from '../../../../harness/reporters/console/gate.ts';

const GATE = {
  verdict: 'regression',
  reason: null,
  experiment: 'redis-loss',
  base: ['r1'],
  now: 'r2',
  figures: [
    {
      name: 'latency p95 (fault)',
      unit: 'duration' as const,
      from: 100,
      to: 125,
      rerun_from: 101,
      rerun_to: 126,
      confirmed: true,
    },
  ],
  reruns: [{ counts: true }, { counts: false }],
};

describe('renderGate', () => {
  it('prints each figure that looked worse with its reruns, and the verdict last', () => {
    expect(renderGate(GATE).split('\n')).to.deep.equal([
      'redis-loss: r2 against r1',
      '',
      'looks worse            base     now  base again  now again  reruns say',
      'latency p95 (fault)  100 ms  125 ms      101 ms     126 ms       worse',
      '',
      'reruns: 2, of which 1 count',
      'regression',
      '',
    ]);
  });

  it('says why it cannot tell, and when nothing looks worse', () => {
    const none = { ...GATE, figures: [], reruns: [] };
    expect(renderGate({ ...none, verdict: 'cannot tell', reason: 'no image' })).to.equal(
      'redis-loss: r2 against r1\ncannot tell: no image\n',
    );
    expect(renderGate({ ...none, verdict: 'no regression' })).to.include('no figure of a check looks worse');
  });
});

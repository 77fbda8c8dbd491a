import { expect } from 'chai';
import { describe, it } from 'mocha';
import { timelineOf } from '../../../../../harness/reporters/html/charts/timeline.ts';
import { sampleHistory, spanOf } from '../../../../helpers/samples/history.ts';

const OBSERVER = 'app -> redis:6379';

/** The bars of an observer that answered at these moments, in seconds after the load began. */
function barsOf(...answers: readonly (readonly [t: number, ok: boolean])[]) {
  const { started } = spanOf('warmup');
  const events = answers.map(([t, ok]) => ({
    kind: 'observation' as const,
    t: started + t * 1_000,
    observer: OBSERVER,
    ok,
    rtt: 1,
    established: 1,
    ...(ok ? {} : { error: 'refused' }),
  }));
  const { lanes } = timelineOf(sampleHistory({ events }));
  const bars = lanes.find(({ name }) => name === OBSERVER)?.bars ?? [];
  return bars.map(({ from, to, label }) => [from, to, label]);
}

describe('the lane of an observer', () => {
  it('has one bar for answers that follow each other, and another when they fail', () => {
    expect(barsOf([1, true], [2, true], [3, false], [4, false], [4.5, true])).to.deep.equal([
      [1, 2.6, OBSERVER],
      [3, 4.5, `${OBSERVER}: refused`],
      [4.5, 4.75, OBSERVER],
    ]);
  });

  it('has a gap where answers are missing', () => {
    expect(barsOf([1, true], [2, true], [6, true], [7, true])).to.deep.equal([
      [1, 2.6, OBSERVER],
      [6, 7.25, OBSERVER],
    ]);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { processorTime } from '../../../harness/probes/steal.ts';

describe('processorTime', () => {
  it('returns the sums of all cores in milliseconds, with guest time as part of user time', () => {
    const stat =
      'cpu  39057 1416 19467 74201 752 3 2377 139 11 0\ncpu0 1 1 1 1 1 1 1 1 0 0\nintr 9 0 0\nctxt 5\nbtime 1795590000\n';
    expect(processorTime(stat)).to.deep.equal({
      busy: (39_057 + 1_416 + 19_467 + 3 + 2_377) * 10,
      idle: (74_201 + 752) * 10,
      stolen: 1_390,
    });
  });

  it('returns no stolen time for an old kernel without a column for it, and undefined for any other text', () => {
    expect(processorTime('cpu  10 0 5 100 1 0 2\n')).to.deep.equal({ busy: 170, idle: 1_010, stolen: 0 });
    expect(processorTime('')).to.equal(undefined);
    expect(processorTime('cpu0 1 2 3 4 5 6 7 8')).to.equal(undefined);
  });
});

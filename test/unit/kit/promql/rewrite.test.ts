import { expect } from 'chai';
import { describe, it } from 'mocha';
import { inlined, rangesMs, withRanges } from '../../../../harness/kit/promql/rewrite.ts';

const RECORDS = new Map([
  ['job:up', 'sum(up{job="app"})'],
  ['errors_total:all', 'rate(errors_total[30s])'],
  ['a:circle', 'b:circle + 1'],
  ['b:circle', 'a:circle + 1'],
]);

describe('an expression that is written anew', () => {
  it('has what its recording rules read in place of their names, and touches no text in quotes', () => {
    expect(inlined('job:up < 3 and errors_total:all > 0.1', RECORDS)).to.equal(
      '(sum(up{job="app"})) < 3 and (rate(errors_total[30s])) > 0.1',
    );
    expect(inlined('count(up{rule="job:up"}) by (le) > 1', RECORDS)).to.equal('count(up{rule="job:up"}) by (le) > 1');
    expect(inlined('job:other > 1 # job:up', RECORDS)).to.equal('job:other > 1 # job:up');
  });

  it('keeps a name that is selected from: an expression cannot be', () => {
    for (const text of ['job:up{a="b"} > 1', 'max_over_time(job:up[5m]) > 1'])
      expect(inlined(text, RECORDS)).to.equal(text);
    expect(inlined('max_over_time(job:up[5m:10s]) > 1', RECORDS)).to.equal(
      'max_over_time((sum(up{job="app"}))[5m:10s]) > 1',
    );
  });

  it('ends where rules name each other in a circle', () => {
    expect(inlined('a:circle', RECORDS)).to.include('circle');
  });

  it('has other ranges, with the offsets and steps as they were', () => {
    const text = 'rate(a{x="[1h]"}[1h30m] offset 5m) > 1 and max_over_time(b[1h:5m]) > 2';
    expect(rangesMs(text)).to.deep.equal([5_400_000, 3_600_000]);
    expect(withRanges(text, (ms) => ms / 60)).to.equal(
      'rate(a{x="[1h]"}[90s] offset 5m) > 1 and max_over_time(b[60s:5m]) > 2',
    );
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { kindsOf } from '../../../harness/plan/index.ts';
import { known } from '../../helpers/known.ts';

const { faults, checks, series } = known;

describe('the names in an experiment', () => {
  it('are of one thing each: a fault and a step, or a check and a series, of one name are an error', () => {
    const named = <T extends object>(things: readonly T[], name: string): T[] => [...things, { ...things[0]!, name }];
    expect(() => kindsOf({ ...known, faults: named(faults, 'repeat') })).to.throw(
      'two faults or steps are named "repeat"',
    );
    expect(() => kindsOf({ ...known, series: named(series, 'latency') })).to.throw(
      'two checks or series are named "latency"',
    );
    expect(() => kindsOf({ ...known, checks: named(checks, 'cpu') })).to.throw('two checks or series are named "cpu"');
    expect(() => kindsOf(known)).not.to.throw();
  });
});

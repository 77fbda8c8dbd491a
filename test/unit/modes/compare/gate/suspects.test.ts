import { expect } from 'chai';
import { describe, it } from 'mocha';
import { suspectsOf } from '../../../../../harness/modes/compare/gate/suspects.ts';
import type { TrendRun } from '../../../../../harness/core/trend/trend.ts';
import { nightRun } from '../../../../helpers/samples/history-of-runs.ts';

/** Runs whose p95 is about `level`, between one less and one more. */
const history = (levels: readonly number[]): TrendRun[] =>
  levels.map((level, night) => nightRun(night, { p95: level + (night % 3) - 1 }));
const flat = (count: number, level = 100): number[] => Array<number>(count).fill(level);
const asked = (
  runs: readonly TrendRun[],
  base: readonly number[],
  answers: Parameters<typeof suspectsOf>[0]['answers'] = [],
) => suspectsOf({ runs, base: base.map((i) => runs[i]!), now: runs.at(-1)!, answers });

describe('what looks worse than the base', () => {
  it('is a figure that is worse by 5 % when there is little history', () => {
    expect(asked(history([100, 120]), [0])).to.deep.equal([
      {
        name: 'latency p95 (fault)',
        unit: 'duration',
        from: 99,
        to: 120,
        residuals: [],
        values: 2,
        p: 1,
      },
    ]);
    expect(asked(history([100, 102]), [0])).to.deep.equal([]);
    expect(asked(history([120, 100]), [0]), 'for the better').to.deep.equal([]);
  });

  it('is a figure that is unusual for its history, and not one that often is so', () => {
    expect(asked(history([...flat(19), 115]), [3])[0]?.residuals).to.have.lengthOf(19);
    const restless = Array.from({ length: 20 }, (_, night) => nightRun(night, { p95: 80 + ((night * 17) % 41) }));
    const last = nightRun(20, { p95: 118 });
    expect(suspectsOf({ runs: restless, base: [restless[3]!], now: last, answers: [] })).to.deep.equal([]);
  });

  it('is a young change of the history with the base before it, although no single run is unusual', () => {
    const wide = (night: number, level: number): TrendRun =>
      nightRun(night, { p95: level + [0, 9, -9, 4, -4][night % 5]! });
    const runs = [...flat(25).map((l, n) => wide(n, l)), ...flat(8, 122).map((l, n) => wide(25 + n, l))];
    const question = { runs, base: [runs[20]!], now: runs.at(-1)!, answers: [] };
    const [suspect] = suspectsOf(question);
    expect(suspect).to.include({ name: 'latency p95 (fault)', values: 33 });
    // From after the change, a rerun of the base would be the same as now.
    expect(suspectsOf({ ...question, base: [runs[30]!] })).to.deep.equal([]);
  });

  it('does not hide that a base has no such figure', () => {
    const runs = history([100, 120]);
    const other = nightRun(0, { p95: 100, over: { checks: [] } });
    expect(suspectsOf({ runs: [], base: [other], now: runs[1]!, answers: [] })).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { renderComparison } from '../../../../harness/reporters/console/compare.ts';

const row = (metric: string, finding: string) => ({
  phase: 'load',
  endpoint: null,
  metric,
  a: 0.01,
  b: 0.03,
  change: { value: 0.02, lower: 0.01, upper: 0.03 },
  finding,
});
const lastLine = (verdict: string, ...comparisons: readonly ReturnType<typeof row>[]): string | undefined =>
  renderComparison({ verdict, a: ['a'], b: ['b'], unit: 'runs', least: 0.1, notes: [], invalid: [], comparisons })
    .trim()
    .split('\n')
    .at(-1);

describe('the last line of a comparison', () => {
  it('calls slower what is slower, and not what fails more', () => {
    expect(lastLine('slower', row('p95', 'slower'), row('errors', 'no difference'))).to.equal('B is slower than A');
    expect(lastLine('slower', row('p95', 'no difference'), row('errors', 'slower'))).to.equal(
      'B has more failures than A',
    );
    expect(lastLine('slower', row('p95', 'slower'), row('errors', 'slower'))).to.equal(
      'B is slower and has more failures than A',
    );
    expect(lastLine('faster', row('p95', 'no difference'), row('errors', 'faster'))).to.equal(
      'B has fewer failures than A',
    );
    expect(lastLine('no difference', row('errors', 'no difference'))).to.equal('no visible difference');
  });
});

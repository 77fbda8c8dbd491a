import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type Answers, confirmedBy, lastAnswer } from '../../../../harness/core/trend/answers.ts';

const day = (n: number): string => `2026-09-${String(n).padStart(2, '0')}T02:00:00.000Z`;
const answers = (base: number, now: number, confirmed: boolean, experiment = 'e'): Answers => ({
  experiment,
  base: day(base),
  now: day(now),
  figures: [{ name: 'p95', confirmed, values: now, p: 1 / now }],
});
const ALL = [answers(10, 13, true), answers(2, 5, false), answers(1, 20, true, 'other')];

describe('the answers of reruns', () => {
  it('say of a change what the reruns found that had it between their sides', () => {
    const confirmed = confirmedBy(ALL);
    expect(confirmed('e', 'p95', day(11))).to.equal(true);
    expect(confirmed('e', 'p95', day(13))).to.equal(true);
    expect(confirmed('e', 'p95', day(5))).to.equal(false);
    expect(confirmed('e', 'p95', day(2)), 'the base is not changed yet').to.equal(null);
    expect(confirmed('e', 'p95', day(8))).to.equal(null);
    expect(confirmed('e', 'errors', day(11))).to.equal(null);
    expect(confirmed('third', 'p95', day(11))).to.equal(null);
  });

  it('are overruled by newer ones', () => {
    expect(confirmedBy([...ALL, answers(10, 15, false)])('e', 'p95', day(11))).to.equal(false);
  });

  it('know the last answer about a figure', () => {
    expect(lastAnswer(ALL, 'e', 'p95')).to.deep.include({ values: 13, confirmed: true });
    expect(lastAnswer(ALL, 'e', 'errors')).to.equal(undefined);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunDocument } from '../../../../../harness/core/record/run.ts';
import type { Side } from '../../../../../harness/core/trend/interleave.ts';
import { gate, type GateParts } from '../../../../../harness/modes/compare/gate/gate.ts';
import type { Way } from '../../../../../harness/modes/compare/gate/same.ts';
import { nightDocument, nightOf, nightRun } from '../../../../helpers/samples/history-of-runs.ts';

const base = nightRun(0, { p95: 100 });
const slow = nightRun(1, { p95: 125 });

interface World {
  /** The p95 of the rerun with this number, from 0, of this side. */
  readonly p95: (side: Side, n: number) => number;
  readonly way?: Way;
  readonly over?: (n: number) => Partial<RunDocument>;
}

/** Parts whose reruns have these figures. Counts how many were made. */
function world({ p95, way = { is: 'images' }, over = () => ({}) }: World): GateParts & { readonly made: Side[] } {
  const made: Side[] = [];
  return {
    made,
    say: () => undefined,
    way: () => Promise.resolve(way),
    async *rerun(order) {
      for (const side of order) {
        const n = made.push(side) - 1;
        const given = { p95: p95(side, n), over: over(n) };
        yield await Promise.resolve([side, nightDocument('d', `rerun-${n}`, 2, given)] as const);
      }
    },
  };
}

const asks = (now = slow, of = base) => ({ base: [of], now, runs: [of, now], answers: [] });
const jitter = (n: number): number => [0, 2, -3, 1, -1][n % 5]!;
const REAL = (side: Side, n: number): number => (side === 'base' ? 100 : 125) + jitter(n);
const NOISE = (_: Side, n: number): number => 100 + jitter(n);

describe('a gate', () => {
  it('calls a regression what ten interleaved reruns show too, exit 1', async () => {
    const parts = world({ p95: REAL });
    const found = await gate(asks(), parts);
    expect(found).to.include({
      verdict: 'regression',
      exit_code: 1,
      reason: null,
      experiment: 'redis-loss',
      now: nightOf(1),
    });
    expect(parts.made.map((side) => side.charAt(0)).join('')).to.equal('bnnbbnnbbn');
    expect(found.base).to.deep.equal([nightOf(0)]);
    expect(found.reruns).to.have.lengthOf(10);
    expect(found.figures[0]).to.include({ name: 'latency p95 (fault)', from: 100, to: 125, confirmed: true });
    expect(found.figures[0]).not.to.have.property('residuals');
    expect(found.answers).to.deep.equal({
      experiment: 'redis-loss',
      base: base.started,
      now: slow.started,
      figures: [{ name: 'latency p95 (fault)', confirmed: true, values: 2, p: 1 }],
    });
  });

  it('calls nothing a regression that the reruns do not show, exit 0', async () => {
    const found = await gate(asks(), world({ p95: NOISE }));
    expect(found).to.include({ verdict: 'no regression', exit_code: 0 });
    expect(found.figures[0]).to.include({ confirmed: false });
  });

  it('makes no rerun when nothing looks worse', async () => {
    const parts = world({ p95: REAL });
    expect(await gate(asks(nightRun(1, { p95: 102 })), parts)).to.include({ verdict: 'no regression', exit_code: 0 });
    expect(await gate(asks(nightRun(1, { p95: 60 })), parts)).to.include({ verdict: 'no regression' });
    expect(parts.made).to.deep.equal([]);
  });

  it('cannot tell when the base cannot be made once more, exit 4, and says why', async () => {
    const parts = world({ p95: REAL, way: { is: 'none', why: 'the engine no longer has the image' } });
    const found = await gate(asks(), parts);
    expect(found).to.include({
      verdict: 'cannot tell',
      exit_code: 4,
      reason: 'reruns are not possible: the engine no longer has the image',
    });
    expect(found.figures.map(({ name, confirmed }) => [name, confirmed])).to.deep.equal([
      ['latency p95 (fault)', null],
    ]);
    expect(found.answers.figures).to.deep.equal([]);
    expect(parts.made).to.deep.equal([]);
  });

  it('cannot tell from a run that proves nothing, and from runs without a common figure', async () => {
    const invalid = [{ code: 'CHAOS_CPU_STOLEN', message: '' }];
    for (const question of [
      asks(nightRun(1, { p95: 125, over: { invalid } })),
      asks(slow, nightRun(0, { p95: 100, verdict: 'ABORTED' })),
      asks(nightRun(1, { p95: 125, over: { checks: [] } })),
    ])
      expect(await gate(question, world({ p95: REAL }))).to.include({ verdict: 'cannot tell', exit_code: 4 });
  });

  it('does without one rerun of a side that proves nothing, and not without two', async () => {
    const failing = (...numbers: number[]) =>
      world({
        p95: REAL,
        over: (n) => (numbers.includes(n) ? { verdict: 'INCONCLUSIVE', invalid: [{ code: 'C', message: '' }] } : {}),
      });
    const one = await gate(asks(), failing(0, 1));
    expect(one).to.include({ verdict: 'regression' });
    expect(one.reruns.filter(({ counts }) => !counts)).to.have.lengthOf(2);
    const two = await gate(asks(), failing(0, 3));
    expect(two).to.include({ verdict: 'cannot tell', exit_code: 4 });
    expect(two.reason).to.include('too few reruns');
  });

  it('ends with the verdict of a rerun that was interrupted or not restored, and makes no more', async () => {
    const parts = world({
      p95: REAL,
      over: (n) => (n === 2 ? { verdict: 'NOT RESTORED', exit_code: 6, reason: 'the system was not put back' } : {}),
    });
    const found = await gate(asks(), parts);
    expect(found).to.include({ verdict: 'NOT RESTORED', exit_code: 6, reason: 'the system was not put back' });
    expect(parts.made).to.have.lengthOf(3);
  });
});

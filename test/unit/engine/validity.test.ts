import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/events.ts';
import { invalidities } from '../../../harness/engine/validity.ts';
import { sampleHistory, sampleRows, type SampleRows, spanOf } from '../../helpers/sample-history.ts';

/** 100 a second, as planned. */
const FULL: readonly SampleRows[] = [
  { phase: 'baseline', count: 2_000 },
  { phase: 'fault', count: 3_000 },
  { phase: 'heal', count: 400 },
  { phase: 'recovery', count: 2_000 },
];
const codes = (rows: readonly SampleRows[], events: readonly RunEvent[] = []): string[] =>
  invalidities(sampleHistory({ rows: sampleRows(...rows), events })).map((i) => i.code);
const ended = (utilisation: number): RunEvent => ({
  kind: 'load.ended',
  t: spanOf('recovery').ended,
  totals: { planned: 1, sent: 1, ok: 1, failed: 0, dropped: 0, utilisation },
});

describe('the validity gates', () => {
  it('are green when the load was offered as planned', () => {
    expect(codes(FULL, [ended(0.5)])).to.deep.equal([]);
  });

  it('failures are no invalidity: they are what is tested', () => {
    expect(codes(FULL.map((part) => ({ ...part, outcome: 'refused' as const })))).to.deep.equal([]);
  });

  it('1 % less than planned is the most', () => {
    const less = (n: number): readonly SampleRows[] => [{ phase: 'baseline', count: 2_000 - n }, ...FULL.slice(1)];
    expect(codes(less(73))).to.deep.equal([]);
    expect(codes(less(75))).to.deep.equal(['CHAOS_LOAD_SHORT']);
  });

  it('a single dropped request counts, but not one of the warm-up', () => {
    expect(codes([...FULL, { phase: 'recovery', count: 1, outcome: 'dropped' }])).to.deep.equal(['CHAOS_LOAD_DROPPED']);
    expect(codes([...FULL, { phase: 'warmup', count: 9, outcome: 'dropped', lag: 900 }])).to.deep.equal([]);
  });

  it('lateness of the generator: the 99th percentile over 50 ms', () => {
    const late = (count: number): readonly SampleRows[] => [
      ...FULL.slice(0, 3),
      { phase: 'recovery', count: 2_000 - count },
      { phase: 'recovery', count, lag: 51 },
    ];
    expect(codes(late(70))).to.deep.equal([]);
    expect(codes(late(76))).to.deep.equal(['CHAOS_GENERATOR_LAG']);
  });

  it('a generator that was busy all the time', () => {
    expect(codes(FULL, [ended(0.91)])).to.deep.equal(['CHAOS_GENERATOR_SATURATED']);
  });

  it('not one request, and pressure alone', () => {
    expect(codes([])).to.deep.equal(['CHAOS_NO_REQUESTS']);
    expect(codes(FULL.map((part) => ({ ...part, source: 'pressure' as const })))).to.deep.equal(['CHAOS_NO_REQUESTS']);
  });

  it('what was marked while the run lasted comes first', () => {
    const step: RunEvent = {
      kind: 'invalid',
      t: spanOf('fault').started,
      code: 'CHAOS_CLOCK_STEP',
      message: 'stepped',
    };
    expect(codes([], [step])).to.deep.equal(['CHAOS_CLOCK_STEP', 'CHAOS_NO_REQUESTS']);
  });

  it('a run that never came to its fault has no load to be judged', () => {
    expect(invalidities(sampleHistory({ phases: ['warmup', 'baseline'] }))).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { CoveredRun } from '../../../../harness/core/coverage/covered-run.ts';
import { judgeCell, type Now, type Tried } from '../../../../harness/core/coverage/judge-cell.ts';
import { fingerprintOf } from '../../../../harness/core/freshness/fingerprint.ts';
import { coveredRun, digestedPlan, IMAGES, type SampleRun } from '../../../helpers/samples/covered.ts';

/** Experiments as they are now: each as in the sample, with its own name. */
const nowOf = ({ experiment }: CoveredRun): Now => {
  const fingerprint = fingerprintOf({ plan: digestedPlan({ name: experiment }), images: IMAGES });
  return fingerprint === undefined ? { gone: 'no digests' } : { fingerprint };
};
const tried = (...runs: readonly SampleRun[]): Tried[] => runs.map((one) => ({ run: coveredRun(one), beside: [] }));
const judged = (runs: readonly Tried[]) => judgeCell(runs, nowOf);

const OTHER_APP = { ...IMAGES, app: 'sha256:before' };
const STRICTER = digestedPlan({ name: 'stricter' });

describe('a cell', () => {
  it('is never tried without a run', () => {
    expect(judged([])).to.deep.equal({
      state: 'never',
      run: null,
      when: null,
      reason: null,
      experiment: null,
      changed: [],
    });
  });

  it('is proven by a PASS about what is there now, with its run and date', () => {
    expect(judged(tried({ day: 9, verdict: 'PASS' }))).to.deep.equal({
      state: 'proven',
      run: '2026-11-09T03:00:00.000Z-postgres-primary-loss',
      when: '2026-11-09T03:00:00.000Z',
      reason: null,
      experiment: 'postgres-primary-loss',
      changed: [],
    });
  });

  it('is failed by a newer FAIL, with what did not hold', () => {
    const runs = tried(
      { day: 9, verdict: 'FAIL', reason: 'errors (fault): 9 of 10 failed' },
      { day: 8, verdict: 'PASS' },
    );
    expect(judged(runs)).to.include({ state: 'failed', when: '2026-11-09T03:00:00.000Z' });
    expect(judged(runs).reason).to.equal('errors (fault): 9 of 10 failed');
  });

  it('does not hide an earlier FAIL of the same experiment behind a PASS, when nothing was changed between', () => {
    const runs = tried({ day: 9, verdict: 'PASS' }, { day: 8, verdict: 'FAIL' }, { day: 7, verdict: 'PASS' });
    expect(judged(runs)).to.include({
      state: 'proven',
      reason: 'unstable: 1 of 3 runs failed, and nothing was changed between them',
    });
  });

  it('is failed when one of two experiments fails, however new the PASS of the other is', () => {
    const runs = tried({ day: 9, verdict: 'PASS' }, { day: 8, verdict: 'FAIL', plan: STRICTER });
    expect(judged(runs)).to.include({ state: 'failed', experiment: 'stricter' });
  });

  it('is stale when something was changed since, and names it', () => {
    const proof = judged(tried({ day: 9, verdict: 'PASS', images: OTHER_APP }));
    expect(proof).to.include({ state: 'stale', when: '2026-11-09T03:00:00.000Z' });
    expect(proof.changed).to.deep.equal(['the image of app (chaos/app:dev) is another one']);
    expect(proof.reason).to.equal('it was proven, and since then the image of app (chaos/app:dev) is another one');
    expect(judged(tried({ day: 9, verdict: 'FAIL', images: OTHER_APP })).reason).to.match(
      /^it failed, and since then /,
    );
  });

  it('is not failed by a run on a system that was made bad on purpose', () => {
    const runs = tried({ day: 9, verdict: 'FAIL', images: OTHER_APP }, { day: 8, verdict: 'PASS' });
    expect(judged(runs)).to.include({ state: 'proven', when: '2026-11-08T03:00:00.000Z', reason: null });
  });

  it('is stale when the experiment of its proof is gone', () => {
    const gone = judgeCell(tried({ day: 9, verdict: 'PASS' }), () => ({ gone: 'its experiment x is gone' }));
    expect(gone).to.deep.include({ state: 'stale', changed: ['its experiment x is gone'] });
  });

  it('is unclear after INCONCLUSIVE, ABORTED or NOT RESTORED, with the reason', () => {
    for (const verdict of ['INCONCLUSIVE', 'ABORTED', 'NOT RESTORED'] as const)
      expect(judged(tried({ day: 9, verdict, reason: 'too few' }))).to.include({
        state: 'unclear',
        reason: `${verdict}: too few`,
      });
  });

  it('stays proven when a later run decides nothing', () => {
    const runs = tried({ day: 9, verdict: 'INCONCLUSIVE' }, { day: 8, verdict: 'PASS' });
    expect(judged(runs)).to.include({ state: 'proven', when: '2026-11-08T03:00:00.000Z' });
  });

  it('is unclear when the record of its proof has no digests', () => {
    const found = judged(tried({ day: 9, verdict: 'PASS', digests: false }));
    expect(found.state).to.equal('unclear');
    expect(found.reason).to.match(/^the record has no digests/);
  });

  it('is never tried when no run came as far as the fault, and says how the last ended', () => {
    for (const verdict of ['NOT READY', 'ERROR', 'INTERRUPTED'] as const)
      expect(judged(tried({ day: 9, verdict, reason: 'no engine' }))).to.include({
        state: 'never',
        reason: `the last try ended ${verdict}: no engine`,
      });
  });

  it('is proven by a run of several failures, and not failed by one: nobody knows which was to blame', () => {
    const both = (verdict: 'PASS' | 'FAIL'): Tried[] => [
      { run: coveredRun({ day: 9, verdict }), beside: ['kill of app'] },
    ];
    expect(judged(both('PASS'))).to.include({ state: 'proven' });
    expect(judged(both('FAIL'))).to.include({
      state: 'unclear',
      reason: 'a run failed that tried kill of app too: nobody knows which of them was to blame',
    });
    expect(judged([...both('FAIL'), ...tried({ day: 8, verdict: 'PASS' })])).to.include({ state: 'proven' });
  });
});

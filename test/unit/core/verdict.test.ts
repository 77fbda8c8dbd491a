import { expect } from 'chai';
import { describe, it } from 'mocha';
import { EXIT_CODE } from '../../../harness/core/exits.ts';
import { type Findings, judgeRun, worstOf } from '../../../harness/core/verdict.ts';

const sound: Findings = {
  restored: true,
  error: false,
  interrupted: undefined,
  aborted: false,
  notReady: false,
  invalid: false,
  checks: ['PASS'],
};

describe('the verdict of a run', () => {
  it('is the first verdict of the documented order that applies, with its exit code', () => {
    const all: Findings = {
      restored: false,
      error: true,
      interrupted: 'SIGINT',
      aborted: true,
      notReady: true,
      invalid: true,
      checks: ['INCONCLUSIVE', 'FAIL'],
    };
    const order: [Partial<Findings>, string, number][] = [
      [{}, 'NOT RESTORED', 6],
      [{ restored: true }, 'ERROR', 70],
      [{ error: false }, 'INTERRUPTED', 130],
      [{ interrupted: undefined }, 'ABORTED', 5],
      [{ aborted: false }, 'NOT READY', 3],
      [{ notReady: false }, 'INCONCLUSIVE', 4],
      [{ invalid: false }, 'FAIL', 1],
      [{ checks: ['PASS', 'INCONCLUSIVE'] }, 'INCONCLUSIVE', 4],
      [{ checks: ['PASS'] }, 'PASS', 0],
    ];
    let findings = all;
    for (const [change, verdict, code] of order) {
      findings = { ...findings, ...change };
      const judged = judgeRun(findings);
      expect(judged.verdict).to.equal(verdict);
      expect(EXIT_CODE[judged.exit]).to.equal(code);
    }
  });

  it('is never PASS without a check', () => {
    expect(judgeRun({ ...sound, checks: [] }).verdict).to.equal('INCONCLUSIVE');
  });

  it('has exit code 143 when the run was terminated or killed', () => {
    for (const interrupted of ['SIGTERM', 'SIGHUP', 'killed'] as const) {
      expect(EXIT_CODE[judgeRun({ ...sound, interrupted }).exit]).to.equal(143);
    }
  });
});

describe('the verdict of runs that belong together', () => {
  it('is the worst of them, and a run that proves nothing does not hide a failure', () => {
    expect(worstOf(['PASS', 'INCONCLUSIVE', 'FAIL'])).to.equal('FAIL');
    expect(worstOf(['PASS', 'INCONCLUSIVE'])).to.equal('INCONCLUSIVE');
    expect(worstOf(['NOT RESTORED', 'ERROR', 'FAIL'])).to.equal('NOT RESTORED');
    expect(worstOf([])).to.equal(undefined);
  });
});

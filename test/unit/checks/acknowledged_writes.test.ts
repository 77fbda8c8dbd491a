import { expect } from 'chai';
import { describe, it } from 'mocha';
import acknowledged from '../../../harness/checks/acknowledged_writes.ts';
import type { CheckResult } from '../../../harness/core/check-result.ts';
import type { AuditFinding, RunEvent } from '../../../harness/core/events.ts';
import { sampleHistory, spanOf } from '../../helpers/sample-history.ts';

const SOUND: AuditFinding = {
  endpoint: 'POST /api/payments/process',
  acknowledged: 100,
  unknown: 7,
  lost: 0,
  wrong_value: 0,
  overwritten: 0,
  effect_missing: 0,
  effect_repeated: 0,
  duplicated: 0,
  unknown_present: 3,
  examples: [],
};
const AT = spanOf('recovery').ended + 1_000;

function evaluate(findings: readonly Partial<AuditFinding>[], end: object = {}, lost = 0): CheckResult {
  const audits = findings.map((finding): RunEvent => ({ kind: 'audit', t: AT, finding: { ...SOUND, ...finding } }));
  const ended: RunEvent = { kind: 'audit.ended', t: AT + 1, complete: true, primary: '172.30.77.5', ms: 400, ...end };
  const history = sampleHistory({ events: [...audits, ended] });
  return acknowledged.evaluate(history, { lost })[0]!;
}

describe('acknowledged writes', () => {
  it('all there, each once: PASS, with the unanswered ones told apart', () => {
    const result = evaluate([{}, {}]);
    expect(result).to.include({ verdict: 'PASS', samples: 200, expected: '0 lost, none written twice' });
    expect(result.observed).to.equal('0 of 200 lost, 0 written twice; 14 without an answer, 6 of them there');
  });

  const WRONG: readonly (readonly [what: string, finding: Partial<AuditFinding>, told: string])[] = [
    ['one that is missing', { lost: 1 }, '1 of 100 lost (1 missing)'],
    ['one with another value', { wrong_value: 1 }, '1 of 100 lost (1 with another value)'],
    ['an overwritten update', { overwritten: 1 }, '1 of 100 lost (1 overwritten by an older version)'],
    ['a job that was never done', { effect_missing: 1 }, '1 of 100 lost (1 jobs never done)'],
    ['one that was written twice', { duplicated: 1 }, '0 of 100 lost, 1 written twice'],
  ];
  for (const [what, finding, told] of WRONG) {
    it(`${what} is a FAIL`, () => {
      const result = evaluate([{ ...finding, examples: ['key 7f3a'] }]);
      expect(result.verdict).to.equal('FAIL');
      expect(result.observed).to.include(told).and.to.include('for example key 7f3a');
    });
  }

  it('what may be lost is counted over all endpoints', () => {
    expect(evaluate([{ lost: 1 }, { overwritten: 1 }], {}, 2).verdict).to.equal('PASS');
    expect(evaluate([{ lost: 1 }, { overwritten: 2 }], {}, 2).verdict).to.equal('FAIL');
  });

  it('jobs that were done twice are no loss', () => {
    expect(evaluate([{ effect_repeated: 5 }]).verdict).to.equal('PASS');
  });

  it('without a look-up, with half a one, or without a write there is no verdict', () => {
    expect(acknowledged.evaluate(sampleHistory(), { lost: 0 })[0]).to.include({
      verdict: 'INCONCLUSIVE',
      observed: 'the writes were not looked up',
    });
    expect(evaluate([{}], { complete: false, problem: 'connection refused' })).to.include({
      verdict: 'INCONCLUSIVE',
      observed: 'connection refused',
    });
    expect(evaluate([{ acknowledged: 0 }])).to.include({
      verdict: 'INCONCLUSIVE',
      observed: 'not one write was acknowledged',
    });
  });
});

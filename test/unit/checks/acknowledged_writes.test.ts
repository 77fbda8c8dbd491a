import { expect } from 'chai';
import { describe, it } from 'mocha';
import acknowledged from '../../../harness/checks/acknowledged_writes.ts';
import type { CheckResult } from '../../../harness/core/kinds/check-result.ts';
import type { LoadPlan } from '../../../harness/core/load/load.ts';
import type { AuditFinding, RunEvent } from '../../../harness/core/record/events.ts';
import { sampleHistory, sampleRows, SMALL_PLAN, spanOf } from '../../helpers/samples/history.ts';

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
const OTHER = 'POST /api/forms/submit';
/** A load with two endpoints whose writes are looked up. */
const LOAD = auditing(SOUND.endpoint, OTHER);

function auditing(...names: readonly string[]): LoadPlan {
  const { load } = SMALL_PLAN;
  const scenarios = load.workload.scenarios.map((scenario) => ({
    ...scenario,
    endpoints: scenario.endpoints.map((e) => (names.includes(e.name) ? e : { ...e, audit: undefined })),
  }));
  return { ...load, workload: { ...load.workload, scenarios } };
}

const AT = spanOf('recovery').ended + 1_000;

function evaluate(findings: readonly Partial<AuditFinding>[], end: object = {}, lost = 0): CheckResult {
  const audits = findings.map((finding): RunEvent => ({ kind: 'audit', t: AT, finding: { ...SOUND, ...finding } }));
  const ended: RunEvent = { kind: 'audit.ended', t: AT + 1, complete: true, primary: '172.30.77.5', ms: 400, ...end };
  // The record holds as many acknowledged writes as were looked up.
  const rows = findings.flatMap(({ endpoint = SOUND.endpoint, acknowledged: count = SOUND.acknowledged }) =>
    sampleRows({ phase: 'baseline', count, endpoint }),
  );
  const history = sampleHistory({ plan: { load: LOAD }, rows, events: [...audits, ended] });
  return acknowledged.evaluate(history, { lost })[0]!;
}

describe('the check of acknowledged writes', () => {
  it('passes when every acknowledged write is there once, and counts writes without an answer apart', () => {
    const result = evaluate([{}, { endpoint: OTHER }]);
    expect(result).to.include({ verdict: 'PASS', samples: 200, expected: '0 lost, none written twice' });
    expect(result.observed).to.equal('0 of 200 lost, 0 written twice; 14 without an answer, 6 of these written');
  });

  const WRONG: readonly (readonly [what: string, finding: Partial<AuditFinding>, told: string])[] = [
    ['a missing write', { lost: 1 }, '1 of 100 lost (1 missing)'],
    ['a write with another value', { wrong_value: 1 }, '1 of 100 lost (1 with another value)'],
    ['an overwritten update', { overwritten: 1 }, '1 of 100 lost (1 overwritten by an older version)'],
    ['a job that was never done', { effect_missing: 1 }, '1 of 100 lost (1 jobs never done)'],
    ['a write that is there twice', { duplicated: 1 }, '0 of 100 lost, 1 written twice'],
    [
      'a job that was done twice (case V12)',
      { effect_repeated: 1 },
      '0 of 100 lost, 0 written twice, 1 jobs done twice',
    ],
  ];
  for (const [what, finding, told] of WRONG) {
    it(`fails for ${what}`, () => {
      const result = evaluate([{ ...finding, examples: ['key 7f3a'] }]);
      expect(result.verdict).to.equal('FAIL');
      const { duplicated = 0, effect_repeated: repeated = 0 } = finding;
      const lost = duplicated + repeated > 0 ? 0 : 1;
      expect(result.figure).to.deep.equal({ value: lost, unit: 'count', worse: 'more' });
      expect(result.observed).to.include(told).and.to.include('for example key 7f3a');
    });
  }

  it('compares its limit with the lost writes of all endpoints together', () => {
    expect(evaluate([{ lost: 1 }, { endpoint: OTHER, overwritten: 1 }], {}, 2).verdict).to.equal('PASS');
    expect(evaluate([{ lost: 1 }, { endpoint: OTHER, overwritten: 2 }], {}, 2).verdict).to.equal('FAIL');
  });

  it('is INCONCLUSIVE when an endpoint was not looked up, or not each of its acknowledged writes', () => {
    expect(evaluate([{}])).to.include({
      verdict: 'INCONCLUSIVE',
      observed: `of 0 acknowledged writes of ${OTHER}, 0 were looked up`,
    });
    const events: RunEvent[] = [
      ...[SOUND, { ...SOUND, endpoint: OTHER, acknowledged: 0 }].map(
        (finding) => ({ kind: 'audit', t: AT, finding }) as const,
      ),
      { kind: 'audit.ended', t: AT + 1, complete: true, primary: '', ms: 1 },
    ];
    const rows = sampleRows({ phase: 'baseline', count: 101, endpoint: SOUND.endpoint });
    const [result] = acknowledged.evaluate(sampleHistory({ plan: { load: LOAD }, rows, events }), { lost: 0 });
    expect(result).to.include({
      verdict: 'INCONCLUSIVE',
      observed: `of 101 acknowledged writes of ${SOUND.endpoint}, 100 were looked up`,
    });
  });

  it('is INCONCLUSIVE without an audit of writes, with an incomplete audit and without an acknowledged write', () => {
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
      observed: 'no write was acknowledged',
    });
  });
});

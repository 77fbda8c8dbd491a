import { expect } from 'chai';
import { describe, it } from 'mocha';
import { injectVerdict } from '../../../../harness/core/gameday/inject-verdict.ts';
import type { RunDocument } from '../../../../harness/core/record/run.ts';
import type { CheckVerdict } from '../../../../harness/core/verdict.ts';

const UNPROVEN = { code: 'CHAOS_FAULT_UNPROVEN', message: 'the fault was gone' };
const run = (checks: readonly CheckVerdict[], more: Partial<RunDocument> = {}) =>
  ({
    verdict: 'INCONCLUSIVE',
    invalid: [UNPROVEN],
    checks: checks.map((verdict) => ({ verdict })),
    ...more,
  }) as unknown as RunDocument;
const ended = { mitigated: true, felt: true };

describe('the verdict of an inject', () => {
  it('is decided by the checks when people ended a failure that users had felt', () => {
    expect(injectVerdict(run(['PASS', 'PASS']), ended)).to.deep.equal({
      verdict: 'PASS',
      reason: 'people ended the failure before its time',
    });
    expect(injectVerdict(run(['PASS', 'FAIL']), ended).verdict).to.equal('FAIL');
    expect(injectVerdict(run(['PASS', 'INCONCLUSIVE']), ended).verdict).to.equal('INCONCLUSIVE');
    expect(injectVerdict(run([]), ended).verdict, 'nothing was checked').to.equal('INCONCLUSIVE');
  });

  it("is the run's in every other case", () => {
    const same = (document: RunDocument, how = ended): void => {
      expect(injectVerdict(document, how).verdict).to.equal(document.verdict);
    };
    same(run(['PASS']), { mitigated: false, felt: true });
    same(run(['PASS']), { mitigated: true, felt: false });
    same(run(['PASS'], { invalid: [UNPROVEN, { code: 'CHAOS_LOAD_SHORT', message: 'x' }] }));
    same(run(['PASS'], { invalid: [] }));
    for (const verdict of ['PASS', 'FAIL', 'ABORTED', 'NOT RESTORED', 'ERROR'] as const)
      same(run(['PASS'], { verdict }));
    expect(injectVerdict(run(['PASS']), { mitigated: false, felt: true }).reason).to.equal('the fault was gone');
  });
});

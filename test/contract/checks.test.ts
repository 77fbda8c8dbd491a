import { expect } from 'chai';
import { describe, it } from 'mocha';
import { JUDGED_PHASES, PHASES } from '../../harness/core/plan/phases.ts';
import { known } from '../helpers/known.ts';
import { sampleHistory } from '../helpers/samples/history.ts';

describe('every check', () => {
  for (const check of known.checks) {
    const { name } = check;
    const params = check.params.parse(check.example);

    it(`is INCONCLUSIVE with its reason when nothing was recorded, and when its phases never came: ${name}`, () => {
      for (const phases of [PHASES, ['warmup', 'baseline']] as const) {
        const results = check.evaluate(sampleHistory({ phases }), params);
        expect(results).not.to.have.lengthOf(0);
        for (const { verdict, observed } of results) {
          expect(verdict, observed).to.equal('INCONCLUSIVE');
          expect(observed).to.match(/\S/);
        }
      }
    });

    it(`refuses a key that it does not know, and has words for its hypothesis: ${name}`, () => {
      expect(check.params.safeParse({ ...(check.example as object), nonsense: 1 }).success).to.equal(false);
      expect(check.describe(params)).to.match(/\S/);
    });

    if (check.inPhase === undefined) continue;
    it(`can be asked about another phase, and about that one alone: ${name}`, () => {
      for (const phase of JUDGED_PHASES) {
        const about = check.inPhase?.(params, phase);
        for (const { during } of check.evaluate(sampleHistory(), about)) expect(during).to.deep.equal([phase]);
      }
    });
  }
});

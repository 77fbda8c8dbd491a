import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Evidence, FaultRecord } from '../../../harness/core/kinds/fault.ts';
import refuseNew from '../../../harness/faults/refuse_new.ts';
import resetNew from '../../../harness/faults/reset_new.ts';
import { answered, failed, faultRecord, INJECTING, observations, type Seen } from '../../helpers/samples/fault.ts';

const held = { ...answered, age: 4_000, kept: 5 };
/** An observation of the same connection, which was made before the fault. */
const lives = (t: number) => ({ ...held, age: t - INJECTING + 4_000 });
const params = { link: 'app-to-redis' };

const CASES = [
  { fault: refuseNew, error: 'ECONNREFUSED', what: 'refused' },
  { fault: resetNew, error: 'ECONNRESET', what: 'reset' },
];

for (const { fault, error, what } of CASES) {
  /** Returns the evidence from observations of new connections and of the connection that is held. */
  const prove = (made: Seen, old: Seen, over: Partial<FaultRecord> = {}, established = 5): Evidence => {
    const seen = [
      ...observations({ ...answered, established }, made),
      ...observations({ ...held, established }, old, 'app -> toxiproxy:6003 (held)'),
    ];
    return fault.bind(params).prove(faultRecord({ observations: seen, ...over }));
  };

  describe(`the proof of ${fault.name}`, () => {
    it(`says effective when new connections are ${what} and the held connection lives on`, () => {
      expect(prove(failed(error), lives)).to.deep.equal({
        effective: 'effective',
        evidence:
          `new connections ${what}: 71 of 71 (before the fault: answered 40; during it: ${error} 71); ` +
          'the connection held open was alive in 71 of 71 readings',
      });
    });

    it('says not effective when everything is as before, or the held connection ends too', () => {
      expect(prove(answered, lives).effective).to.equal('not effective');
      expect(prove(failed(error), (t) => ({ ...lives(t), ...failed('closed') })).effective).to.equal('not effective');
    });

    it('says not effective when the consumer had no connection across the link, because it is idle or bypassed', () => {
      expect(prove(failed(error), lives, {}, 0).effective).to.equal('not effective');
    });

    it('says inconclusive when the fault was never in force, or observations or a held connection are missing', () => {
      expect(prove(failed(error), lives, { injected: undefined }).effective).to.equal('inconclusive');
      expect(fault.bind(params).prove(faultRecord({})).effective).to.equal('inconclusive');
      const never = { ...failed(error), age: 0 };
      expect(prove(failed(error), never).effective).to.equal('inconclusive');
    });
  });
}

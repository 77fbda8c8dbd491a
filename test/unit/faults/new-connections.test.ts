import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Evidence, FaultRecord } from '../../../harness/core/fault.ts';
import refuseNew from '../../../harness/faults/refuse_new.ts';
import resetNew from '../../../harness/faults/reset_new.ts';
import { answered, failed, faultRecord, INJECTING, observations, type Seen } from '../../helpers/sample-fault.ts';

const held = { ...answered, age: 4_000, kept: 5 };
/** The same connection still, made before the fault. */
const lives = (t: number) => ({ ...held, age: t - INJECTING + 4_000 });
const params = { link: 'app-to-redis' };

const CASES = [
  { fault: refuseNew, error: 'ECONNREFUSED', what: 'refused' },
  { fault: resetNew, error: 'ECONNRESET', what: 'reset' },
];

for (const { fault, error, what } of CASES) {
  /** What is seen of new connections and of the one that is held. */
  const prove = (made: Seen, old: Seen, over: Partial<FaultRecord> = {}, established = 5): Evidence => {
    const seen = [
      ...observations({ ...answered, established }, made),
      ...observations({ ...held, established }, old, 'app -> toxiproxy:6003 (held)'),
    ];
    return fault.prove(faultRecord({ observations: seen, ...over }), params);
  };

  describe(`the proof of ${fault.name}`, () => {
    it(`effective when new connections are ${what} and the one that is held lives on`, () => {
      expect(prove(failed(error), lives)).to.deep.equal({
        effective: 'effective',
        evidence:
          `new connections ${what}: 71 of 71 (before: answered 40; during: ${error} 71); ` +
          'the one held open lived in 71 of 71 looks',
      });
    });

    it('not effective when all is as before, or open connections were ended too', () => {
      expect(prove(answered, lives).effective).to.equal('not effective');
      expect(prove(failed(error), (t) => ({ ...lives(t), ...failed('closed') })).effective).to.equal('not effective');
    });

    it('not effective when the consumer had no connection across the link: it is idle, or goes another way', () => {
      expect(prove(failed(error), lives, {}, 0).effective).to.equal('not effective');
    });

    it('inconclusive when it was never in force, nobody looked, or no connection was held when it began', () => {
      expect(prove(failed(error), lives, { injected: undefined }).effective).to.equal('inconclusive');
      expect(fault.prove(faultRecord({}), params).effective).to.equal('inconclusive');
      const never = { ...failed(error), age: 0 };
      expect(prove(failed(error), never).effective).to.equal('inconclusive');
    });
  });
}

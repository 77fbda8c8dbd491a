import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Observation } from '../../../harness/core/record/observation.ts';
import certificateExpired from '../../../harness/faults/certificate_expired.ts';
import certificateWrongName from '../../../harness/faults/certificate_wrong_name.ts';
import { answered, failed, observations, proof, type Seen } from '../../helpers/samples/fault.ts';
import { SPEC } from '../../helpers/doubles/topology.ts';

const NGINX = 'chaos-nginx-1';
const HOUR_MS = 3_600_000;
const EXPIRED: Seen = { ...failed('CERT_HAS_EXPIRED'), validMs: -24 * HOUR_MS };
const OTHER: Seen = { ...failed('ERR_TLS_CERT_ALTNAME_INVALID'), validMs: 90 * 24 * HOUR_MS };

for (const [fault, met, elsewise, says] of [
  [certificateExpired, EXPIRED, OTHER, 'a certificate that had expired 24.0 h before'],
  [certificateWrongName, OTHER, EXPIRED, 'a certificate for other.test'],
] as const) {
  describe(`the proof of ${fault.name}`, () => {
    const bound = fault.bind(fault.params.parse({}));
    const observers = bound.observers(SPEC);
    const [{ id } = { id: '' }] = observers;
    const over = { targets: [NGINX], observers };
    const prove = proof(fault, fault.params.parse({}), over);
    const seen = (during: Seen, before: Partial<Observation> = answered): Observation[] =>
      observations(before, during, id);

    it('asks by new handshakes for the name, from the consumer', () => {
      expect(id).to.equal('app -> chaos-nginx-1:443 (certificate)');
      expect(observers[0]).to.include({ from: 'app', kind: 'certificate', name: 'wedsync.test' });
    });

    it('says effective when new handshakes meet it, with the figures', () => {
      const { effective, evidence } = prove(seen(met));
      expect(effective, evidence).to.equal('effective');
      expect(evidence).to.include(`chaos-nginx-1: new handshakes met ${says}: 7`).and.to.include('answered 40');
    });

    it('says not effective when they go on as before, or fail for another reason', () => {
      for (const other of [answered, elsewise, failed('ECONNREFUSED')])
        expect(prove(seen(other)).effective).to.equal('not effective');
    });

    it('says inconclusive without a sound certificate before it, and without readings', () => {
      expect(prove(seen(met, failed('ECONNREFUSED'))).effective).to.equal('inconclusive');
      expect(prove().effective).to.equal('inconclusive');
    });
  });
}

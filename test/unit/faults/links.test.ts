import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Fault, FaultRecord } from '../../../harness/core/fault.ts';
import blackHole from '../../../harness/faults/black_hole.ts';
import latency from '../../../harness/faults/latency.ts';
import refuse from '../../../harness/faults/refuse.ts';
import { answered, failed, faultRecord, HEALING, INJECTED, observations } from '../../helpers/sample-fault.ts';

interface Case {
  readonly fault: Fault;
  readonly params: object;
  readonly bites: Parameters<typeof observations>[1];
  readonly told: string;
}

const CASES: readonly Case[] = [
  {
    fault: refuse,
    params: { link: 'app-to-redis' },
    bites: failed('ECONNREFUSED'),
    told: 'connections refused: 71 of 71 (before: answered 40; during: ECONNREFUSED 71)',
  },
  {
    fault: blackHole,
    params: { link: 'app-to-redis' },
    bites: failed('answer-timeout'),
    told: 'questions without an answer: 71 of 71 (before: answered 40; during: answer-timeout 71)',
  },
  {
    fault: latency,
    params: { link: 'app-to-redis', latency: 100 },
    bites: { ok: true, rtt: 101, established: 5 },
    told: 'median round trip 1.0 ms before, 101.0 ms during (71 samples): 100.0 ms added of 100 ms asked',
  },
];

for (const { fault, params, bites, told } of CASES) {
  const prove = (record: Partial<FaultRecord>): ReturnType<Fault['prove']> => fault.prove(faultRecord(record), params);
  const effective = (record: Partial<FaultRecord>): string => prove(record).effective;

  describe(`the proof of ${fault.name}`, () => {
    it('effective, with the figures', () => {
      expect(prove({ observations: observations(answered, bites) })).to.deep.equal({
        effective: 'effective',
        evidence: told,
      });
    });

    it('not effective when the answers were as before', () => {
      expect(effective({ observations: observations(answered, answered) })).to.equal('not effective');
    });

    it('not effective when the consumer had no connection across the link: it touched nothing', () => {
      const { effective: as, evidence } = prove({ observations: observations({ ...answered, established: 0 }, bites) });
      expect(as).to.equal('not effective');
      expect(evidence).to.include('no connection across this link');
    });

    it('inconclusive when it was never in force, or nobody looked, or before it only', () => {
      expect(effective({ injected: undefined, observations: observations(answered, bites) })).to.equal('inconclusive');
      expect(effective({})).to.equal('inconclusive');
      const before = observations(answered, bites).filter((o) => o.t < INJECTED);
      const during = observations(answered, bites).filter((o) => o.t >= INJECTED);
      expect(effective({ observations: before })).to.equal('inconclusive');
      expect(effective({ observations: during })).to.equal('inconclusive');
      expect(effective({ observations: [...before.slice(0, 3), ...during] }), 'three answers before').to.equal(
        'inconclusive',
      );
    });

    it('inconclusive when the link was not sound before', () => {
      const { effective: as, evidence } = prove({ observations: observations(failed('ECONNRESET'), bites) });
      expect(as).to.equal('inconclusive');
      expect(evidence).to.equal('not sound before the fault: ECONNRESET 40');
    });

    it('does not count what was seen in the second after it began, nor what ended after the healing', () => {
      const settled = observations(answered, bites).map((o) =>
        o.t >= INJECTED && o.t < INJECTED + 1_000 ? { ...o, ...answered } : o,
      );
      expect(effective({ observations: settled })).to.equal('effective');
      const late = observations(answered, bites).map((o) =>
        o.t >= INJECTED ? { ...o, ...answered, rtt: HEALING - o.t + 1 } : o,
      );
      expect(effective({ observations: late })).to.equal('inconclusive');
    });
  });
}

describe('the proof of refuse and of black_hole', () => {
  it('each wants its own way of failing, in nine answers of ten', () => {
    const params = { link: 'app-to-redis' };
    const of = (fault: Fault, error: string): string =>
      fault.prove(faultRecord({ observations: observations(answered, failed(error)) }), params).effective;
    expect(of(refuse, 'answer-timeout')).to.equal('not effective');
    expect(of(blackHole, 'ECONNREFUSED')).to.equal('not effective');
    expect(of(blackHole, 'connect-timeout')).to.equal('effective');
    const mixed = (every: number) =>
      observations(answered, failed('ECONNREFUSED')).map((o, i) =>
        o.t >= INJECTED && i % every === 0 ? { ...o, ...answered } : o,
      );
    expect(refuse.prove(faultRecord({ observations: mixed(5) }), params).effective).to.equal('not effective');
    expect(refuse.prove(faultRecord({ observations: mixed(15) }), params).effective).to.equal('effective');
  });
});

describe('the proof of latency', () => {
  it('wants four fifths of what was asked, and a round trip to measure', () => {
    const params = { link: 'app-to-redis', latency: 100 };
    const added = (ms: number): string =>
      latency.prove(faultRecord({ observations: observations(answered, { ...answered, rtt: 1 + ms }) }), params)
        .effective;
    expect([100, 80.5, 79.5, 0].map(added)).to.deep.equal(['effective', 'effective', 'not effective', 'not effective']);
    const silent = latency.prove(
      faultRecord({ observations: observations(answered, failed('answer-timeout')) }),
      params,
    );
    expect(silent).to.deep.equal({
      effective: 'inconclusive',
      evidence: 'no round trip was measured during the fault',
    });
  });
});

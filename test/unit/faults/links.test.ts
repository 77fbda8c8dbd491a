import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Evidence, Fault, FaultRecord } from '../../../harness/core/kinds/fault.ts';
import type { Observation } from '../../../harness/core/record/observation.ts';
import { faults } from '../../../harness/faults/index.ts';
import {
  answered,
  failed,
  faultRecord,
  HEALING,
  INJECTED,
  INJECTING,
  observations,
  type Seen,
} from '../../helpers/samples/fault.ts';

interface Case {
  /** As in an experiment file. */
  readonly params: object;
  /** What the observer sees before the fault (`sound`), and while the fault bites. */
  readonly sound?: Partial<Observation>;
  readonly bites: Seen;
  readonly told: string;
  /** The evidence comes from the beginning of the fault alone. Later observations do not count. */
  readonly ofAMoment?: true;
}

const link = 'app-to-redis';
const whole = { ...answered, rtt: 5, sent: 6_020, received: 6_000, reads: 1 };
const held = { ...answered, age: 4_000, kept: 5 };

const CASES: Readonly<Record<string, Case>> = {
  refuse: {
    params: { link },
    bites: failed('ECONNREFUSED'),
    told: 'connections refused: 71 of 71 (before the fault: answered 40; during it: ECONNREFUSED 71)',
  },
  reset: {
    params: { link },
    bites: failed('ECONNRESET'),
    told: 'new connections reset: 71 of 71 (before the fault: answered 40; during it: ECONNRESET 71)',
  },
  black_hole: {
    params: { link },
    bites: failed('answer-timeout'),
    told: 'questions without an answer: 71 of 71 (before the fault: answered 40; during it: answer-timeout 71)',
  },
  latency: {
    params: { link, latency: '100ms' },
    bites: { ...answered, rtt: 101 },
    told: 'median round trip 1.0 ms before the fault, 101.0 ms during it (71 samples): 100.0 ms added, 100 ms asked for',
  },
  bandwidth: {
    params: { link, rate: '20KB/s' },
    sound: whole,
    bites: { ...whole, rtt: 606 },
    told: '12020 bytes took 5.0 ms before the fault, 606.0 ms during it (69 samples): 20.0 KB/s measured, 20 KB/s asked for',
  },
  slow_close: {
    params: { link, delay: '500ms' },
    bites: { ...answered, rtt: 501 },
    told: 'the peer closed 1.0 ms after us before the fault, 501.0 ms after us during it (69 samples): 500.0 ms added, 500 ms asked for',
  },
  slicer: {
    params: { link, size: '600B' },
    sound: whole,
    bites: { ...whole, reads: 10 },
    told: 'answers came in pieces of 6000 bytes before the fault, 600 bytes during it (600 bytes asked for)',
  },
  data_limit: {
    params: { link, after: '4KB' },
    sound: whole,
    bites: { ...failed('closed'), sent: 6_020, received: 4_000, reads: 1 },
    told: 'answers cut off after 4000 bytes: 71 of 71 (before the fault: answered 40; during it: closed 71)',
  },
  flap: {
    params: { link, down: '1s', up: '1s' },
    bites: (t) => (Math.floor(t / 1_000) % 2 === 0 ? failed('ECONNREFUSED') : answered),
    told: '51 % of 71 questions were refused; the answer changed 17 times in 17.5 s, 18 changes were expected; the longest time without a change was 1.0 s (ECONNREFUSED 36, answered 35)',
  },
  kill_established: {
    params: { link },
    sound: held,
    bites: (t) =>
      t < INJECTED + 250 ? { ...held, ...failed('closed'), established: 5, kept: 0 } : { ...held, age: 100, kept: 0 },
    told: "the connection held open ended (closed) after 4.0 s and was opened again; 0 of the consumer's 5 connections lived on",
    ofAMoment: true,
  },
};

/** Two faults of links need two observers. They are tested in new-connections.test.ts. */
const ELSEWHERE = new Set(['refuse_new', 'reset_new']);

for (const [name, { params: written, sound = answered, bites, told, ofAMoment }] of Object.entries(CASES)) {
  const fault = faults.find((f) => f.name === name) as Fault;
  const params = fault.params.parse(written);
  const prove = (record: Partial<FaultRecord>): Evidence => fault.bind(params).prove(faultRecord(record));
  const effective = (record: Partial<FaultRecord>): string => prove(record).effective;
  const then = typeof bites === 'function' ? bites : () => bites;

  describe(`the proof of ${name}`, () => {
    it('says effective, with the figures', () => {
      expect(prove({ observations: observations(sound, bites) })).to.deep.equal({
        effective: 'effective',
        evidence: told,
      });
    });

    it('says not effective when the answers are as before, because the fault is on another proxy', () => {
      expect(effective({ observations: observations(sound, sound) })).to.equal('not effective');
    });

    it('says not effective when the consumer had no connection across the link, because it is idle or bypassed', () => {
      const unused = observations({ ...sound, established: 0 }, (t) => ({ ...then(t), established: 0 }));
      const { effective: as, evidence } = prove({ observations: unused });
      expect(as).to.equal('not effective');
      expect(evidence).to.include('no connection across this link');
    });

    it('says inconclusive when the fault was never in force, or observations before or during it are missing', () => {
      expect(effective({ injected: undefined, observations: observations(sound, bites) })).to.equal('inconclusive');
      expect(effective({})).to.equal('inconclusive');
      const before = observations(sound, bites).filter((o) => o.t < INJECTING);
      const during = observations(sound, bites).filter((o) => o.t >= INJECTING);
      expect(effective({ observations: before })).to.equal('inconclusive');
      expect(effective({ observations: during })).to.equal('inconclusive');
      expect(effective({ observations: [...before.slice(0, 3), ...during] }), 'three answers before').to.equal(
        'inconclusive',
      );
    });

    it('says inconclusive when the link was not sound before', () => {
      const { effective: as, evidence } = prove({ observations: observations(failed('ECONNRESET'), bites) });
      expect(as).to.equal('inconclusive');
      expect(evidence).to.equal('fewer than 90 % of the readings before the fault succeeded: ECONNRESET 40');
    });

    if (ofAMoment === true) return;

    it('does not count observations in the first second of the fault, or that end after the healing began', () => {
      const settled = observations(sound, (t) => (t < INJECTED + 1_000 ? sound : then(t)));
      expect(effective({ observations: settled })).to.equal('effective');
      const late = observations(sound, (t) => ({ ...sound, rtt: HEALING - t + 1 }));
      expect(effective({ observations: late })).to.equal('inconclusive');
    });

    it('says not effective when the fault or its proxy was gone for the last third of the time', () => {
      const from = HEALING - (HEALING - INJECTED) / 3;
      const lost = observations(sound, (t) => (t < from ? then(t) : sound));
      expect(effective({ observations: lost })).to.equal('not effective');
      const away = observations(sound, (t) => (t < from ? then(t) : failed('EHOSTUNREACH')));
      expect(effective({ observations: away })).to.equal('not effective');
    });
  });
}

describe('the faults of a link', () => {
  it('are all tested here or in new-connections.test.ts', () => {
    const ofLinks = faults.filter((fault) => fault.bind(fault.params.parse(fault.example)).aims.link !== undefined);
    const tried = [...Object.keys(CASES), ...ELSEWHERE];
    expect(ofLinks.map((f) => f.name)).to.have.members(tried);
  });
});

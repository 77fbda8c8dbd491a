import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Evidence, Fault, FaultRecord } from '../../../harness/core/kinds/fault.ts';
import type { ContainerState } from '../../../harness/core/topology/state.ts';
import crash from '../../../harness/faults/crash.ts';
import kill from '../../../harness/faults/kill.ts';
import partition from '../../../harness/faults/partition.ts';
import pause from '../../../harness/faults/pause.ts';
import {
  answered,
  failed,
  faultRecord,
  HIT,
  INJECTING,
  looks,
  OBSERVER,
  observations,
} from '../../helpers/samples/fault.ts';

/** Faults that take containers away, with the container's state, the consumer's error and words of the evidence. */
const AWAY: readonly (readonly [fault: Fault, state: Partial<ContainerState>, error: string, words: string])[] = [
  [kill, { running: false, status: 'exited' }, 'ECONNREFUSED', 'stopped in 40 of 40 readings'],
  [pause, { paused: true, status: 'paused' }, 'answer-timeout', 'paused in 40 of 40 readings'],
  [partition, { networks: {} }, 'EHOSTUNREACH', 'running and off its network in 40 of 40 readings'],
];

for (const [fault, down, error, words] of AWAY) {
  const prove = (record: Partial<FaultRecord>): Evidence => fault.bind({}).prove(faultRecord(record));
  const effective = (record: Partial<FaultRecord>): string => prove(record).effective;
  const silent = observations(answered, failed(error));

  describe(`the proof of ${fault.name}`, () => {
    it('says effective when the state and the consumer agree', () => {
      expect(prove({ states: looks(down), observations: silent })).to.deep.equal({
        effective: 'effective',
        evidence: `${words}; ${OBSERVER}: answered 40 before the fault, ${error} 71 during it`,
      });
    });

    it('says effective by the state alone when the target has no consumer', () => {
      expect(effective({ states: looks(down) })).to.equal('effective');
      const other = silent.map((o) => ({ ...o, observer: 'nginx -> chaos-app-11:3000' }));
      expect(effective({ states: looks(down), observations: other }), 'another container of a like name').to.equal(
        'effective',
      );
    });

    it('says inconclusive when the observer of the consumer never asked', () => {
      const { observers } = faultRecord({ observations: silent });
      expect(prove({ states: looks(down), observers, observations: [] })).to.deep.equal({
        effective: 'inconclusive',
        evidence: `${words}; ${OBSERVER}: nothing seen before the fault, nothing seen during it`,
      });
    });

    it('says not effective when the state is as before, or the consumer still gets answers', () => {
      expect(effective({ states: looks({}), observations: silent })).to.equal('not effective');
      expect(effective({ states: looks(down), observations: observations(answered, answered) })).to.equal(
        'not effective',
      );
      const half = looks(down).map((s, i) => (i % 2 === 0 ? s : { ...s, ...looks({})[0]!, t: s.t }));
      expect(effective({ states: half, observations: silent }), 'every second look').to.equal('not effective');
    });

    it('needs each of several targets, however many other targets were hit', () => {
      const others = Array.from({ length: 14 }, (_, i) => `chaos-app-${i + 20}`);
      const hit = [HIT, ...others].flatMap((name) => looks(down, name));
      const spared = [...hit, ...looks({}, 'chaos-app-2')];
      const targets = [HIT, ...others, 'chaos-app-2'];
      expect(effective({ targets, states: spared, observations: silent })).to.equal('not effective');
      expect(effective({ targets, states: hit, observations: silent }), 'one never seen').to.equal('inconclusive');
    });

    it('says inconclusive when the fault was never in force, or a state or an earlier answer is missing', () => {
      expect(effective({ injected: undefined, states: looks(down), observations: silent })).to.equal('inconclusive');
      expect(effective({ observations: silent })).to.equal('inconclusive');
      expect(effective({ states: looks(down), observations: observations(failed(error), failed(error)) })).to.equal(
        'inconclusive',
      );
      const before = silent.filter((o) => o.t < INJECTING);
      expect(effective({ states: looks(down), observations: before })).to.equal('inconclusive');
    });
  });
}

describe('the proof of crash', () => {
  const prove = (record: Partial<FaultRecord>): Evidence => crash.prove(faultRecord(record), { service: 'app' });

  it('says effective when the process ended after the decision, restarted or not', () => {
    const restarted = prove({ states: looks({ finishedAt: INJECTING + 40, startedAt: INJECTING + 900 }) });
    expect(restarted.effective).to.equal('effective');
    expect(restarted.evidence).to.include(
      '1 of 1 main processes ended after the fault began; a new start was seen in 40 of 40 readings',
    );
    expect(prove({ states: looks({ running: false, finishedAt: INJECTING + 40 }) }).effective).to.equal('effective');
  });

  it('says not effective when the process ended only before the decision, or one of several processes lives on', () => {
    expect(prove({ states: looks({ finishedAt: INJECTING - 5_000 }) }).effective).to.equal('not effective');
    const states = [...looks({ finishedAt: INJECTING + 40 }), ...looks({}, 'chaos-app-2')];
    const one = prove({ targets: [HIT, 'chaos-app-2'], states });
    expect(one.effective).to.equal('not effective');
    expect(one.evidence).to.include('1 of 2 main processes');
  });

  it('says inconclusive when the fault was never in force, or there are no states', () => {
    expect(prove({ injected: undefined, states: looks({ finishedAt: INJECTING + 40 }) }).effective).to.equal(
      'inconclusive',
    );
    expect(prove({}).effective).to.equal('inconclusive');
  });
});

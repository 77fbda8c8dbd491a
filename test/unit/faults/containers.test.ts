import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Fault, FaultRecord } from '../../../harness/core/fault.ts';
import type { ContainerState } from '../../../harness/core/topology.ts';
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
} from '../../helpers/sample-fault.ts';

/** A fault that takes containers away, how they look then, and what their consumer meets. */
const AWAY: readonly (readonly [fault: Fault, state: Partial<ContainerState>, error: string, words: string])[] = [
  [kill, { running: false, status: 'exited' }, 'ECONNREFUSED', 'stopped in 40 of 40 looks'],
  [pause, { paused: true, status: 'paused' }, 'answer-timeout', 'paused in 40 of 40 looks'],
  [partition, { networks: {} }, 'EHOSTUNREACH', 'running and off its network in 40 of 40 looks'],
];

for (const [fault, down, error, words] of AWAY) {
  const prove = (record: Partial<FaultRecord>): ReturnType<Fault['prove']> => fault.prove(faultRecord(record), {});
  const effective = (record: Partial<FaultRecord>): string => prove(record).effective;
  const silent = observations(answered, failed(error));

  describe(`the proof of ${fault.name}`, () => {
    it('effective when the state and the consumer agree', () => {
      expect(prove({ states: looks(down), observations: silent })).to.deep.equal({
        effective: 'effective',
        evidence: `${words}; ${OBSERVER}: answered 40 before, ${error} 71 during`,
      });
    });

    it('effective by the state alone where the target has no consumer', () => {
      expect(effective({ states: looks(down) })).to.equal('effective');
      const other = silent.map((o) => ({ ...o, observer: 'nginx -> chaos-app-11:3000' }));
      expect(effective({ states: looks(down), observations: other }), 'another container of a like name').to.equal(
        'effective',
      );
    });

    it('not effective when the target was seen as before, or its consumer was answered all the same', () => {
      expect(effective({ states: looks({}), observations: silent })).to.equal('not effective');
      expect(effective({ states: looks(down), observations: observations(answered, answered) })).to.equal(
        'not effective',
      );
      const half = looks(down).map((s, i) => (i % 2 === 0 ? s : { ...s, ...looks({})[0]!, t: s.t }));
      expect(effective({ states: half, observations: silent }), 'every second look').to.equal('not effective');
    });

    it('inconclusive when it was never in force, nobody looked, or its consumer had no answer before', () => {
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
  const prove = (record: Partial<FaultRecord>): ReturnType<Fault['prove']> =>
    crash.prove(faultRecord(record), { service: 'app' });

  it('effective when the process ended after the decision, restarted or not', () => {
    const restarted = prove({ states: looks({ finishedAt: INJECTING + 40, startedAt: INJECTING + 900 }) });
    expect(restarted.effective).to.equal('effective');
    expect(restarted.evidence).to.include(
      '1 of 1 main processes ended after the decision; restarted in 40 of 40 looks',
    );
    expect(prove({ states: looks({ running: false, finishedAt: INJECTING + 40 }) }).effective).to.equal('effective');
  });

  it('not effective when an earlier end is all that there is, or one of several went on', () => {
    expect(prove({ states: looks({ finishedAt: INJECTING - 5_000 }) }).effective).to.equal('not effective');
    const states = [...looks({ finishedAt: INJECTING + 40 }), ...looks({}, 'chaos-app-2')];
    const one = prove({ targets: [HIT, 'chaos-app-2'], states });
    expect(one.effective).to.equal('not effective');
    expect(one.evidence).to.include('1 of 2 main processes');
  });

  it('inconclusive when it was never in force, or nobody looked', () => {
    expect(prove({ injected: undefined, states: looks({ finishedAt: INJECTING + 40 }) }).effective).to.equal(
      'inconclusive',
    );
    expect(prove({}).effective).to.equal('inconclusive');
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Fault, FaultRecord } from '../../../harness/core/fault.ts';
import remove from '../../../harness/faults/remove.ts';
import restart from '../../../harness/faults/restart.ts';
import restartLoop from '../../../harness/faults/restart_loop.ts';
import { seededRandom } from '../../../harness/core/random.ts';
import { ManualClock } from '../../helpers/clock.ts';
import {
  answered,
  failed,
  faultRecord,
  HIT,
  INJECTED,
  INJECTING,
  looks,
  observations,
} from '../../helpers/sample-fault.ts';
import { MemoryTopology } from '../../helpers/topology.ts';

describe('the proof of restart', () => {
  const prove = (record: Partial<FaultRecord>): ReturnType<Fault['prove']> =>
    restart.prove(faultRecord(record), { service: 'app', grace_s: 10 });

  it('effective when the main process began after the decision, with what the consumer met', () => {
    const met = observations(answered, failed('ECONNREFUSED')).slice(0, 45);
    expect(prove({ states: looks({ startedAt: INJECTING + 400 }), observations: met })).to.deep.equal({
      effective: 'effective',
      evidence: '1 of 1 main processes began after the decision; nginx -> chaos-app-1:3000: ECONNREFUSED 5',
    });
  });

  it('not effective when the old process lives on, in one of several too', () => {
    expect(prove({ states: looks({ startedAt: INJECTING - 5_000 }) }).effective).to.equal('not effective');
    const states = [...looks({ startedAt: INJECTING + 400 }), ...looks({}, 'chaos-app-2')];
    expect(prove({ targets: [HIT, 'chaos-app-2'], states }).effective).to.equal('not effective');
  });

  it('inconclusive when it was never in force, or nobody looked', () => {
    expect(prove({ injected: undefined, states: looks({ startedAt: INJECTING + 400 }) }).effective).to.equal(
      'inconclusive',
    );
    expect(prove({}).effective).to.equal('inconclusive');
  });
});

describe('restart_loop', () => {
  const params = { service: 'app', every: 5_000, grace_s: 1 };
  const prove = (record: Partial<FaultRecord>): ReturnType<Fault['prove']> =>
    restartLoop.prove(faultRecord(record), params);
  /** A start each so many milliseconds. */
  const started = (everyMs: number): FaultRecord['states'] =>
    looks({}).map((s) => ({ ...s, startedAt: INJECTING + Math.floor((s.t - INJECTING) / everyMs) * everyMs }));

  it('effective when it was started about as often as asked for', () => {
    const { effective, evidence } = prove({ states: started(5_000) });
    expect(evidence).to.equal('chaos-app-1 started 4 times in 20.0 s, one each 5 s asked');
    expect(effective).to.equal('effective');
    expect(prove({ states: started(9_000) }).effective).to.equal('effective');
  });

  it('not effective when it was started once, never, or seldom', () => {
    expect(prove({ states: looks({ startedAt: INJECTING + 400 }) }).effective).to.equal('not effective');
    expect(prove({ states: looks({}) }).effective).to.equal('not effective');
    const often = { service: 'app', every: 1_000, grace_s: 1 };
    expect(restartLoop.prove(faultRecord({ states: started(9_000) }), often).effective).to.equal('not effective');
  });

  it('inconclusive when it was never in force, nobody looked, or it was healed before the second', () => {
    expect(prove({ injected: undefined, states: started(5_000) }).effective).to.equal('inconclusive');
    expect(prove({}).effective).to.equal('inconclusive');
    expect(prove({ states: started(5_000), healing: INJECTED + 2_000 }).effective).to.equal('inconclusive');
  });

  it('goes on until the fault is healed, one restart each interval', async () => {
    const clock = new ManualClock();
    const topology = new MemoryTopology();
    const over = new AbortController();
    let goingOn: Promise<unknown> = Promise.resolve();
    await restartLoop.inject({
      id: 'loop-1',
      params,
      topology,
      clock,
      random: seededRandom(1),
      signal: over.signal,
      undo: () => Promise.resolve(),
      meanwhile: (work) => void (goingOn = work(over.signal).catch(() => undefined)),
    });
    await clock.advance(12_000);
    over.abort(new Error('healed'));
    await goingOn;
    await clock.advance(12_000);
    expect(topology.acts).to.deep.equal(['restart', 'restart', 'restart']);
  });
});

describe('the proof of remove', () => {
  const gone = looks({ status: 'missing', running: false });
  const prove = (record: Partial<FaultRecord>): string =>
    remove.prove(faultRecord(record), { service: 'app' }).effective;

  it('wants the container missing at each look, and its consumer without an answer', () => {
    const silent = observations(answered, failed('ENOTFOUND'));
    expect(prove({ states: gone, observations: silent })).to.equal('effective');
    expect(prove({ states: looks({ status: 'exited', running: false }), observations: silent })).to.equal(
      'not effective',
    );
    expect(prove({ states: gone, observations: observations(answered, answered) })).to.equal('not effective');
    expect(prove({ observations: silent }), 'no look').to.equal('inconclusive');
  });
});

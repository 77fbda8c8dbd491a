import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Evidence, FaultRecord } from '../../../harness/core/kinds/fault.ts';
import remove from '../../../harness/faults/remove.ts';
import restart from '../../../harness/faults/restart.ts';
import restartLoop from '../../../harness/faults/restart_loop.ts';
import { seededRandom } from '../../../harness/core/random.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import {
  answered,
  failed,
  faultRecord,
  HIT,
  INJECTED,
  INJECTING,
  looks,
  observations,
} from '../../helpers/samples/fault.ts';
import { MemoryTopology } from '../../helpers/doubles/topology.ts';
import { holdAlone } from '../../helpers/holding.ts';

describe('the proof of restart', () => {
  const prove = (record: Partial<FaultRecord>): Evidence =>
    restart.prove(faultRecord(record), { service: 'app', grace_s: 10 });

  it('says effective when the main process began after the decision, and names the errors of the consumer', () => {
    const met = observations(answered, failed('ECONNREFUSED')).slice(0, 45);
    expect(prove({ states: looks({ startedAt: INJECTING + 400 }), observations: met })).to.deep.equal({
      effective: 'effective',
      evidence: '1 of 1 main processes started after the fault began; nginx -> chaos-app-1:3000: ECONNREFUSED 5',
    });
  });

  it('says not effective when the old process lives on, also in only one of several targets', () => {
    expect(prove({ states: looks({ startedAt: INJECTING - 5_000 }) }).effective).to.equal('not effective');
    const states = [...looks({ startedAt: INJECTING + 400 }), ...looks({}, 'chaos-app-2')];
    expect(prove({ targets: [HIT, 'chaos-app-2'], states }).effective).to.equal('not effective');
  });

  it('says inconclusive when the fault was never in force, or there are no states', () => {
    expect(prove({ injected: undefined, states: looks({ startedAt: INJECTING + 400 }) }).effective).to.equal(
      'inconclusive',
    );
    expect(prove({}).effective).to.equal('inconclusive');
  });
});

describe('the fault restart_loop', () => {
  const params = { service: 'app', replica: 1, every: 5_000, grace_s: 1 };
  const prove = (record: Partial<FaultRecord>): Evidence => restartLoop.prove(faultRecord(record), params);
  /** States of a container that starts every `everyMs` milliseconds. */
  const started = (everyMs: number): FaultRecord['states'] =>
    looks({}).map((s) => ({ ...s, startedAt: INJECTING + Math.floor((s.t - INJECTING) / everyMs) * everyMs }));

  it('is effective when its target started about as often as configured', () => {
    const { effective, evidence } = prove({ states: started(5_000) });
    expect(evidence).to.equal('chaos-app-1 started 4 times in 20.0 s (one start every 5 s asked for)');
    expect(effective).to.equal('effective');
    expect(prove({ states: started(9_000) }).effective).to.equal('effective');
  });

  it('is not effective when its target started once, never or seldom', () => {
    expect(prove({ states: looks({ startedAt: INJECTING + 400 }) }).effective).to.equal('not effective');
    expect(prove({ states: looks({}) }).effective).to.equal('not effective');
    const often = { service: 'app', every: 1_000, grace_s: 1 };
    expect(restartLoop.prove(faultRecord({ states: started(9_000) }), often).effective).to.equal('not effective');
  });

  it('is inconclusive when it was never in force, was not seen, or was healed before the second restart', () => {
    expect(prove({ injected: undefined, states: started(5_000) }).effective).to.equal('inconclusive');
    expect(prove({}).effective).to.equal('inconclusive');
    expect(prove({ states: started(5_000), healing: INJECTED + 2_000 }).effective).to.equal('inconclusive');
  });

  it('restarts its target at each interval until it is healed', async () => {
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
      hold: holdAlone,
      tell: () => undefined,
      meanwhile: (work) => void (goingOn = work(over.signal).catch(() => undefined)),
    });
    await clock.advance(12_000);
    over.abort(new Error('healed'));
    await goingOn;
    await clock.advance(12_000);
    const started = 'chaos-app-1 started';
    expect(topology.past).to.deep.equal([started, started, started]);
  });
});

describe('the proof of remove', () => {
  const gone = looks({ status: 'missing', running: false });
  const prove = (record: Partial<FaultRecord>): string =>
    remove.prove(faultRecord(record), { service: 'app' }).effective;

  it('needs a container that is missing in its states, and a consumer without an answer', () => {
    const silent = observations(answered, failed('ENOTFOUND'));
    expect(prove({ states: gone, observations: silent })).to.equal('effective');
    expect(prove({ states: looks({ status: 'exited', running: false }), observations: silent })).to.equal(
      'not effective',
    );
    expect(prove({ states: gone, observations: observations(answered, answered) })).to.equal('not effective');
    expect(prove({ observations: silent }), 'no look').to.equal('inconclusive');
  });
});

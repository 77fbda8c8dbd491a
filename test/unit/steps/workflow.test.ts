import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { PlannedMark } from '../../../harness/steps/mark.ts';
import type { PlannedWait } from '../../../harness/steps/wait.ts';
import { cut, kills, setUp } from './set-up.ts';

const promoted = (within = 20_000): PlannedWait => ({
  id: 'wait-1',
  wait: { role: { service: 'postgres', becomes: 'primary' } },
  within,
});

/** What the double says is wrong while a kill is in force. */
const STOPPED = 'containers.chaos-app-1.state is stopped, not running';

describe('a workflow of faults', () => {
  it('begins each step of a sequence `at` after the step before it is healed', async () => {
    const { clock, told, begin } = setUp();
    const { phase } = begin([{ sequence: [kills('kill-1', 1_000, 2_000), cut('refuse-2', 500, 1_000)] }], 10_000);
    await clock.advance(10_000);
    await phase;
    expect(told()).to.deep.equal(['1000 kill-1', '3000 not kill-1', '3500 refuse-2', '4500 not refuse-2']);
  });

  it('leaves a fault without an end in force, and begins the next step of the sequence', async () => {
    const { clock, told, topology, schedule, begin } = setUp();
    const { phase } = begin([{ sequence: [kills('kill-1', 0), cut('refuse-2', 2_000, 1_000)] }], 10_000);
    await clock.advance(10_000);
    await phase;
    expect(told()).to.deep.equal(['0 kill-1', '2000 refuse-2', '3000 not refuse-2']);
    expect(topology.wrong).to.deep.equal([STOPPED]);
    await schedule.heal();
    expect(topology.wrong).to.deep.equal([]);
  });

  it('overlaps parallel steps within a sequence, and begins the next step after the last of them', async () => {
    const { clock, told, begin } = setUp();
    const together = { parallel: [kills('kill-1', 0, 4_000), cut('refuse-2', 1_000, 1_000)] };
    const { phase } = begin([{ sequence: [together, cut('refuse-3', 0, 1_000)] }], 10_000);
    await clock.advance(10_000);
    await phase;
    expect(told()).to.deep.equal([
      '0 kill-1',
      '1000 refuse-2',
      '2000 not refuse-2',
      '4000 not kill-1',
      '4000 refuse-3',
      '5000 not refuse-3',
    ]);
  });

  it('begins each round of a repeat after a fixed time, or when the round before has ended', async () => {
    for (const [every, times] of [
      [3_000, ['0', '1000', '3000', '4000', '6000', '7000']],
      [0, ['0', '1000', '1000', '2000', '2000', '3000']],
    ] as const) {
      const { clock, told, begin } = setUp();
      const rounds = [1, 2, 3].map((n) => ({ sequence: [cut(`refuse-1.${n}`, 0, 1_000)] }));
      const { phase } = begin([{ rounds, every }], 10_000);
      await clock.advance(10_000);
      await phase;
      expect(told().map((line) => line.split(' ')[0])).to.deep.equal(times);
      expect(told()[4]).to.match(/ refuse-1\.3$/);
    }
  });

  it('injects 300 ms after a promotion was seen, and takes only a change of role for a promotion', async () => {
    const { clock, told, role, begin, ended } = setUp();
    role(-5_000, 'postgres-a', 'primary');
    role(-5_000, 'postgres-b', 'standby');
    const { phase } = begin([{ sequence: [promoted(), kills('kill-1', 300, 1_000)] }], 10_000);
    await clock.advance(1_000);
    // This member had the role of primary already, so its event is no promotion.
    role(1_000, 'postgres-a', 'primary');
    role(1_000, 'postgres-a', 'unknown');
    await clock.advance(3_200);
    role(4_000, 'postgres-b', 'primary');
    await clock.advance(10_000);
    await phase;
    expect(told()).to.deep.equal(['4200 wait-1 done', '4300 kill-1', '5300 not kill-1']);
    expect(ended()).to.include({ text: 'the condition holds (postgres-b is primary)', optional: false });
  });

  it('does not miss a role that was taken while the step before the wait was in force', async () => {
    const { clock, told, role, begin } = setUp();
    role(-5_000, 'postgres-b', 'standby');
    const { phase } = begin([{ sequence: [kills('kill-1', 0, 5_000), promoted(), cut('refuse-2', 300, 1_000)] }]);
    await clock.advance(3_000);
    role(3_000, 'postgres-b', 'primary');
    await clock.advance(60_000);
    await phase;
    expect(told().slice(1)).to.deep.equal([
      '5000 not kill-1',
      '5000 wait-1 done',
      '5300 refuse-2',
      '6300 not refuse-2',
    ]);
  });

  it('ends the phase when a wait passes its deadline, and begins nothing after the wait', async () => {
    const { clock, told, topology, schedule, begin, ended } = setUp();
    const { phase, state } = begin([
      kills('kill-1', 0),
      { sequence: [promoted(5_000), cut('refuse-2', 0, 1_000)] },
      cut('refuse-3', 6_000, 1_000),
    ]);
    await clock.advance(4_999);
    expect(state.over).to.equal(false);
    await clock.advance(1);
    await phase;
    expect(state.error).to.equal(undefined);
    expect(ended()).to.include({ t: 5_000, outcome: 'late', optional: false });
    await clock.advance(60_000);
    expect(told()).to.deep.equal(['0 kill-1', '5000 wait-1 late']);
    await schedule.heal();
    expect(topology.wrong).to.deep.equal([]);
  });

  it('takes the next step when a wait with continue_on_failure passes its deadline', async () => {
    const { clock, told, begin, ended } = setUp();
    const wait: PlannedWait = { ...promoted(5_000), continueOnFailure: true };
    const { phase } = begin([{ sequence: [wait, cut('refuse-1', 300, 1_000)] }]);
    await clock.advance(60_000);
    await phase;
    expect(told()).to.deep.equal(['5000 wait-1 late', '5300 refuse-1', '6300 not refuse-1']);
    expect(ended()).to.include({ optional: true });
  });

  it('injects nothing more when it is aborted during a wait, and everything can be undone', async () => {
    const { clock, told, topology, schedule, begin, abort, role, ended } = setUp();
    const { phase, state } = begin([kills('kill-1', 0), { sequence: [promoted(), cut('refuse-2', 0)] }]);
    await clock.advance(2_000);
    abort.abort(new Error('enough'));
    await phase;
    expect(state.error).to.have.property('message', 'enough');
    await schedule.heal();
    // The promotion happens after all, but nobody waits for it any more.
    role(2_001, 'postgres-b', 'primary');
    await clock.advance(60_000);
    expect(told()).to.deep.equal(['0 kill-1', '2000 not kill-1']);
    expect(ended()).to.equal(undefined);
    expect(topology.wrong).to.deep.equal([]);
  });

  it('records a mark when its turn comes, and begins the next step at the same time', async () => {
    const { clock, told, topology, events, begin } = setUp();
    const mark: PlannedMark = { id: 'mark-1', mark: 'deploy of version 7 begins' };
    const { phase } = begin([{ sequence: [kills('kill-1', 0, 2_000), mark, cut('refuse-2', 0, 1_000)] }], 10_000);
    await clock.advance(10_000);
    await phase;
    expect(told()).to.deep.equal([
      '0 kill-1',
      '2000 not kill-1',
      '2000 mark-1 done',
      '2000 refuse-2',
      '3000 not refuse-2',
    ]);
    expect(events.find((e) => e.kind === 'step.ended')).to.deep.equal({
      t: 2_000,
      kind: 'step.ended',
      id: 'mark-1',
      step: 'mark',
      outcome: 'done',
      text: 'deploy of version 7 begins',
    });
    expect(events.some((e) => e.kind === 'step.began')).to.equal(false);
    expect(topology.wrong).to.deep.equal([]);
  });

  it('cuts a wait short at the end of the phase', async () => {
    const { clock, begin, ended } = setUp();
    const { phase } = begin([promoted(20_000)], 10_000);
    await clock.advance(10_000);
    await phase;
    expect(ended()).to.include({ t: 10_000, outcome: 'cut short' });
  });

  it('undoes a fault with continue_on_failure that cannot be injected, and goes on with the others', async () => {
    const { clock, topology, told, events, begin } = setUp();
    topology.failAfter = 'kill';
    const { phase, state } = begin([
      { sequence: [{ ...kills('kill-1', 1_000, 5_000), continueOnFailure: true }, cut('refuse-2', 500, 1_000)] },
      cut('refuse-3', 4_000, 1_000),
    ]);
    await clock.advance(60_000);
    await phase;
    expect(state.error).to.equal(undefined);
    expect(events.find((e) => e.kind === 'fault.failed')).to.include({
      id: 'kill-1',
      code: 'CHAOS_INTERNAL',
      message: 'no answer to kill',
    });
    expect(told()).to.deep.equal([
      '1000 not kill-1',
      '1500 refuse-2',
      '2500 not refuse-2',
      '4000 refuse-3',
      '5000 not refuse-3',
    ]);
    expect(topology.wrong).to.deep.equal([]);
  });

  it('ends every wait when a fault without continue_on_failure cannot be injected', async () => {
    const { clock, topology, begin, ended } = setUp();
    topology.failAfter = 'kill';
    const { phase, state } = begin([kills('kill-1', 1_000), { sequence: [promoted(), cut('refuse-2', 0)] }]);
    await clock.advance(1_000);
    await phase;
    expect(state.error).to.have.property('message', 'no answer to kill');
    await clock.advance(60_000);
    expect(ended()).to.equal(undefined);
    expect(topology.acts).not.to.include('disableProxy');
  });

  it('waits for a fault that is being injected when the phase ends, and leaves it to be healed', async () => {
    const { clock, topology, schedule, begin } = setUp();
    const act = topology.containers.kill;
    topology.containers.kill = async (c) => {
      await clock.sleep(3_000);
      await act(c);
    };
    const { phase, state } = begin([{ sequence: [kills('kill-1', 9_000, 500), cut('refuse-2', 0)] }], 10_000);
    await clock.advance(11_000);
    expect(state.over).to.equal(false);
    await clock.advance(1_000);
    await phase;
    expect(topology.wrong).to.deep.equal([STOPPED]);
    expect(topology.acts).to.deep.equal(['kill']);
    await schedule.heal();
    expect(topology.wrong).to.deep.equal([]);
  });
});

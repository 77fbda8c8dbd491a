import { expect } from 'chai';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'mocha';
import { mock } from 'node:test';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import type { ContainerRef } from '../../../../harness/core/topology/state.ts';
import type { PlannedFault } from '../../../../harness/core/plan/plan.ts';
import { UndoJournal } from '../../../../harness/heal/journal.ts';
import { FaultSchedule } from '../../../../harness/run/steps/schedule.ts';
import cpuBurn from '../../../../harness/faults/cpu_burn.ts';
import cpuLimit from '../../../../harness/faults/cpu_limit.ts';
import kill from '../../../../harness/faults/kill.ts';
import refuse from '../../../../harness/faults/refuse.ts';
import { steps } from '../../../../harness/steps/index.ts';
import { ManualClock } from '../../../helpers/doubles/clock.ts';
import { MemoryTopology } from '../../../helpers/doubles/topology.ts';

function setUp() {
  const clock = new ManualClock(0);
  const topology = new MemoryTopology();
  const events: RunEvent[] = [];
  const journal = new UndoJournal(mkdtempSync(join(tmpdir(), 'schedule-')));
  const emit = (event: RunEvent): void => void events.push(event);
  const schedule = new FaultSchedule(
    { clock, topology, journal, seed: 1, emit },
    { faults: [kill, refuse, cpuBurn, cpuLimit], steps },
  );
  const at = (kind: RunEvent['kind'], id: string): number | undefined =>
    events.find((e) => e.kind === kind && 'id' in e && e.id === id)?.t;
  return { clock, topology, schedule, events, at };
}

const killApp: PlannedFault = {
  id: 'kill-1',
  fault: 'kill',
  params: { service: 'app', replica: 1 },
  at: 2_000,
  for: undefined,
};
const cut: PlannedFault = {
  id: 'refuse-2',
  fault: 'refuse',
  params: { link: 'app-to-primary' },
  at: 1_000,
  for: 3_000,
};

/** What the double says is wrong while these faults are in force. */
const STOPPED = 'containers.chaos-app-1.state is stopped, not running';
const CUT = 'containers.chaos-toxiproxy-1.inside.proxies.app-to-primary.enabled is false, not true';

describe('the schedule of faults', () => {
  afterEach(() => mock.timers.reset());

  it('injects each fault at its time, heals faults that end in the phase, and leaves others for heal()', async () => {
    const { clock, topology, schedule, at } = setUp();
    const phase = schedule.run([killApp, cut], 10_000, new AbortController().signal);
    await clock.advance(10_000);
    await phase;
    expect(at('fault.injected', 'refuse-2')).to.equal(1_000);
    expect(at('fault.healed', 'refuse-2')).to.equal(4_000);
    expect(at('fault.injected', 'kill-1')).to.equal(2_000);
    expect(topology.wrong).to.deep.equal([STOPPED]);
    await schedule.heal();
    expect(topology.wrong).to.deep.equal([]);
  });

  it('stops at once when it is aborted, and can still be healed', async () => {
    const { clock, topology, schedule } = setUp();
    const abort = new AbortController();
    const phase = schedule.run([killApp, cut], 10_000, abort.signal).catch((error: unknown) => error);
    await clock.advance(2_500);
    abort.abort(new Error('enough'));
    expect(await phase).to.have.property('message', 'enough');
    expect(topology.wrong).to.deep.equal([STOPPED, CUT]);
    await schedule.heal();
    expect(topology.wrong).to.deep.equal([]);
  });

  it('begins no other fault when one cannot be injected, and heals what that fault did half-way', async () => {
    const { clock, topology, schedule, at } = setUp();
    topology.failAfter = 'disableProxy';
    const phase = schedule.run([killApp, cut], 10_000, new AbortController().signal).catch((error: unknown) => error);
    await clock.advance(1_500);
    expect(await phase).to.have.property('message', 'no answer to disableProxy');
    await clock.advance(10_000);
    expect(at('fault.injecting', 'kill-1')).to.equal(undefined);
    expect(topology.wrong).to.deep.equal([CUT]);
    await schedule.heal();
    expect(topology.wrong).to.deep.equal([]);
  });

  const lowered = (id: string, cpus: number, at: number, lasts: number): PlannedFault => ({
    id,
    fault: 'cpu_limit',
    params: { service: 'app', replica: 1, cpus },
    at,
    for: lasts,
  });

  const burning = (id: string, at: number, lasts: number | undefined): PlannedFault => ({
    id,
    fault: 'cpu_burn',
    params: { service: 'app', replica: 1, workers: 1 },
    at,
    for: lasts,
  });

  it('gives back what was there before the first of two faults, and keeps the value of the one in force (case H1)', async () => {
    const { clock, topology, schedule } = setUp();
    const cores = (): number | undefined => topology.world.containers['chaos-app-1']?.limits.cpus;
    const faults = [lowered('cpu_limit-1', 0.1, 2_000, 12_000), lowered('cpu_limit-2', 0.2, 8_000, 15_000)];
    const phase = schedule.run(faults, 30_000, new AbortController().signal);
    const seen: (number | undefined)[] = [];
    for (const ms of [3_000, 6_000, 6_000, 9_000]) {
      await clock.advance(ms);
      seen.push(cores());
    }
    expect(seen, 'after 3, 9, 15 and 24 s').to.deep.equal([0.1, 0.2, 0.2, 1]);
    await clock.advance(10_000);
    await phase;
    expect(await schedule.heal()).to.deep.equal([]);
    expect(topology.wrong).to.deep.equal([]);
  });

  it('puts the older of two faults in force again when the younger one ends first (case H1)', async () => {
    const { clock, topology, schedule } = setUp();
    const faults = [lowered('cpu_limit-1', 0.1, 1_000, 20_000), lowered('cpu_limit-2', 0.2, 2_000, 2_000)];
    const phase = schedule.run(faults, 10_000, new AbortController().signal);
    await clock.advance(5_000);
    expect(topology.wrong).to.deep.equal(['containers.chaos-app-1.limits.cpus is 0.1, not 1']);
    await clock.advance(5_000);
    await phase;
    expect(await schedule.heal()).to.deep.equal([]);
    expect(topology.wrong).to.deep.equal([]);
  });

  it('leaves a killed container down when a fault in it ends, and undoes that fault when the container runs (case H1)', async () => {
    const { clock, topology, schedule, at } = setUp();
    const burn = burning('cpu_burn-1', 1_000, 3_000);
    const phase = schedule.run([burn, { ...killApp, for: 4_000 }], 10_000, new AbortController().signal);
    await clock.advance(5_000);
    expect(at('fault.healed', 'cpu_burn-1')).to.equal(4_000);
    expect(at('undo.done', 'cpu_burn-1')).to.equal(undefined);
    expect(topology.wrong).to.deep.equal([STOPPED]);
    await clock.advance(5_000);
    await phase;
    expect([at('undo.done', 'cpu_burn-1'), at('undo.failed', 'cpu_burn-1')]).to.deep.equal([6_000, undefined]);
    expect(topology.wrong).to.deep.equal([]);
  });

  it('injects no fault in a container that another fault keeps down, says why, and ends the phase: CHAOS_FAULTS_CLASH', async () => {
    const { clock, topology, schedule, events } = setUp();
    const burn = burning('cpu_burn-2', 3_000, undefined);
    const phase = schedule.run([killApp, burn], 10_000, new AbortController().signal);
    await clock.advance(4_000);
    await phase;
    expect(events.find(({ kind }) => kind === 'fault.failed')).to.include({
      id: 'cpu_burn-2',
      code: 'CHAOS_FAULTS_CLASH',
      message: 'cpu_burn-2 cannot act on chaos-app-1: kill-1 keeps it from running',
    });
    expect(await schedule.heal()).to.deep.equal([]);
    expect(topology.wrong).to.deep.equal([]);
  });

  it('lets a fault that took too long and was passed over not act any more (case H7)', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const { clock, topology, schedule, at } = setUp();
    const found = Promise.withResolvers<readonly ContainerRef[]>();
    topology.containers.resolve = () => found.promise;
    const late: PlannedFault = { ...killApp, at: 0, continueOnFailure: true };
    const phase = schedule.run([late], 60_000, new AbortController().signal);
    await clock.advance(1_000);
    mock.timers.tick(30_000);
    await clock.advance(1_000);
    expect(at('fault.failed', 'kill-1')).not.to.equal(undefined);
    mock.timers.tick(10_000);
    await clock.advance(1_000);
    expect(at('fault.healed', 'kill-1')).not.to.equal(undefined);
    found.resolve([{ id: 'chaos-app-1', name: 'chaos-app-1', service: 'app' }]);
    await clock.advance(60_000);
    await phase;
    await schedule.heal();
    await schedule.acting();
    expect([topology.acts, topology.wrong]).to.deep.equal([[], []]);
  });

  it('throws CHAOS_UNKNOWN_FAULT for an unknown fault, and does not leave the fault out', async () => {
    const { clock, schedule } = setUp();
    const unknown = { ...killApp, fault: 'meteor', at: 0 };
    const phase = schedule.run([unknown], 10_000, new AbortController().signal).catch((error: unknown) => error);
    await clock.advance(100);
    expect(await phase).to.include({ code: 'CHAOS_UNKNOWN_FAULT', message: 'this version knows no fault "meteor"' });
  });
});

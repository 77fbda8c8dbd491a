import { expect } from 'chai';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/events.ts';
import type { PlannedFault } from '../../../harness/core/plan.ts';
import { UndoJournal } from '../../../harness/engine/journal.ts';
import { FaultSchedule } from '../../../harness/engine/schedule.ts';
import kill from '../../../harness/faults/kill.ts';
import refuse from '../../../harness/faults/refuse.ts';
import { ManualClock } from '../../helpers/clock.ts';
import { MemoryTopology } from '../../helpers/topology.ts';

function setUp() {
  const clock = new ManualClock(0);
  const topology = new MemoryTopology();
  const events: RunEvent[] = [];
  const journal = new UndoJournal(mkdtempSync(join(tmpdir(), 'schedule-')));
  const emit = (event: RunEvent): void => void events.push(event);
  const schedule = new FaultSchedule({ clock, topology, journal, seed: 1, emit }, [kill, refuse]);
  const at = (kind: RunEvent['kind'], id: string): number | undefined =>
    events.find((e) => e.kind === kind && 'id' in e && e.id === id)?.t;
  return { clock, topology, schedule, at };
}

const killApp: PlannedFault = { id: 'kill-1', fault: 'kill', params: { service: 'app' }, at: 2_000, for: undefined };
const cut: PlannedFault = {
  id: 'refuse-2',
  fault: 'refuse',
  params: { link: 'app-to-primary' },
  at: 1_000,
  for: 3_000,
};

describe('the schedule of faults', () => {
  it('injects each at its time, heals what ends before the phase, leaves the rest for heal()', async () => {
    const { clock, topology, schedule, at } = setUp();
    const phase = schedule.run([killApp, cut], 10_000, new AbortController().signal);
    await clock.advance(10_000);
    await phase;
    expect(at('fault.injected', 'refuse-2')).to.equal(1_000);
    expect(at('fault.healed', 'refuse-2')).to.equal(4_000);
    expect(at('fault.injected', 'kill-1')).to.equal(2_000);
    expect([...topology.wrong]).to.deep.equal(['stopped chaos-app-1']);
    await schedule.heal();
    expect([...topology.wrong]).to.deep.equal([]);
  });

  it('when aborted, stops at once and can still be healed', async () => {
    const { clock, topology, schedule } = setUp();
    const abort = new AbortController();
    const phase = schedule.run([killApp, cut], 10_000, abort.signal).catch((error: unknown) => error);
    await clock.advance(2_500);
    abort.abort(new Error('enough'));
    expect(await phase).to.have.property('message', 'enough');
    expect(topology.wrong.size).to.equal(2);
    await schedule.heal();
    expect([...topology.wrong]).to.deep.equal([]);
  });

  it('when one cannot be injected, none of the others begins, and what it did half way is healed', async () => {
    const { clock, topology, schedule, at } = setUp();
    topology.failAfter = 'disableProxy';
    const phase = schedule.run([killApp, cut], 10_000, new AbortController().signal).catch((error: unknown) => error);
    await clock.advance(1_500);
    expect(await phase).to.have.property('message', 'no answer to disableProxy');
    await clock.advance(10_000);
    expect(at('fault.injecting', 'kill-1')).to.equal(undefined);
    expect([...topology.wrong]).to.deep.equal(['disabled app-to-primary']);
    await schedule.heal();
    expect([...topology.wrong]).to.deep.equal([]);
  });

  it('an unknown fault is an error, and not a phase without one', async () => {
    const { clock, schedule } = setUp();
    const unknown = { ...killApp, fault: 'meteor', at: 0 };
    const phase = schedule.run([unknown], 10_000, new AbortController().signal).catch((error: unknown) => error);
    await clock.advance(100);
    expect(await phase).to.include({ code: 'CHAOS_UNKNOWN_FAULT', message: 'this version knows no fault "meteor"' });
  });
});

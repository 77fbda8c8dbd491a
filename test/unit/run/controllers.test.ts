import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Plan, PlannedController } from '../../../harness/core/plan/plan.ts';
import { eventsOf } from '../../../harness/core/record/history.ts';
import { UndoJournal } from '../../../harness/heal/journal.ts';
import { Controllers } from '../../../harness/run/controllers.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import { MemoryTopology } from '../../helpers/doubles/topology.ts';
import { known } from '../../helpers/known.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';
import { recorded, type Recording } from '../../helpers/samples/recording.ts';

const hold = (service: string, replicas: number): PlannedController => ({
  id: 'hold-1',
  controller: 'hold',
  params: { service, replicas },
});

const holding =
  (...controllers: readonly PlannedController[]) =>
  (plan: Plan): Plan => ({ ...plan, controllers });

const count = ({ world }: MemoryTopology, service: string): number =>
  Object.values(world.containers).filter((c) => c.service === service).length;

/** Expects that everything is as it was before the run, and that the audit says so. */
function expectAsBefore({ topology, events, judged, running }: Recording): void {
  expect([...topology.wrong]).to.deep.equal([]);
  expect(events.findLast((e) => e.kind === 'residue')).to.deep.include({ residue: [], healthy: true });
  expect(judged.document.restored).to.equal(true);
  expect(running).to.equal(0);
}

describe('a controller of a run', () => {
  it('has its way back on disk before it changes the number, says why, and gives the old number back', async () => {
    const counts: number[] = [];
    const topology = new MemoryTopology();
    const recording = await recorded({
      topology,
      change: holding(hold('worker', 3)),
      onEvent: (event) => {
        if (event.kind === 'phase.ended') counts.push(count(topology, 'worker'));
      },
    });
    const kinds = recording.kinds.filter((kind) => ['undo.recorded', 'decided', 'scaled'].includes(kind));
    expect(kinds.slice(0, 3)).to.deep.equal(['undo.recorded', 'decided', 'scaled']);
    expect(eventsOf(recording, 'undo.recorded').find(({ id }) => id === 'hold-1')?.step).to.deep.equal({
      do: 'scale-service',
      service: 'worker',
      replicas: 1,
    });
    const [decided, ...more] = eventsOf(recording, 'decided');
    expect(decided).to.include({ from: 1, to: 3, why: 'worker has 1 replica, and 3 are asked for' });
    expect(more).to.deep.equal([]);
    expect(counts).to.deep.equal([3, 3, 3, 3, 3]);
    expectAsBefore(recording);
  });

  it('removes containers too: the service is healthy with the number that is asked for', async () => {
    const recording = await recorded({ change: holding(hold('app', 2)) });
    expect(eventsOf(recording, 'scaled')[0]).to.include({ action: 'scale_down', from: 3, to: 2 });
    const heal = recording.judged.history.windows.find((w) => w.phase === 'heal');
    expect((heal?.ended ?? Infinity) - (heal?.started ?? 0)).to.be.lessThan(5_000);
    expectAsBefore(recording);
  });

  it('makes a container that a fault removed, and nothing is left when the fault is undone', async () => {
    const remove = {
      id: 'remove-1',
      fault: 'remove',
      params: { service: 'app', replica: 3 },
      at: 1_000,
      for: undefined,
    };
    const recording = await recorded({ faults: [remove], change: holding(hold('app', 3)) });
    expect(eventsOf(recording, 'scaled').map(({ from, to }) => [from, to])).to.deep.equal([[2, 3]]);
    expectAsBefore(recording);
  });

  it('that cannot act makes the run prove nothing, and what it may have changed is taken back', async () => {
    const topology = new MemoryTopology();
    topology.failAfter = 'scale';
    const recording = await recorded({ topology, change: holding(hold('worker', 2)) });
    expect(recording.judged.document.invalid.map((i) => i.code)).to.include('CHAOS_CONTROLLER_FAILED');
    expect(eventsOf(recording, 'controller.failed')[0]).to.include({ id: 'hold-1', message: 'no answer to scale' });
    expectAsBefore(recording);
  });

  it('is taken back when the run is interrupted after its first act', async () => {
    const recording = await recorded({
      change: holding(hold('worker', 4)),
      onEvent: (event, interruption) => {
        if (event.kind === 'scaled') interruption.interrupt('SIGINT');
      },
    });
    expect(recording.judged.document).to.include({ verdict: 'INTERRUPTED', exit_code: 130 });
    expectAsBefore(recording);
  });

  it('is at work until its last change has ended: the next run must not meet it', async () => {
    const topology = new MemoryTopology();
    const late = Promise.withResolvers<void>();
    topology.containers.scale = () => late.promise;
    const journal = new UndoJournal(temporaryFolder());
    const guarded = (): Promise<void> => Promise.resolve();
    const ctx = { topology, clock: new ManualClock(), journal, emit: () => undefined, guarded };
    const controllers = new Controllers(ctx, known);
    const end = new AbortController();
    controllers.start({ controllers: [hold('worker', 2)], topology: topology.spec }, end.signal);
    let ended = false;
    const acting = controllers.acting().then(() => (ended = true));
    await new Promise((resolve) => setImmediate(resolve));
    end.abort(new Error('enough'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).to.equal(false);
    late.resolve();
    await acting;
  });

  it('changes nothing when the number is right, and the run is not called killed for that', async () => {
    const recording = await recorded({ faults: [], change: holding(hold('app', 3)) });
    expect(eventsOf(recording, 'decided')).to.deep.equal([]);
    expect(recording.topology.acts).not.to.include('scale');
    expectAsBefore(recording);
    expect(recording.judged.document.reason).to.equal(undefined);
  });
});

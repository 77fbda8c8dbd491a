import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { mock } from 'node:test';
import type { Fault } from '../../harness/core/kinds/fault.ts';
import { faults } from '../../harness/faults/index.ts';
import { readJournal, UndoJournal } from '../../harness/heal/journal.ts';
import { ActiveFault } from '../../harness/run/steps/inject.ts';
import { ManualClock } from '../helpers/doubles/clock.ts';
import { MemoryTopology } from '../helpers/doubles/topology.ts';
import { withLedger } from '../helpers/holding.ts';
import { disturbed } from '../helpers/laws.ts';
import { temporaryFolder } from '../helpers/samples/folder.ts';

/** Other parameters than the example's, for faults that then leave something else behind. */
const MORE: Readonly<Record<string, readonly object[]>> = {
  memory_squeeze: [{ service: 'redis', free: '16MiB', until_oom: true }],
  signal: [
    { service: 'app', replica: 2, signal: 'KILL' },
    { service: 'postgres', role: 'standby', signal: 'STOP', process: 'startup' },
  ],
  latency: [{ link: 'app-to-redis', latency: '1s', direction: 'both' }],
  packet_loss: [{ service: 'postgres', loss: 50, direction: 'both' }],
  connection_exhaustion: [{ service: 'postgres', percent: 100 }],
  table_lock: [{ table: 'weddings', mode: 'share' }],
  cpu_limit: [{ service: 'postgres', cpus: 0.5 }],
};

interface Trial {
  readonly topology: MemoryTopology;
  readonly clock: ManualClock;
  readonly active: ActiveFault;
  readonly abort: AbortController;
  readonly dir: string;
  readonly inject: () => Promise<void>;
}

/** Calls `test` with a fault that is about to be injected. The fault acts through what `wrap` makes of the topology. */
async function tried(
  fault: Fault,
  given: unknown,
  test: (trial: Trial) => Promise<void>,
  wrap: (topology: MemoryTopology) => MemoryTopology = (topology) => topology,
): Promise<void> {
  const dir = temporaryFolder();
  const topology = new MemoryTopology();
  const clock = new ManualClock();
  const params = fault.params.parse(given);
  using journal = new UndoJournal(dir);
  const planned = { id: 'law-1', fault: fault.name, params, at: 0, for: undefined };
  const ctx = { topology: wrap(topology), clock, journal, seed: 1, emit: () => undefined };
  const active = new ActiveFault(planned, withLedger(ctx));
  const abort = new AbortController();
  const inject = () => active.inject(fault.bind(params), abort.signal);
  await test({ topology, clock, active, abort, dir, inject });
}

for (const fault of faults) {
  describe(`the undo of ${fault.name}`, () => {
    afterEach(() => mock.timers.reset());

    for (const given of [fault.example, ...(MORE[fault.name] ?? [])]) {
      const told = JSON.stringify(given);

      it(`puts back every value that the fault changed, and does no harm twice: ${told}`, () =>
        tried(fault, given, async ({ topology, active, dir, inject }) => {
          await inject();
          const over = topology.past.length > 0 && (fault.passes !== undefined || given !== fault.example);
          if (!over) expect(topology.wrong, 'while the fault is in force').not.to.deep.equal([]);
          expect(await active.heal(), 'undo steps that failed').to.deep.equal([]);
          expect(topology.wrong).to.deep.equal([]);
          for (const { step } of readJournal(dir)) await topology.undo(step);
          expect(topology.wrong, 'after a second undo').to.deep.equal([]);
        }));

      it(`does so in a hurry, from what is on disk, and after the fault has gone on for a while: ${told}`, async () => {
        await tried(fault, given, async ({ topology, active, inject }) => {
          await inject();
          await active.undoAtOnce();
          expect(topology.wrong, 'in a hurry').to.deep.equal([]);
        });
        await tried(fault, given, async ({ topology, abort, dir, inject }) => {
          await inject();
          // As when the process of the run dies.
          abort.abort(new Error('killed'));
          for (const { step } of readJournal(dir)) await topology.undo(step);
          expect(topology.wrong, 'from disk').to.deep.equal([]);
        });
        await tried(fault, given, async ({ topology, clock, active, inject }) => {
          await inject();
          await clock.advance(2_500);
          await clock.through(active.heal());
          await clock.advance(10_000);
          expect(topology.wrong, 'after a while').to.deep.equal([]);
        });
      });

      it(`does so when no container comes back by itself, or Toxiproxy has lost its proxies: ${told}`, async () => {
        await tried(fault, given, async ({ topology, active, inject }) => {
          topology.comesBack = false;
          const failed: unknown = await inject().catch((error: unknown) => (error as Error).message);
          expect(failed).to.be.oneOf([undefined, 'chaos-app-1 did not start']);
          await active.heal();
          expect(topology.wrong, 'down').to.deep.equal([]);
        });
        await tried(fault, given, async ({ topology, active, dir, inject }) => {
          await inject();
          const { inside } = topology.world.containers['chaos-toxiproxy-1']!;
          for (const { step } of readJournal(dir)) if ('proxy' in step) delete inside.proxies![step.proxy.name];
          await active.heal();
          expect(topology.wrong, 'no proxies').to.deep.equal([]);
        });
      });

      it(`carries out no step of it once it is over, when any of its acts hangs beyond the deadline: ${told} (case H7)`, async () => {
        mock.timers.enable({ apis: ['setTimeout'] });
        for (let hangs = 1, acts = Infinity; hangs <= acts; hangs += 1) {
          let begun = 0;
          const reached = Promise.withResolvers<void>();
          const answer = Promise.withResolvers<void>();
          const hanging = (topology: MemoryTopology): MemoryTopology =>
            disturbed(topology, 'before', async () => {
              begun += 1;
              if (begun !== hangs) return;
              reached.resolve();
              await answer.promise;
            });
          const late = async ({ topology, clock, active, inject }: Trial): Promise<void> => {
            const injecting = inject().catch((error: unknown) => error);
            await Promise.race([reached.promise, injecting]);
            if (begun < hangs) acts = begun;
            // The deadline of the injection, then the time that an act has to end.
            mock.timers.tick(30_000);
            if (begun >= hangs) expect(await injecting).to.have.property('code', 'CHAOS_DEADLINE');
            const healing = active.heal();
            await new Promise(setImmediate);
            mock.timers.tick(10_000);
            await healing;
            const whenHealed = begun;
            answer.resolve();
            await active.acting();
            await clock.advance(60_000);
            expect(begun, `acts after the end, when act ${hangs} hangs`).to.equal(whenHealed);
            expect(topology.wrong, `when act ${hangs} ends after the undo`).to.deep.equal([]);
          };
          await tried(fault, given, late, hanging);
        }
      });

      it(`does so when the answer to any of the acts is lost: ${told}`, async () => {
        for (let lost = 1, acts = Infinity; lost <= acts; lost += 1) {
          let happened = 0;
          const losing = (topology: MemoryTopology): MemoryTopology =>
            disturbed(topology, 'after', () => {
              happened += 1;
              if (happened === lost) throw new Error('no answer');
            });
          await tried(
            fault,
            given,
            async ({ topology, active, inject }) => {
              const error: unknown = await inject().catch((e: unknown) => e);
              if (happened < lost) acts = happened;
              else expect(error).to.have.property('message', 'no answer');
              expect(happened, 'acts').to.be.greaterThan(0);
              await active.heal();
              expect(topology.wrong, `after act ${lost}`).to.deep.equal([]);
            },
            losing,
          );
        }
      });
    }
  });
}

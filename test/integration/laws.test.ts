import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { DockerControl } from '../../harness/control/docker.ts';
import { ComposeTopology } from '../../harness/control/topology.ts';
import { systemClock } from '../../harness/core/clock.ts';
import type { Fault, FaultRecord } from '../../harness/core/fault.ts';
import type { LoadRun } from '../../harness/core/load.ts';
import type { Observation } from '../../harness/core/observation.ts';
import { seededRandom } from '../../harness/core/random.ts';
import type { ContainerState } from '../../harness/core/topology.ts';
import type { UndoStep } from '../../harness/core/undo.ts';
import { faults } from '../../harness/faults/index.ts';
import { readTopology } from '../../harness/plan/index.ts';
import { ROOT, TEST_ENV, chaos } from '../helpers/chaos.ts';
import { startLoad } from '../helpers/load.ts';

/** A silent link answers one question a second with nothing: enough of them are wanted between settling and undoing. */
const LOOK_MS = 7_000;

/** What was seen and done while one fault was in force. */
interface Tried {
  readonly record: FaultRecord;
  readonly steps: readonly UndoStep[];
}

describe('laws of every fault, against real containers', function () {
  this.timeout(180_000);
  let topology: ComposeTopology;
  let load: LoadRun;

  before(async () => {
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
    const env = { ...process.env, ...TEST_ENV };
    topology = new ComposeTopology({
      spec: readTopology([`${ROOT}/docker-compose.chaos.yml`], env),
      docker: new DockerControl(),
      env,
    });
    // A link that nobody uses cannot be broken.
    load = await startLoad('20/s');
  });

  after(async () => {
    await load.stop();
    await chaos(['heal']);
  });

  /** Injects, looks, undoes. `failing` makes the first act after the first undo record fail half way. */
  async function attempt(
    fault: Fault,
    signal: AbortSignal,
    onUndo: (steps: UndoStep[]) => void = () => undefined,
  ): Promise<Tried> {
    const params = fault.params.parse(fault.example);
    const observations: Observation[] = [];
    const states: ({ t: number } & ContainerState)[] = [];
    const steps: UndoStep[] = [];
    const watchers = await Promise.all(
      fault.observers(params, topology.spec).map(({ id, from, protocol, host, port }) =>
        topology.witness(from, 'laws', [{ id, protocol, host, port, everyMs: 250 }], (a) =>
          observations.push({
            observer: id,
            t: a.t,
            ok: a.ok,
            rtt: a.rtt,
            error: a.error,
            established: a.established,
          }),
        ),
      ),
    );
    await systemClock.sleep(2_500);
    const { target } = fault.aims(params);
    const services = target === undefined ? [] : (topology.spec.groups[target.service] ?? [target.service]);
    const injecting = systemClock.now();
    let targets: readonly string[] = [];
    try {
      targets = await fault.inject({
        params,
        topology,
        clock: systemClock,
        random: seededRandom(1),
        signal,
        undo: (step) => {
          steps.unshift(step);
          onUndo(steps);
          return Promise.resolve();
        },
      });
      const injected = systemClock.now();
      for (const until = injected + LOOK_MS; systemClock.now() < until; await systemClock.sleep(500)) {
        for (const state of await topology.states(services)) states.push({ t: systemClock.now(), ...state });
      }
      const healing = systemClock.now();
      return {
        record: {
          id: 'law',
          fault: fault.name,
          params,
          targets,
          injecting,
          injected,
          healing,
          healed: undefined,
          observations,
          states: states.filter((state) => targets.includes(state.container)),
        },
        steps,
      };
    } finally {
      await Promise.all(watchers.map((w) => w[Symbol.asyncDispose]()));
    }
  }

  async function well(): Promise<void> {
    const until = systemClock.now() + 60_000;
    for (;;) {
      const health = await topology.health();
      if (health.healthy) break;
      if (systemClock.now() > until) throw new Error(`not healthy: ${health.waitingFor.join('; ')}`);
      await systemClock.sleep(500);
    }
    expect(await topology.residue()).to.deep.equal([]);
  }

  for (const fault of faults) {
    describe(fault.name, () => {
      it('has a valid example, bites, is undone by its recorded steps, and undoing twice is harmless', async () => {
        await well();
        const { record, steps } = await attempt(fault, new AbortController().signal);
        for (const step of steps) await topology.undo(step);
        for (const step of steps) await topology.undo(step);
        const { effective, evidence } = fault.prove(record, record.params);
        expect(effective, evidence).to.equal('effective');
        await well();
      });

      it('is undone when injecting fails half way', async () => {
        await well();
        let steps: UndoStep[] = [];
        // The world refuses right after the way back was written down: the step itself may or may not have been taken.
        const failed = await attempt(fault, new AbortController().signal, (recorded) => {
          steps = recorded;
          throw new Error('the disk is full');
        }).catch((error: unknown) => error);
        expect(failed).to.be.an('error');
        for (const step of steps) await topology.undo(step);
        await well();
      });
    });
  }
});

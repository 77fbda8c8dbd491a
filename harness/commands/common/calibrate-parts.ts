import { constantLoad } from '../../core/load/plan.ts';
import { can } from '../../core/topology/capability.ts';
import type { TopologyControl } from '../../core/topology/control.ts';
import { answersOf } from '../../kit/deploy/watch.ts';
import { clock, load } from '../../main.ts';
import type { CalibrateParts } from '../../modes/autoscale/calibrate.ts';
import { healthy, inRotation } from '../../modes/autoscale/in-rotation.ts';
import { evidenceOf } from '../../modes/knee/evidence.ts';
import { offerStep } from '../../modes/knee/offer-step.ts';
import type { ScaledService } from '../../modes/autoscale/scaled-service.ts';
import { offer } from '../../modes/load/offer.ts';
import { newName } from '../../record/folders.ts';
import type { CalibrateAskedFor } from './calibrate-options.ts';

interface Context {
  readonly topology: TopologyControl;
  readonly scaled: ScaledService;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** After a step that was too much, jobs and retries go on. The next step begins this much later, milliseconds. */
const RECOVERY_MS = 8_000;
/** Requests a second for each replica while all replicas begin to serve. */
const LIGHT_PER_S = 3;

/** Returns what a calibration does to the real topology. */
export function calibrateParts(asked: CalibrateAskedFor, { topology, scaled, signal, say }: Context): CalibrateParts {
  const { service, workload, timeoutMs, seed, objective } = asked;
  const url = topology.spec.entry;
  return {
    clock,
    say,
    scaleTo: async (replicas) => {
      signal.throwIfAborted();
      say(`${replicas}: scaling ${service}`);
      await scaled.scaleTo(replicas);
      const lightLoad = (mostMs: number): Promise<AsyncDisposable> => {
        const plan = constantLoad(workload, LIGHT_PER_S * replicas, timeoutMs);
        return offer({ load, clock, plan, url, run: newName('calibrate'), seed, mostMs });
      };
      await healthy({ topology, clock, signal });
      // Each number of replicas begins with the same data, as each run does.
      if (can(topology.spec, 'reset')) await topology.data.reset();
      const answered: Parameters<typeof inRotation>[0]['answered'] = async (container) =>
        (await answersOf(topology, container))?.all;
      await inRotation({ topology, clock, service, answered, lightLoad, signal });
    },
    offer: async ({ ratePerS, ms }) => {
      const plan = constantLoad(workload, ratePerS, timeoutMs);
      const run = newName('calibrate');
      return evidenceOf(await offerStep({ load, clock, plan, url, run, seed, ratePerS, ms, objective, signal }));
    },
    recovered: async () => {
      await clock.sleep(RECOVERY_MS, signal);
      await healthy({ topology, clock, signal });
    },
  };
}

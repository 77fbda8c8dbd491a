import { ChaosError } from '../../core/errors.ts';
import { seededRandom } from '../../core/random.ts';
import type { Runbook, RunbookCommand } from '../../core/runbook/runbook.ts';
import type { CommandSaid } from '../../core/runbook/said.ts';
import type { Topology } from '../../core/topology/control.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import type { World } from '../../core/world.ts';
import { carryOut } from '../../kit/runbook/carry-out.ts';
import { clock, placesOfTopology, sessionParts } from '../../main.ts';
import { takeHealed } from '../../session/take.ts';

const nothing: Disposable = { [Symbol.dispose]: () => undefined };

/**
 * Takes the topology, so that no run is at work while a person changes it. On a game day people are to change it while its
 * runs are at work: then nothing is taken. Throws CHAOS_RUNBOOK_HELD.
 */
export async function holdForWalk(spec: TopologySpec, world: World): Promise<Disposable> {
  const say = (line: string): void => world.err.write(`${line}\n`);
  const places = await placesOfTopology(spec.project, world.env);
  const held = places.lock.read();
  if (held.state === 'running' && held.holder.led === true) {
    say(`a game day holds the topology "${spec.project}": what you carry out is part of it`);
    return nothing;
  }
  try {
    return await takeHealed(places, 'runbook walk', spec, sessionParts({ ...world, say }));
  } catch (error) {
    if (!(error instanceof ChaosError) || error.code !== 'CHAOS_RUN_ACTIVE') throw error;
    throw new ChaosError('CHAOS_RUNBOOK_HELD', {
      what: `nothing of the runbook was carried out: ${error.message}`,
      hint: 'Without --do, `chaos runbook walk` shows the commands and needs nobody to wait. With it, wait until `chaos status` says that the topology is free.',
      exit: 'not-ready',
    });
  }
}

/** Returns what carries out the commands of a runbook on a topology. */
export const carryingOut =
  ({ name }: Runbook, topology: Topology): ((command: RunbookCommand) => Promise<CommandSaid>) =>
  (command) =>
    carryOut(command, command.changes ? 'treated' : 'failed', {
      runbook: name,
      topology,
      clock,
      random: seededRandom(1),
    });

import { EXIT_CODE } from '../core/exits.ts';
import { placesOfTopology, topologyControl } from '../main.ts';
import type { Places } from '../session/places.ts';
import { describeHolder, nameOf } from '../session/topology-lock.ts';
import { type AddCommand, append, examples } from './common/command.ts';
import { print } from './common/output.ts';
import { topologyOfFiles } from './common/topology-files.ts';

export const statusCommand: AddCommand = (program, world, exit) => {
  program
    .command('status')
    .description(
      'say whether a run is at work, how the topology is, and what is left of earlier faults; changes nothing',
    )
    .option(
      '-f, --file <compose file>',
      'compose file of the topology (repeatable; default: docker-compose.chaos.yml)',
      append,
      [],
    )
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos status', 'chaos status -f compose.yml'))
    .action(async ({ file, json }: { file: readonly string[]; json: boolean }) => {
      const spec = topologyOfFiles(file, world);
      const places = await placesOfTopology(spec.project, world.env);
      const { stop, lock } = places;
      const { held } = stop;
      const { runs, text } = workOn(places);
      await using topology = topologyControl(spec, world.env);
      const presence = await topology.presence();
      const found = presence === 'absent' ? [] : await topology.residue();
      const health = presence === 'absent' ? { healthy: false, waitingFor: ['it is not up'] } : await topology.health();
      // While a run is at work, its own faults are no residue.
      const [residue, inForce] = lock.read().state === 'running' ? [[], found] : [found, []];
      // Of a run that is dead, something may be left that does not look like residue: another image, another setting. A
      // guardian that heals it has not put it back yet.
      const restored = residue.length === 0 && runs.every(({ state }) => state === 'running');
      if (json)
        print(world, {
          schema_version: 1,
          restored,
          runs,
          residue,
          in_force: inForce,
          healthy: health.healthy,
          waiting_for: health.waitingFor,
          stop_file: held ? stop.path : null,
        });
      else {
        world.out.write(text);
        if (held) world.out.write(`no run begins until the kill switch is off: rm ${stop.path}\n`);
        world.out.write(health.healthy ? 'topology: healthy\n' : `topology: ${health.waitingFor.join('; ')}\n`);
        inForce.forEach((r) => world.out.write(`in force: ${r.kind} ${r.target}\n`));
        residue.forEach((r) => world.out.write(`left: ${r.kind} ${r.target}\n  → ${r.how_to_undo}\n`));
      }
      exit(restored ? EXIT_CODE.pass : EXIT_CODE['not-restored']);
    });
};

/** Says who is at work on the topology, and which runs are dead and not put back. */
function workOn({ lock, notes }: Places): {
  readonly runs: readonly { readonly run: string; readonly state: string }[];
  readonly text: string;
} {
  const now = lock.read();
  if (now.state === 'running' || now.state === 'healing') {
    const { holder, state } = now;
    return { runs: [{ run: holder.run ?? nameOf(holder), state }], text: `${describeHolder(holder)}: ${state}\n` };
  }
  const left = notes.all().map(({ run }) => ({ run, state: 'left' }));
  const lines = left.map(({ run }) => `run ${run}: left behind, and its guardian is dead: \`chaos heal\`\n`);
  return { runs: left, text: lines.length === 0 ? 'no run is at work\n' : lines.join('') };
}

import { join } from 'node:path';
import { EXIT_CODE } from '../core/exits.ts';
import { lockOf, stopFileOf, topologyControl } from '../main.ts';
import { readTopology } from '../plan/index.ts';
import { type AddCommand, examples } from './command.ts';
import { print } from './output.ts';

export const statusCommand: AddCommand = (program, world, exit) => {
  program
    .command('status')
    .description(
      'tell whether a run is at work, how the topology is, and what is left of earlier faults; changes nothing',
    )
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos status'))
    .action(async ({ json }: { json: boolean }) => {
      const spec = readTopology([join(world.root, 'docker-compose.chaos.yml')], world.env);
      const lock = lockOf(world.root, spec.project).read();
      const stop = stopFileOf(world.root, spec.project);
      const { held } = stop;
      const runs = lock.state === 'free' ? [] : [{ run: lock.holder.run, state: lock.state }];
      await using topology = topologyControl(spec, world.env);
      const presence = await topology.presence();
      const residue = presence === 'absent' ? [] : await topology.residue();
      const health = presence === 'absent' ? { healthy: false, waitingFor: ['it is not up'] } : await topology.health();
      // While a run is at work its own fault is no residue.
      const restored = residue.length === 0 || lock.state === 'running';
      if (json)
        print(world, {
          schema_version: 1,
          restored,
          runs,
          residue,
          healthy: health.healthy,
          waiting_for: health.waitingFor,
          stop_file: held ? stop.path : null,
        });
      else {
        world.out.write(runs.length === 0 ? 'no run is at work\n' : `run ${runs[0]?.run ?? ''}: ${lock.state}\n`);
        if (held) world.out.write(`no run begins until the kill switch is off: rm ${stop.path}\n`);
        world.out.write(health.healthy ? 'topology: healthy\n' : `topology: ${health.waitingFor.join('; ')}\n`);
        residue.forEach((r) => world.out.write(`left: ${r.kind} ${r.target}\n  → ${r.how_to_undo}\n`));
      }
      exit(restored ? EXIT_CODE.pass : EXIT_CODE['not-restored']);
    });
};

import { z } from 'zod';
import { containerObservers, proveAway } from '../core/evidence/containers.ts';
import { defineFault } from '../core/fault.ts';
import { lowerNofile, raiseNofile } from '../core/acts/processes.ts';
import { targetWith } from '../core/schema.ts';

/** For each process: its number and its soft limit of open files. */
const LOOK = `
for p in /proc/[0-9]*; do
  [ "\${p#/proc/}" = $$ ] && continue
  { while read -r max open files soft _; do [ "$max $open $files" = 'Max open files' ] && echo "\${p#/proc/}=$soft"; done <"$p/limits"; } 2>/dev/null
done
true`;
export default defineFault({
  name: 'fd_exhaustion',
  summary:
    'Leaves the processes of containers without file descriptors: what is open stays, nothing new can be opened.',
  params: targetWith({
    nofile: z
      .int()
      .min(3)
      .default(16)
      .meta({ description: 'Descriptors that a process may have; fewer than it has open: none can be added' }),
  }),
  example: { service: 'app', replica: 1, nofile: 16 },
  aims: (target) => ({ target }),
  undoes: () => 'give the processes their limits of open files back',
  observers: (target, spec) => containerObservers(spec, target),
  async inject({ params, topology, random, undo }) {
    const hit = await topology.resolve(params, random);
    for (const { name } of hit) {
      const told = await topology.ask({ in: name, run: ['sh', '-c', LOOK, 'list-nofile'] });
      const known = told.split('\n').filter((line) => line.includes('='));
      await undo({ do: 'command', command: raiseNofile(name, params.nofile, known) });
      const pids = known.map((line) => line.replace(/=.*/, ''));
      await topology.act(lowerNofile(name, params.nofile, pids));
    }
    return hit.map((container) => container.name);
  },
  prove(record) {
    // The state alone says nothing here: somebody must have knocked.
    const knocked = record.targets.every((name) => record.observations.some((o) => o.observer.includes(`-> ${name}:`)));
    if (!knocked) return { effective: 'inconclusive', evidence: 'nobody opened a connection to the target' };
    return proveAway(record, 'running', (state) => state.running);
  },
});

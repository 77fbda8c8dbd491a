import { z } from 'zod';
import { consumersOf, containerObservers, proveAway } from '../kit/evidence/containers.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { lowerNofile, raiseNofile } from '../kit/acts/processes.ts';
import { targetWith } from '../kit/schema.ts';

/** Prints the id of each process and its soft limit of open files: "12=1024". */
const LOOK = `
for p in /proc/[0-9]*; do
  [ "\${p#/proc/}" = $$ ] && continue
  { while read -r max open files soft _; do [ "$max $open $files" = 'Max open files' ] && echo "\${p#/proc/}=$soft"; done <"$p/limits"; } 2>/dev/null
done
true`;
export default defineFault({
  name: 'fd_exhaustion',
  summary:
    'Takes all free file descriptors from the processes of containers: open files stay, nothing new can be opened.',
  params: targetWith({
    nofile: z
      .int()
      .min(3)
      .default(16)
      .meta({ description: 'Descriptors that a process may have; one with more keeps them but cannot open another' }),
  }),
  example: { service: 'app', replica: 1, nofile: 16 },
  aims: (target) => ({ target }),
  undoes: () => 'give the processes their limits of open files back',
  observers: (target, spec) => containerObservers(spec, target),
  async inject({ params, topology, random, hold }) {
    const hit = await topology.containers.resolve(params, random);
    for (const { name } of hit) {
      const limits = async (): Promise<readonly string[]> => {
        const answer = await topology.ask({ in: name, run: ['sh', '-c', LOOK, 'list-nofile'] });
        return answer.split('\n').filter((line) => line.includes('='));
      };
      await hold({
        place: name,
        what: 'open files',
        value: String(params.nofile),
        before: async () => [{ do: 'command', command: raiseNofile(name, await limits()) }],
        set: async () => {
          const pids = (await limits()).map((line) => line.replace(/=.*/, ''));
          return topology.act(lowerNofile(name, params.nofile, pids));
        },
      });
    }
    return hit.map((container) => container.name);
  },
  prove(record) {
    // The state alone says nothing here: somebody must have asked for a connection.
    const asked = record.targets.every((name) => consumersOf(record, name).length > 0);
    if (!asked) return { effective: 'inconclusive', evidence: 'no observer asked the target for a connection' };
    return proveAway(record, 'running', (state) => state.running);
  },
});

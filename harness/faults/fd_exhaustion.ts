import { z } from 'zod';
import { containerObservers, proveAway } from '../core/container-evidence.ts';
import type { Command } from '../core/command.ts';
import { defineFault } from '../core/fault.ts';
import { targetWith } from '../core/schema.ts';

/** For each process: its number and its soft limit of open files. */
const LOOK = `
for p in /proc/[0-9]*; do
  [ "\${p#/proc/}" = $$ ] && continue
  { while read -r max open files soft _; do [ "$max $open $files" = 'Max open files' ] && echo "\${p#/proc/}=$soft"; done <"$p/limits"; } 2>/dev/null
done
true`;
/** The kernel lets those of the same user change a limit, and root only with a capability that containers do not have. */
const SET = `
limit() {
  setpriv --reuid "$(stat -c %u "/proc/$1")" --regid "$(stat -c %g "/proc/$1")" --clear-groups prlimit --pid "$1" --nofile="$2:"
}`;
/** The soft limit only: what is lowered so can be raised again. */
const LOWER = `${SET}
nofile=$1; shift
for pid; do [ -d "/proc/$pid" ] && limit "$pid" "$nofile" 2>/dev/null; done
true`;
/** Whoever was born meanwhile has inherited it, and gets what the engine gives a new process. */
const RAISE = `${SET}
nofile=$1; shift
for p in /proc/[0-9]*; do
  pid=\${p#/proc/}
  { grep -q "^Max open files *$nofile " "$p/limits"; } 2>/dev/null || continue
  soft=$(ulimit -Sn)
  for known; do [ "\${known%=*}" = "$pid" ] && soft=\${known#*=}; done
  limit "$pid" "$soft" 2>/dev/null
done
true`;

const script = (container: string, text: string, name: string, words: readonly string[] = []): Command => ({
  in: container,
  run: ['sh', '-c', text, name, ...words],
});

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
    const nofile = String(params.nofile);
    for (const { name } of hit) {
      const known = (await topology.ask(script(name, LOOK, 'list-nofile')))
        .split('\n')
        .filter((line) => line.includes('='));
      await undo({ do: 'command', command: script(name, RAISE, 'raise-nofile', [nofile, ...known]) });
      await topology.act(
        script(name, LOWER, 'lower-nofile', [nofile, ...known.map((line) => line.replace(/=.*/, ''))]),
      );
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

import { z } from 'zod';
import { candidates } from '../core/topology/aim.ts';
import type { Command } from '../core/topology/command.ts';
import { ChaosError } from '../core/errors.ts';
import { proveEach, shown, statesDuring } from '../kit/evidence/evidence.ts';
import { defineFault, type Evidence } from '../core/kinds/fault.ts';
import { MAIN_PROCESS, stopProcesses } from '../kit/acts/processes.ts';
import { changeState } from '../kit/acts/state.ts';
import { targetWith } from '../kit/schema.ts';

const EVERY_MS = 1_000;
const SIGNALS = ['STOP', 'TERM', 'INT', 'QUIT', 'HUP', 'ABRT', 'SEGV', 'USR1', 'USR2', 'KILL'] as const;

/** Prints the ids of the selected processes: those whose command line contains a text, or the main process. */
const SELECTED = `
selected() {
  if [ -z "$1" ]; then ${MAIN_PROCESS}
    echo "$main"; return
  fi
  for p in /proc/[0-9]*; do
    line=$({ tr '\\0\\n' '  ' <"$p/cmdline"; } 2>/dev/null)
    # This script's own command line contains the text too.
    case $line in *'selected()'*) ;; *"$1"*) echo "\${p#/proc/}" ;; esac
  done
}`;
const SEND = `${SELECTED}
kill -s "$1" $(selected "$2")`;
/**
 * Prints the sum of the start times of the selected processes that are not stopped. The sum changes when a process
 * ends, stops or is replaced.
 */
const LOOK = `${SELECTED}
sum=0
for pid in $(selected "$1"); do
  { read -r stat <"/proc/$pid/stat"; } 2>/dev/null || continue
  set -- \${stat##*) }
  [ "$1" = T ] || sum=$((sum + \${20}))
done
echo $sum`;

const script = (container: string, text: string, name: string, words: readonly string[] = []): Command => ({
  in: container,
  run: ['sh', '-c', text, name, ...words],
});
const idOf = (container: string): string => `${container}: processes that are meant`;

export default defineFault({
  name: 'signal',
  summary: 'Sends a signal to the main process of containers, or to processes selected by their command line.',
  params: targetWith({
    signal: z
      .enum(SIGNALS)
      .meta({ description: 'STOP freezes a process until healed; the others end a process that does not catch them' }),
    process: z
      .string()
      .min(1)
      .optional()
      .meta({
        description: 'Selects the processes whose command line contains this text',
        examples: ['postgres: walwriter'],
      }),
  }),
  example: { service: 'app', replica: 1, signal: 'STOP' },
  aims: (target) => ({ target }),
  undoes: ({ signal }) =>
    signal === 'STOP' ? 'let the processes go on (SIGCONT)' : 'start the container if it is down',
  observers: ({ process, ...target }, spec) =>
    candidates(spec, target).map((container) => ({
      id: idOf(container),
      command: script(container, LOOK, 'begun', [process ?? '']),
      everyMs: EVERY_MS,
    })),
  async inject(ctx) {
    const { topology, random } = ctx;
    const { signal, process, ...target } = ctx.params;
    const hit = await topology.containers.resolve(target, random);
    for (const container of hit) {
      const pids = await topology.ask(
        script(container.name, `${SELECTED}\nselected "$1"`, 'find-processes', [process ?? '']),
      );
      if (pids === '') throw noProcess(container.name, process ?? '');
      if (signal === 'STOP') {
        await stopProcesses(ctx, container.name, pids.split('\n'));
        continue;
      }
      await changeState(ctx, [container], {
        back: 'start-container',
        value: undefined,
        act: () => topology.act(script(container.name, SEND, 'send-signal', [signal, process ?? ''])),
      });
    }
    return hit.map((container) => container.name);
  },
  prove(record) {
    return proveEach(record, idOf, UNSEEN, (seen, name) => {
      const before = new Set(seen.before.map((o) => o.value));
      const [old] = before;
      if (before.size !== 1 || old === undefined || old === 0) {
        const evidence = `${name}: the selected processes came and went before the fault too, or there were none`;
        return { effective: 'inconclusive', evidence };
      }
      const down = statesDuring(record).some((s) => s.container === name && !s.running);
      // A container that is down cannot be asked.
      const changed = seen.during.filter((o) => (o.ok ? o.value !== old : down)).length;
      return shown(
        changed >= seen.during.length * 0.9,
        `${name}: the processes had ended or were stopped in ${changed} of ${seen.during.length} readings` +
          (down ? '; the container was down' : ''),
      );
    });
  },
});

const noProcess = (container: string, text: string): ChaosError =>
  new ChaosError('CHAOS_NO_TARGET', {
    what: `no process of ${container} has "${text}" in its command line`,
    hint: `docker exec ${container} sh -c 'cat /proc/[0-9]*/cmdline' lists them.`,
    exit: 'not-ready',
  });

const UNSEEN: Evidence = { effective: 'inconclusive', evidence: 'the processes of the target were not read' };

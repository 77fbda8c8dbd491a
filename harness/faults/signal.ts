import { z } from 'zod';
import { candidates } from '../core/aim.ts';
import type { Command } from '../core/command.ts';
import { ChaosError } from '../core/errors.ts';
import { proveEach, shown, statesDuring } from '../core/evidence/evidence.ts';
import { defineFault, type Evidence } from '../core/fault.ts';
import { goOn, MAIN_PROCESS } from '../core/acts/processes.ts';
import { targetWith } from '../core/schema.ts';

const EVERY_MS = 1_000;
const SIGNALS = ['STOP', 'TERM', 'INT', 'QUIT', 'HUP', 'ABRT', 'SEGV', 'USR1', 'USR2', 'KILL'] as const;

/** The numbers of the processes that are meant: those whose command line holds a text, or the main one. */
const MEANT = `
meant() {
  if [ -z "$1" ]; then ${MAIN_PROCESS}
    echo "$main"; return
  fi
  for p in /proc/[0-9]*; do
    line=$({ tr '\\0\\n' '  ' <"$p/cmdline"; } 2>/dev/null)
    # This script's own line holds the text as well.
    case $line in *'meant()'*) ;; *"$1"*) echo "\${p#/proc/}" ;; esac
  done
}`;
const SEND = `${MEANT}
kill -s "$1" $(meant "$2")`;
/** The sum of the times at which those that are meant and go on were begun: another number when one ended, or stands still. */
const LOOK = `${MEANT}
sum=0
for pid in $(meant "$1"); do
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
  summary: 'Sends a signal to the main process of containers, or to others of theirs by a text of their command line.',
  params: targetWith({
    signal: z
      .enum(SIGNALS)
      .meta({ description: 'STOP freezes until healed; the others end a process that does not catch them' }),
    process: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'Those whose command line holds this text', examples: ['postgres: walwriter'] }),
  }),
  example: { service: 'app', replica: 1, signal: 'STOP' },
  aims: (target) => ({ target }),
  undoes: () => 'let what stands still go on, and start the container where it is down',
  observers: ({ process, ...target }, spec) =>
    candidates(spec, target).map((container) => ({
      id: idOf(container),
      command: script(container, LOOK, 'begun', [process ?? '']),
      everyMs: EVERY_MS,
    })),
  async inject({ params: { signal, process, ...target }, topology, random, undo }) {
    const hit = await topology.resolve(target, random);
    for (const container of hit) {
      const meant = await topology.ask(
        script(container.name, `${MEANT}\nmeant "$1"`, 'find-processes', [process ?? '']),
      );
      if (meant === '') throw noProcess(container.name, process ?? '');
      await undo({ do: 'command', command: goOn(container.name) });
      // The last is undone first: nothing goes on in what is down.
      await undo({ do: 'start-container', container });
      await topology.act(script(container.name, SEND, 'send-signal', [signal, process ?? '']));
    }
    return hit.map((container) => container.name);
  },
  prove(record) {
    return proveEach(record, idOf, UNSEEN, (seen, name) => {
      const before = new Set(seen.before.map((o) => o.value));
      const [old] = before;
      if (before.size !== 1 || old === undefined || old === 0) {
        const evidence = `${name}: the processes that are meant came and went before the fault already`;
        return { effective: 'inconclusive', evidence };
      }
      const down = statesDuring(record).some((s) => s.container === name && !s.running);
      // In a container that is down there is nothing to ask.
      const changed = seen.during.filter((o) => (o.ok ? o.value !== old : down)).length;
      return shown(
        changed >= seen.during.length * 0.9,
        `${name}: ended or standing still in ${changed} of ${seen.during.length} looks${down ? ', the container down' : ''}`,
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

const UNSEEN: Evidence = { effective: 'inconclusive', evidence: 'the processes of the target were not seen' };

import type { FaultContext } from '../../core/kinds/fault.ts';
import type { Command } from '../../core/topology/command.ts';

/** Sets `main` to the process id of a container's main process. When process 1 is an init, that is the init's child. */
export const MAIN_PROCESS = `
main=1
case $(cat /proc/1/comm) in
  docker-init | tini | dumb-init)
    for p in /proc/[0-9]*; do
      grep -qs '^PPid:[[:space:]]*1$' "$p/status" && main=\${p#/proc/} && break
    done ;;
esac`;

/**
 * Sends SIGCONT to the stopped processes with these ids; without ids, to every stopped process. Process 1 is never among
 * them: nothing can stop it from within its own process namespace.
 */
const GO_ON = `
[ $# -gt 0 ] || set -- $(ls /proc | grep '^[0-9]*$')
for pid; do
  { read -r stat <"/proc/$pid/stat"; } 2>/dev/null || continue
  case \${stat##*) } in T*) kill -s CONT "$pid" 2>/dev/null ;; esac
done
true`;

/** Lets stopped processes of a container go on. `pids` are process ids in the container; without them, all go on. */
export const goOn = (container: string, ...pids: readonly string[]): Command => ({
  in: container,
  run: ['sh', '-c', GO_ON, 'go-on', ...pids],
});

const STOP = 'kill -s STOP "$@"';

/**
 * Stops processes of a container (SIGSTOP), by their ids in the container. Each goes on when the last fault that
 * stopped it is healed.
 */
export async function stopProcesses(
  { hold, topology }: Pick<FaultContext, 'hold' | 'topology'>,
  container: string,
  pids: readonly string[],
): Promise<void> {
  for (const pid of pids) {
    await hold({
      place: container,
      what: `process ${pid}`,
      value: 'stopped',
      before: () => [{ do: 'command', command: goOn(container, pid) }],
      set: () => topology.act({ in: container, run: ['sh', '-c', STOP, 'stop-processes', pid] }),
    });
  }
}

/**
 * A new process that the engine starts in a container has the usual OOM score of the container. The main process gets
 * this score again.
 */
const CALM = `${MAIN_PROCESS}
cat /proc/self/oom_score_adj >"/proc/$main/oom_score_adj"`;

const DOOM = `${MAIN_PROCESS}
echo 1000 >"/proc/$main/oom_score_adj"`;

/** Makes a container's main process the first that the kernel kills when memory is short: that is how a leak ends. */
export const raiseOomScore = (container: string): Command => ({
  in: container,
  run: ['sh', '-c', DOOM, 'raise-oom-score', container],
});

/** Gives a container's main process its usual score again, so that the kernel no longer kills it first. */
export const lowerOomScore = (container: string): Command => ({
  in: container,
  run: ['sh', '-c', CALM, 'lower-oom-score', container],
});

/**
 * Changes the limit of one process as the user of that process. Root could do so only with a capability that containers
 * do not have.
 */
const SET = `
limit() {
  setpriv --reuid "$(stat -c %u "/proc/$1")" --regid "$(stat -c %g "/proc/$1")" --clear-groups prlimit --pid "$1" --nofile="$2:"
}`;
/** Changes the soft limit only: a soft limit that was lowered can be raised again. */
const LOWER = `${SET}
nofile=$1; shift
for pid; do [ -d "/proc/$pid" ] && limit "$pid" "$nofile" 2>/dev/null; done
true`;
/**
 * A process that is not in the list inherited the lowered limit. It gets the limit that the engine gives a new process.
 * A process whose soft limit equals its hard limit has lowered its limit itself, and keeps it.
 */
const RAISE = `${SET}
for p in /proc/[0-9]*; do
  pid=\${p#/proc/}
  now= most=
  { while read -r max open files soft hard _; do [ "$max $open $files" = 'Max open files' ] && now=$soft most=$hard; done <"$p/limits"; } 2>/dev/null
  [ "\${now:-unlimited}" != unlimited ] || continue
  usual=
  for known; do [ "\${known%=*}" = "$pid" ] && usual=\${known#*=}; done
  [ -n "$usual" ] || [ "$now" = "$most" ] || usual=$(ulimit -Sn)
  [ -n "$usual" ] && { [ "$usual" = unlimited ] || [ "$now" -lt "$usual" ]; } || continue
  limit "$pid" "$usual" 2>/dev/null
done
true`;

/** Open files. Linux itself gives a process a soft limit of at least this. */
export const USUAL_NOFILE = 1_024;

/** Lowers the limit of open files of processes, by their ids in the container. Files that are open stay open. */
export const lowerNofile = (container: string, nofile: number, pids: readonly string[]): Command => ({
  in: container,
  run: ['sh', '-c', LOWER, 'lower-nofile', String(nofile), ...pids],
});

/**
 * Raises the limit of open files of every process in a container whose limit is lower than it was. `known` has the
 * earlier limits by process id: "12=1024".
 */
export const raiseNofile = (container: string, known: readonly string[] = []): Command => ({
  in: container,
  run: ['sh', '-c', RAISE, 'raise-nofile', ...known],
});

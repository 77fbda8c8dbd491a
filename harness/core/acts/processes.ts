import type { Command } from '../command.ts';

/** Sets `main` to the number of a container's main process: where an init stands before it, the init's child. */
export const MAIN_PROCESS = `
main=1
case $(cat /proc/1/comm) in
  docker-init | tini | dumb-init)
    for p in /proc/[0-9]*; do
      grep -qs '^PPid:[[:space:]]*1$' "$p/status" && main=\${p#/proc/} && break
    done ;;
esac`;

/** From within its own number space only the first process cannot be stopped: all others go on. */
const GO_ON = `
for p in /proc/[0-9]*; do
  { read -r stat <"$p/stat"; } 2>/dev/null || continue
  case \${stat##*) } in T*) kill -s CONT "\${p#/proc/}" 2>/dev/null ;; esac
done
true`;

/** Lets all processes of a container that stand still go on. */
export const goOn = (container: string): Command => ({ in: container, run: ['sh', '-c', GO_ON, 'go-on'] });

/** A process that the engine starts in a container has the container's own score. */
const CALM = `${MAIN_PROCESS}
cat /proc/self/oom_score_adj >"/proc/$main/oom_score_adj"`;

/** Takes back that a container's main process goes first when memory runs out. */
export const lowerOomScore = (container: string): Command => ({
  in: container,
  run: ['sh', '-c', CALM, 'lower-oom-score', container],
});

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
/** Who is not known has inherited it, and gets what the engine gives a new process. */
const RAISE = `${SET}
nofile=$1; shift
for p in /proc/[0-9]*; do
  pid=\${p#/proc/}
  now=
  { while read -r max open files soft _; do [ "$max $open $files" = 'Max open files' ] && now=$soft; done <"$p/limits"; } 2>/dev/null
  [ "\${now:-unlimited}" != unlimited ] && [ "$now" -le "$nofile" ] || continue
  soft=$(ulimit -Sn)
  for known; do [ "\${known%=*}" = "$pid" ] && soft=\${known#*=}; done
  limit "$pid" "$soft" 2>/dev/null
done
true`;

/** Linux itself gives a process no fewer. */
export const USUAL_NOFILE = 1_024;

/** Takes descriptors away from processes of a container, by their numbers in it: they keep what is open. */
export const lowerNofile = (container: string, nofile: number, pids: readonly string[]): Command => ({
  in: container,
  run: ['sh', '-c', LOWER, 'lower-nofile', String(nofile), ...pids],
});

/** Gives those who may have no more than so many descriptors what they had ("12=1024"), as far as it is known. */
export const raiseNofile = (container: string, nofile: number, known: readonly string[] = []): Command => ({
  in: container,
  run: ['sh', '-c', RAISE, 'raise-nofile', String(nofile), ...known],
});

import type { Command } from '../../core/topology/command.ts';

/**
 * A process that a fault started in a container ends by itself after this many seconds, if nobody is left to end it. No
 * fault lasts that long.
 */
const LONGEST_S = 3_600;

/**
 * Marks a process and its children by an environment variable. A program that looks for the mark does not carry it
 * itself.
 */
const START = `
id=$1; times=$2; shift 2
for need in setsid timeout "$1"; do
  command -v "$need" >/dev/null || { echo "this image has no $need" >&2; exit 127; }
done
while [ "$times" -gt 0 ]; do
  CHAOS_FAULT=$id setsid timeout ${LONGEST_S} "$@" >/dev/null 2>&1 </dev/null &
  times=$((times - 1))
done`;

const END = `
for p in /proc/[0-9]*; do
  { tr '\\0' '\\n' <"$p/environ"; } 2>/dev/null | grep -qxF "CHAOS_FAULT=$1" && kill -KILL "\${p#/proc/}"
done
true`;

/** Starts a command in a container in the background, `times` times. */
export const startMarked = (container: string, id: string, times: number, run: readonly string[]): Command => ({
  in: container,
  run: ['sh', '-c', START, 'start-processes', id, String(times), ...run],
});

/** Marks a command that ends by itself. */
export const marked = (id: string, run: readonly string[]): readonly string[] => ['env', `CHAOS_FAULT=${id}`, ...run];

/**
 * Ends the processes that a fault started in a container. Harmless when there are none. `user` must be the user that
 * started them: a container's root may not read the environment of other users' processes.
 */
export const endMarked = (container: string, id: string, user?: string): Command => ({
  in: container,
  ...(user === undefined ? {} : { user }),
  run: ['sh', '-c', END, 'end-processes', id],
});

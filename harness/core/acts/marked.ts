import type { Command } from '../command.ts';

/**
 * Seconds after which what a fault set going in a container ends by itself, should nobody be left to end it: longer than
 * any fault lasts.
 */
const LONGEST_S = 3_600;

/** Marks a process, and what it starts, by its environment: whoever looks for it does not carry the mark. */
const START = `
id=$1; times=$2; shift 2
while [ "$times" -gt 0 ]; do
  CHAOS_FAULT=$id setsid timeout ${LONGEST_S} "$@" >/dev/null 2>&1 </dev/null &
  times=$((times - 1))
done`;

const END = `
for p in /proc/[0-9]*; do
  { tr '\\0' '\\n' <"$p/environ"; } 2>/dev/null | grep -qxF "CHAOS_FAULT=$1" && kill -KILL "\${p#/proc/}"
done
true`;

/** Sets a command going in a container, so many times, and leaves it to itself. */
export const startMarked = (container: string, id: string, times: number, run: readonly string[]): Command => ({
  in: container,
  run: ['sh', '-c', START, 'start-processes', id, String(times), ...run],
});

/** Marks a process that sees to its own end. */
export const marked = (id: string, run: readonly string[]): readonly string[] => ['env', `CHAOS_FAULT=${id}`, ...run];

/**
 * Ends in a container what a fault set going there; harmless where nothing is. As the user by whom it was set going: a
 * container's root may not read the environment of others.
 */
export const endMarked = (container: string, id: string, user?: string): Command => ({
  in: container,
  ...(user === undefined ? {} : { user }),
  run: ['sh', '-c', END, 'end-processes', id],
});

import type { Command } from '../command.ts';

/** What the kernel does to every packet that leaves a container, on each of its networks. */
const EACH = `ip -o link show | sed -n 's/^[0-9]*: \\([^:@]*\\).*/\\1/p' | grep -vx lo`;
const START = `set -e; for dev in $(${EACH}); do tc qdisc replace dev "$dev" root netem "$@"; done`;
const END = `for dev in $(${EACH}); do tc qdisc del dev "$dev" root netem 2>/dev/null; done; true`;

/** "delay 100ms 10ms", word by word. */
export const startNetem = (container: string, words: readonly string[]): Command => ({
  beside: container,
  run: ['sh', '-c', START, 'start-netem', ...words],
});

/** Harmless where there is none. */
export const endNetem = (container: string): Command => ({ beside: container, run: ['sh', '-c', END, 'end-netem'] });

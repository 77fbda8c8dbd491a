import type { FaultContext } from '../../core/kinds/fault.ts';
import type { Command } from '../../core/topology/command.ts';
import type { ContainerRef } from '../../core/topology/state.ts';

/** Prints the network devices of a container, without the loopback. netem acts on every packet that leaves them. */
const EACH = `ip -o link show | sed -n 's/^[0-9]*: \\([^:@]*\\).*/\\1/p' | grep -vx lo`;
const START = `set -e; for dev in $(${EACH}); do tc qdisc replace dev "$dev" root netem "$@"; done`;
const END = `for dev in $(${EACH}); do tc qdisc del dev "$dev" root netem 2>/dev/null; done; true`;

const startNetem = (container: string, words: readonly string[]): Command => ({
  beside: container,
  run: ['sh', '-c', START, 'start-netem', ...words],
});

/** Harmless when there is no netem. */
const endNetem = (container: string): Command => ({ beside: container, run: ['sh', '-c', END, 'end-netem'] });

/**
 * Sets netem on each network device of containers. `words` are its settings: ["delay", "100ms", "10ms"]. A device has
 * one netem: while several faults set it, the settings of the youngest fault are in force. Returns the names of the
 * containers.
 */
export async function setNetem(
  { hold, topology }: Pick<FaultContext, 'hold' | 'topology'>,
  containers: readonly ContainerRef[],
  words: readonly string[],
): Promise<readonly string[]> {
  for (const { name } of containers) {
    await hold({
      place: name,
      what: 'queue',
      value: words.join(' '),
      before: () => [{ do: 'command', command: endNetem(name) }],
      set: () => topology.act(startNetem(name, words)),
    });
  }
  return containers.map(({ name }) => name);
}

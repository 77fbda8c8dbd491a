import type { Command } from '../command.ts';
import type { PacketDirection } from '../schema.ts';

/** One rule of a container's own network, as iptables is told of it. */
export interface Rule {
  readonly table?: 'filter' | 'nat' | 'mangle';
  readonly chain: 'INPUT' | 'OUTPUT';
  /** Before what is there already: in `nat` the first that fits decides. */
  readonly first?: boolean;
  /** What it is about and what becomes of that: ["-s", "172.30.77.5", "-j", "DROP"]. */
  readonly words: readonly string[];
}

/** The chains that packets of a direction go through, and how each names the other side and the network. */
export const CHAINS = {
  in: { chain: 'INPUT', peer: '-s', network: '-i' },
  out: { chain: 'OUTPUT', peer: '-d', network: '-o' },
} as const;

export const waysOf = (direction: PacketDirection): readonly ('in' | 'out')[] =>
  direction === 'both' ? ['in', 'out'] : [direction];

/** By this the audit finds a rule of ours, and the way back the rules of one fault. */
const mark = (id: string): string => `chaos:${id}`;
/** Seconds that it waits for whoever else changes rules. */
const IPTABLES = 'iptables -w 2';

/** Each rule is a line of words without blanks; the first one that fails ends it. */
const ADD = `set -e; while [ $# -gt 0 ]; do ${IPTABLES} $1; shift; done`;
/** Takes out what carries the mark, however many there are of it. iptables prints rules as it takes them, quoted. */
const REMOVE = `
for table in filter nat mangle; do
  ${IPTABLES} -t $table -S | grep -F -- "--comment \\"$1\\" " | sed 's/^-A/-D/' | while read -r rule; do
    eval "${IPTABLES} -t $table $rule"
  done
done`;

/** Puts rules into a container's network. */
export function addRules(container: string, id: string, rules: readonly Rule[]): Command {
  const lines = rules.map(({ table = 'filter', chain, first = false, words }) => {
    const comment = ['-m', 'comment', '--comment', mark(id)];
    return ['-t', table, first ? '-I' : '-A', chain, ...comment, ...words].join(' ');
  });
  return { beside: container, run: ['sh', '-c', ADD, 'add-rules', ...lines] };
}

/** Takes a fault's rules out of a container's network; harmless where there is none. */
export const removeRules = (container: string, id: string): Command => ({
  beside: container,
  run: ['sh', '-c', REMOVE, 'remove-rules', mark(id)],
});

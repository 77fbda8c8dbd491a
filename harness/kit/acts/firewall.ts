import type { Command } from '../../core/topology/command.ts';
import type { PacketDirection } from '../schema.ts';

/** One iptables rule in a container's own network. */
export interface Rule {
  readonly table?: 'filter' | 'nat' | 'mangle';
  readonly chain: 'INPUT' | 'OUTPUT';
  /** Puts the rule before the rules that exist: in `nat` the first rule that matches decides. */
  readonly first?: boolean;
  /** Which packets the rule matches, and what happens to them: ["-s", "172.30.77.5", "-j", "DROP"]. */
  readonly words: readonly string[];
}

/** For each direction: the chain of its packets, and the options that name the other side and the network device. */
export const CHAINS = {
  in: { chain: 'INPUT', peer: '-s', network: '-i' },
  out: { chain: 'OUTPUT', peer: '-d', network: '-o' },
} as const;

export const waysOf = (direction: PacketDirection): readonly ('in' | 'out')[] =>
  direction === 'both' ? ['in', 'out'] : [direction];

/** The comment of a rule. By it the audit for residue finds our rules, and the undo finds the rules of one fault. */
const mark = (id: string): string => `chaos:${id}`;
/** Waits at most 2 seconds while another program changes rules. */
const IPTABLES = 'iptables -w 2';

/** Each argument is one rule, a line of words without blanks in them. The script ends at the first rule that fails. */
const ADD = `set -e; while [ $# -gt 0 ]; do ${IPTABLES} $1; shift; done`;
/** Deletes every rule that carries the mark. iptables prints a rule in the form that it accepts, with quotes. */
const REMOVE = `
for table in filter nat mangle; do
  ${IPTABLES} -t $table -S | grep -F -- "--comment \\"$1\\" " | sed 's/^-A/-D/' | while read -r rule; do
    eval "${IPTABLES} -t $table $rule"
  done
done`;

/** Adds rules to a container's network. */
export function addRules(container: string, id: string, rules: readonly Rule[]): Command {
  const lines = rules.map(({ table = 'filter', chain, first = false, words }) => {
    const comment = ['-m', 'comment', '--comment', mark(id)];
    return ['-t', table, first ? '-I' : '-A', chain, ...comment, ...words].join(' ');
  });
  return { beside: container, run: ['sh', '-c', ADD, 'add-rules', ...lines] };
}

/** Deletes a fault's rules from a container's network. Harmless when there are none. */
export const removeRules = (container: string, id: string): Command => ({
  beside: container,
  run: ['sh', '-c', REMOVE, 'remove-rules', mark(id)],
});

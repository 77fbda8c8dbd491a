import type { Difference } from './snapshot.ts';

interface Rule {
  /** The name of the property, or a pattern of it. */
  readonly property: string | RegExp;
  /** True: the rule is only about a value that appears or goes. A value that changes is residue. */
  readonly comesAndGoes?: true;
  readonly why: string;
}

/**
 * Everything that may differ between the snapshot before the first fault and a snapshot after healing. A difference that
 * no rule names is residue.
 */
export const MAY_DIFFER: readonly Rule[] = [
  { property: 'id', why: 'a container that was removed is made again under another id' },
  { property: 'started', why: 'a container that was ended has been started again' },
  { property: 'restarts', why: 'the engine counts how often it has started a container again' },
  {
    property: /^address on /,
    why: 'the engine chooses an address at each start; a fixed address is compared with the compose file',
  },
  { property: 'role', why: 'after a failover another node leads' },
  { property: 'timeline', why: 'each promotion begins a new timeline' },
  { property: 'log position', why: 'each write moves it' },
  {
    property:
      /^setting (?:in_hot_standby|transaction_read_only|primary_slot_name|recovery_target\w*|synchronous_standby_names)$/,
    why: 'this setting follows the role of the node',
  },
  {
    property: /^file \S+\/postgresql\.conf$/,
    why: 'Patroni writes this file anew for the role of the node; the settings in force are compared by themselves',
  },
  {
    property: /^(?:open files|OOM score) of /,
    comesAndGoes: true,
    why: 'a program that no longer runs, or did not run before, has no limits',
  },
];

/** Returns why a difference is no residue; undefined when it is residue. */
export const whyMayDiffer = ({ property, before, now }: Difference): string | undefined =>
  MAY_DIFFER.find(
    (rule) =>
      (typeof rule.property === 'string' ? rule.property === property : rule.property.test(property)) &&
      (rule.comesAndGoes !== true || before === undefined || now === undefined),
  )?.why;

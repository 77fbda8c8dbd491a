import { containerName } from '../aim.ts';
import { onNew, onOld, shown, split, tally, tooLittle, usedBefore } from './evidence.ts';
import type { Evidence, FaultRecord } from '../fault.ts';
import { linkObserver, linkOf } from '../link.ts';
import type { Observer } from '../observation.ts';
import type { TopologySpec } from '../topology.ts';

/** Where a link is listened on: the container, and what a rule of its network says of the link's packets. */
export function listenerOf(spec: TopologySpec, link: string): { readonly container: string; readonly to: string[] } {
  const { host, port } = linkOf(spec, link);
  return { container: containerName(spec, host, 1), to: ['-p', 'tcp', '--dport', `${port}`] };
}

/** New connections across a link, and one that is held open. */
export const newAndOldObservers = (spec: TopologySpec, link: string): readonly Observer[] => [
  linkObserver(spec, link),
  linkObserver(spec, link, { kind: 'held' }),
];

/** Effective when nine of ten new connections met the error and the one that was open lived on in as many looks. */
export function proveNewOnly(record: FaultRecord, error: string, what: string): Evidence {
  const made = split(onNew(record));
  const held = onOld(record);
  const doubt = tooLittle(record, made) ?? tooLittle(record, held) ?? usedBefore(made) ?? usedBefore(held);
  if (doubt !== undefined) return doubt;
  const met = made.during.filter((o) => o.error === error).length;
  const alive = held.during.filter((o) => o.ok).length;
  const evidence =
    `new connections ${what}: ${met} of ${made.during.length} (before: ${tally(made.before)}; during: ${tally(made.during)}); ` +
    `the one held open lived in ${alive} of ${held.during.length} looks`;
  const bites = met >= made.during.length * 0.9 && alive >= held.during.length * 0.9;
  return shown(bites, evidence);
}

import { containerName } from '../../core/topology/aim.ts';
import { onNew, onOld, shown, split, tally, tooLittle, usedBefore } from './evidence.ts';
import type { Evidence, FaultRecord } from '../../core/kinds/fault.ts';
import { linkObserver, linkOf } from '../links.ts';
import type { Observer } from '../../core/record/observation.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';

/** The container that listens for a link's connections, and the iptables words that match the link's packets. */
export function listenerOf(spec: TopologySpec, link: string): { readonly container: string; readonly to: string[] } {
  const { host, port } = linkOf(spec, link);
  return { container: containerName(spec, host, 1), to: ['-p', 'tcp', '--dport', `${port}`] };
}

/** Observers of new connections across a link, and of one connection that is held open. */
export const newAndOldObservers = (spec: TopologySpec, link: string): readonly Observer[] => [
  linkObserver(spec, link),
  linkObserver(spec, link, { kind: 'held' }),
];

/**
 * Effective when at least nine of ten new connections met `error`, and the connection held open was alive in at least
 * nine of ten readings. `what` puts the error into words.
 */
export function proveNewOnly(record: FaultRecord, error: string, what: string): Evidence {
  const made = split(onNew(record));
  const held = onOld(record);
  const doubt = tooLittle(record, made) ?? tooLittle(record, held) ?? usedBefore(made) ?? usedBefore(held);
  if (doubt !== undefined) return doubt;
  const met = made.during.filter((o) => o.error === error).length;
  const alive = held.during.filter((o) => o.ok).length;
  const evidence =
    `new connections ${what}: ${met} of ${made.during.length} ` +
    `(before the fault: ${tally(made.before)}; during it: ${tally(made.during)}); ` +
    `the connection held open was alive in ${alive} of ${held.during.length} readings`;
  const bites = met >= made.during.length * 0.9 && alive >= held.during.length * 0.9;
  return shown(bites, evidence);
}

import { candidates, containerName, servicesOf } from '../aim.ts';
import { median, proveEach, shown, valuesOf } from './evidence.ts';
import type { Evidence, FaultRecord } from '../fault.ts';
import type { CommandObserver } from '../observation.ts';
import type { Target, TopologySpec } from '../topology.ts';

/** Where the engine answers for names, in every container on a network of its own. */
export const RESOLVER = '127.0.0.11';
/** What a look-up prints that failed, or that had no answer in time. */
export const FAILED = -1;
/** Milliseconds between two look-ups: each runs in the container. */
const EVERY_MS = 1_000;

/** Prints how long it took to look up a name, milliseconds, or -1. */
const LOOK_UP = `
began=$(date +%s%N)
if timeout 3 getent ahostsv4 "$1" >/dev/null; then echo $((($(date +%s%N) - began) / 1000000)); else echo ${FAILED}; fi`;

const idOf = (container: string): string => `${container}: look-up of a name`;

/** Looks up the name of another service in every container that a target may mean, as the container itself does. */
export function lookupObservers(spec: TopologySpec, target: Target): CommandObserver[] {
  return servicesOf(spec, target).flatMap((service) => {
    const [peer] = Object.keys(spec.services).filter((name) => name !== service);
    if (peer === undefined) return [];
    const mine = new Set(candidates(spec, target));
    const replicas = Array.from({ length: spec.services[service]?.replicas ?? 0 }, (_, i) => i + 1);
    return replicas
      .map((replica) => containerName(spec, service, replica))
      .filter((container) => mine.has(container))
      .map((container) => ({
        id: idOf(container),
        command: { in: container, run: ['sh', '-c', LOOK_UP, 'look-up', peer] },
        everyMs: EVERY_MS,
      }));
  });
}

/** Effective when names were found before, and nine look-ups of ten went as expected during; each target for itself. */
export function proveLookups(record: FaultRecord, what: string, expected: (ms: number) => boolean): Evidence {
  return proveEach(record, idOf, UNSEEN, (seen, name) => {
    const [before, during] = [valuesOf(seen.before), valuesOf(seen.during)];
    if (during.length === 0) return undefined;
    const found = before.filter((ms) => ms !== FAILED);
    const as = during.filter(expected).length;
    const took = `${(median(found) ?? NaN).toFixed(0)} ms before, ${(median(during.filter((ms) => ms !== FAILED)) ?? NaN).toFixed(0)} during`;
    const times = during.every((ms) => ms === FAILED) ? '' : ` (median ${took})`;
    const evidence = `${name}: look-ups that ${what}: ${as} of ${during.length}, of ${before.length} before ${before.length - found.length} failed${times}`;
    if (found.length < before.length * 0.9) return { effective: 'inconclusive', evidence };
    return shown(as >= during.length * 0.9 && !before.every(expected), evidence);
  });
}

const UNSEEN: Evidence = { effective: 'inconclusive', evidence: 'no name was looked up in the target' };

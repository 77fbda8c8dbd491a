import { candidates, containerName, servicesOf } from '../../core/topology/aim.ts';
import { median } from '../../core/stats.ts';
import { proveEach, shown, valuesOf } from './evidence.ts';
import type { Evidence, FaultRecord } from '../../core/kinds/fault.ts';
import type { CommandObserver } from '../../core/record/observation.ts';
import type { Target } from '../../core/topology/aim.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';

/** The address at which the engine resolves names, in every container on a user-defined network. */
export const RESOLVER = '127.0.0.11';
/** A look-up prints this when it failed or got no answer in time. */
export const FAILED = -1;
/** Milliseconds between two look-ups. Each runs in the container. */
const EVERY_MS = 1_000;

/** Prints how many milliseconds the look-up of a name took, or -1. It waits at most 3 s. */
const LOOK_UP = `
began=$(date +%s%N)
if timeout 3 getent ahostsv4 "$1" >/dev/null; then echo $((($(date +%s%N) - began) / 1000000)); else echo ${FAILED}; fi`;

const idOf = (container: string): string => `${container}: look-up of a name`;

/**
 * Observers that look up the name of another service in every container that a target may select, as the container
 * itself does.
 */
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

/**
 * Effective when at least nine of ten look-ups during the fault are as `expected`, and not all before it were so.
 * Inconclusive when fewer than nine of ten look-ups before the fault found the name. `what` puts `expected` into words.
 * Each target is judged by itself.
 */
export function proveLookups(record: FaultRecord, what: string, expected: (ms: number) => boolean): Evidence {
  return proveEach(record, idOf, UNSEEN, (seen, name) => {
    const [before, during] = [valuesOf(seen.before), valuesOf(seen.during)];
    if (during.length === 0) return undefined;
    const found = before.filter((ms) => ms !== FAILED);
    const hits = during.filter(expected).length;
    const middle = (times: readonly number[]): string => (median(times) ?? NaN).toFixed(0);
    const took = `${middle(found)} ms before, ${middle(during.filter((ms) => ms !== FAILED))} ms during the fault`;
    const times = during.every((ms) => ms === FAILED) ? '' : ` (median ${took})`;
    const evidence =
      `${name}: ${hits} of ${during.length} look-ups ${what} during the fault; ` +
      `${before.length - found.length} of ${before.length} failed before it${times}`;
    if (found.length < before.length * 0.9) return { effective: 'inconclusive', evidence };
    return shown(hits >= during.length * 0.9 && !before.every(expected), evidence);
  });
}

const UNSEEN: Evidence = { effective: 'inconclusive', evidence: 'no name was looked up in the target' };

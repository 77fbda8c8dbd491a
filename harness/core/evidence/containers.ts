import { containerName, servicesOf } from '../aim.ts';
import { ChaosError } from '../errors.ts';
import { median, roundTrips, shown, split, statesDuring, tally, tooLittle } from './evidence.ts';
import type { Evidence, FaultRecord } from '../fault.ts';
import type { Observer } from '../observation.ts';
import type { ContainerState, Target, TopologySpec } from '../topology.ts';

/** Asks every container that a target may mean, from its consumer's network namespace; services without a port have none. */
export function containerObservers(spec: TopologySpec, target: Target): Observer[] {
  return servicesOf(spec, target).flatMap((name) => {
    const service = spec.services[name];
    if (service?.port === undefined || service.consumer === undefined) return [];
    const { port, protocol, consumer: from, replicas } = service;
    return Array.from({ length: replicas }, (_, i): Observer => {
      const host = containerName(spec, name, i + 1);
      return { id: `${from} -> ${host}:${port}`, from, protocol, host, port };
    });
  });
}

/**
 * Evidence of a fault that takes containers away: each target's state is as `down` says whenever it was looked at, and
 * its consumer got no answer. Without a consumer the state alone speaks.
 */
export function proveAway(record: FaultRecord, what: string, down: (state: ContainerState) => boolean): Evidence {
  if (record.injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
  const states = statesDuring(record);
  if (states.length === 0) return { effective: 'inconclusive', evidence: 'the state of the target was never seen' };
  const parts: string[] = [];
  let effective = true;
  // Each for itself: nine that were hit do not speak for the tenth.
  for (const name of record.targets) {
    const looks = states.filter((state) => state.container === name);
    const as = looks.filter(down).length;
    parts.push(`${record.targets.length > 1 ? `${name} ` : ''}${what} in ${as} of ${looks.length} looks`);
    if (looks.length === 0) return { effective: 'inconclusive', evidence: parts.join('; ') };
    effective &&= as >= looks.length * 0.9;
  }
  const asked = new Set(record.observations.map((o) => o.observer));
  for (const observer of asked) {
    if (!record.targets.some((name) => observer.includes(`-> ${name}:`))) continue;
    const { before, during } = split(record, observer);
    const silent = during.filter((o) => !o.ok).length;
    parts.push(`${observer}: ${tally(before)} before, ${tally(during)} during`);
    if (during.length === 0 || before.length === 0) return { effective: 'inconclusive', evidence: parts.join('; ') };
    if (!before.some((o) => o.ok)) return { effective: 'inconclusive', evidence: parts.join('; ') };
    effective &&= silent >= during.length * 0.9;
  }
  return shown(effective, parts.join('; '));
}

/** Evidence of a delay: of each target, four fifths of it at least were added to the median round trip from its consumer. */
export function proveSlower(record: FaultRecord, delayMs: number): Evidence {
  const parts: string[] = [];
  let effective = true;
  for (const name of record.targets) {
    const [observer] = record.observations.map((o) => o.observer).filter((id) => id.includes(`-> ${name}:`));
    if (observer === undefined) return { effective: 'inconclusive', evidence: `nobody asks ${name}` };
    const seen = split(record, observer);
    const doubt = tooLittle(record, seen);
    if (doubt !== undefined) return doubt;
    const [before, during] = [median(roundTrips(seen.before)), median(roundTrips(seen.during))];
    if (before === undefined || during === undefined) {
      return { effective: 'inconclusive', evidence: `${observer}: no round trip was measured` };
    }
    parts.push(`${observer}: median round trip ${before.toFixed(1)} ms before, ${during.toFixed(1)} ms during`);
    effective &&= during - before >= delayMs * 0.8;
  }
  if (parts.length === 0) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
  const evidence = `${parts.join('; ')} (${delayMs} ms asked)`;
  return shown(effective, evidence);
}

/** A container's main processes that began after the fault was decided on, by when they did; epoch milliseconds. */
export function startsOf({ states, injecting }: FaultRecord, container: string): readonly number[] {
  // The engine's clock and ours are the same or nearly: a millisecond is the grain of both.
  const begun = states.filter((s) => s.container === container && s.startedAt >= injecting - 1);
  return [...new Set(begun.map((s) => s.startedAt))].sort((a, b) => a - b);
}

/** What the consumers of the targets met from the decision on: "nginx -> chaos-app-1:3000: answered 40, ECONNREFUSED 2". */
export function consumersSince({ observations, targets, injecting }: FaultRecord): string {
  const since = observations.filter((o) => o.t >= injecting);
  const ofTargets = [...Map.groupBy(since, (o) => o.observer)].filter(([observer]) =>
    targets.some((name) => observer.includes(`-> ${name}:`)),
  );
  return ofTargets.map(([observer, seen]) => `; ${observer}: ${tally(seen)}`).join('');
}

/** The networks that a container is cut off from: all of its own; CHAOS_NO_NETWORK where it has none. */
export function networksOf(state: ContainerState): [string, { ip: string; aliases: readonly string[] }][] {
  const networks = Object.entries(state.networks);
  if (networks.length > 0) return networks;
  throw new ChaosError('CHAOS_NO_NETWORK', {
    what: `${state.container} is on no network`,
    hint: 'It may still be cut off by an earlier fault: run `chaos heal`.',
    exit: 'not-ready',
  });
}

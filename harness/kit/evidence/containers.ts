import { containerName, servicesOf } from '../../core/topology/aim.ts';
import { ChaosError } from '../../core/errors.ts';
import { median } from '../../core/stats.ts';
import { roundTrips, shown, split, statesDuring, tally, tooLittle } from './evidence.ts';
import type { Evidence, FaultRecord } from '../../core/kinds/fault.ts';
import { isNetwork, type NetworkObserver, type Observer } from '../../core/record/observation.ts';
import type { ContainerState } from '../../core/topology/state.ts';
import type { Target } from '../../core/topology/aim.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { describeVantage, vantageOf } from '../../core/topology/witness.ts';

/**
 * Observers that ask every container that a target may select, as its consumer does. When nothing consumes the service,
 * they ask from a container beside it. There are none for a service without a port, and none for a service that nothing
 * consumes and that has no network of its own.
 */
export function containerObservers(spec: TopologySpec, target: Target): Observer[] {
  return servicesOf(spec, target).flatMap((name) => {
    const service = spec.services[name];
    if (service?.port === undefined) return [];
    const { port, protocol, consumer, replicas, networks } = service;
    if (consumer === undefined && networks?.length === 0) return [];
    const vantage = vantageOf(spec, name);
    return Array.from({ length: replicas }, (_, i): Observer => {
      const host = containerName(spec, name, i + 1);
      return { id: `${describeVantage(vantage)} -> ${host}:${port}`, ...vantage, protocol, host, port };
    });
  });
}

/** The observers that are to ask a container across the network, as its consumer does. */
const askersOf = ({ observers }: FaultRecord, container: string): NetworkObserver[] =>
  observers.filter(isNetwork).filter(({ host }) => host === container);

/** The observers that asked a container across the network, as its consumer does, at least once. */
export function consumersOf(record: FaultRecord, container: string): NetworkObserver[] {
  const seen = new Set(record.observations.map((o) => o.observer));
  return askersOf(record, container).filter(({ id }) => seen.has(id));
}

/**
 * Evidence of a fault that takes containers away. In at least 90 % of the readings each target's state is as `down`
 * says, and its consumer gets no answer. Without a port the state alone decides.
 */
export function proveAway(record: FaultRecord, what: string, down: (state: ContainerState) => boolean): Evidence {
  if (record.injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
  const states = statesDuring(record);
  if (states.length === 0) return { effective: 'inconclusive', evidence: 'the state of the target was never read' };
  const parts: string[] = [];
  let effective = true;
  // Each target is judged by itself: nine targets that were hit prove nothing about the tenth.
  for (const name of record.targets) {
    const readings = states.filter((state) => state.container === name);
    const away = readings.filter(down).length;
    parts.push(`${record.targets.length > 1 ? `${name} ` : ''}${what} in ${away} of ${readings.length} readings`);
    if (readings.length === 0) return { effective: 'inconclusive', evidence: parts.join('; ') };
    effective &&= away >= readings.length * 0.9;
  }
  // An observer that never asked is no evidence: what the consumer met is not known.
  for (const { id: observer } of record.targets.flatMap((name) => askersOf(record, name))) {
    const { before, during } = split(record, observer);
    const silent = during.filter((o) => !o.ok).length;
    parts.push(`${observer}: ${tally(before)} before the fault, ${tally(during)} during it`);
    if (during.length === 0 || before.length === 0) return { effective: 'inconclusive', evidence: parts.join('; ') };
    if (!before.some((o) => o.ok)) return { effective: 'inconclusive', evidence: parts.join('; ') };
    effective &&= silent >= during.length * 0.9;
  }
  return shown(effective, parts.join('; '));
}

/**
 * Evidence of a delay. For each target, the median round trip from its consumer grew by at least four fifths of
 * `delayMs`.
 */
export function proveSlower(record: FaultRecord, delayMs: number): Evidence {
  const parts: string[] = [];
  let effective = true;
  for (const name of record.targets) {
    const [consumer] = consumersOf(record, name);
    if (consumer === undefined) return { effective: 'inconclusive', evidence: `no observer asked ${name}` };
    const observer = consumer.id;
    const seen = split(record, observer);
    const doubt = tooLittle(record, seen);
    if (doubt !== undefined) return doubt;
    const [before, during] = [median(roundTrips(seen.before)), median(roundTrips(seen.during))];
    if (before === undefined || during === undefined) {
      return { effective: 'inconclusive', evidence: `${observer}: no round trip was measured` };
    }
    const took = `${before.toFixed(1)} ms before the fault, ${during.toFixed(1)} ms during it`;
    parts.push(`${observer}: median round trip ${took}`);
    effective &&= during - before >= delayMs * 0.8;
  }
  if (parts.length === 0) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
  const evidence = `${parts.join('; ')} (${delayMs} ms asked for)`;
  return shown(effective, evidence);
}

/** Returns when a container's main process started after the decision for the fault: epoch milliseconds, in order. */
export function startsOf({ states, injecting }: FaultRecord, container: string): readonly number[] {
  // The engine's clock and ours agree to about a millisecond.
  const started = states.filter((s) => s.container === container && s.startedAt >= injecting - 1);
  return [...new Set(started.map((s) => s.startedAt))].sort((a, b) => a - b);
}

/**
 * What the consumers of the targets met after the decision, as text: "; nginx -> chaos-app-1:3000: answered 40,
 * ECONNREFUSED 2".
 */
export function consumersSince(record: FaultRecord): string {
  const since = Map.groupBy(
    record.observations.filter((o) => o.t >= record.injecting),
    (o) => o.observer,
  );
  return record.targets
    .flatMap((name) => consumersOf(record, name))
    .map(({ id }) => (since.has(id) ? `; ${id}: ${tally(since.get(id) ?? [])}` : ''))
    .join('');
}

/** Returns all networks of a container. Throws CHAOS_NO_NETWORK when it is on none. */
export function networksOf(state: ContainerState): [string, { ip: string; aliases: readonly string[] }][] {
  const networks = Object.entries(state.networks);
  if (networks.length > 0) return networks;
  throw new ChaosError('CHAOS_NO_NETWORK', {
    what: `${state.container} is on no network`,
    hint: 'An earlier fault may still cut it off: run `chaos heal`.',
    exit: 'not-ready',
  });
}

import type { Evidence, Fault, FaultRecord } from '../../../harness/core/kinds/fault.ts';
import type { DatagramCount, Observation, Observer } from '../../../harness/core/record/observation.ts';
import type { ContainerState } from '../../../harness/core/topology/state.ts';
import type { TopologySpec } from '../../../harness/core/topology/spec.ts';
import { containerState } from './container.ts';

/** The container that sample faults hit, and the id of its observer. */
export const HIT = 'chaos-app-1';
export const OBSERVER = `nginx -> ${HIT}:3000`;

/** The fault is decided at 10 s, in force at 10.1 s and healing from 30 s on. Milliseconds. */
export const INJECTING = 10_000;
export const INJECTED = 10_100;
export const HEALING = 30_000;

export const answered: Partial<Observation> = { ok: true, rtt: 1, error: undefined, established: 5 };
export const failed = (error: string): Partial<Observation> => ({ ok: false, error, established: 0, rtt: undefined });

/** An observation of a command that printed this number. */
export const printed = (value: number): Partial<Observation> => ({ ok: true, rtt: 5, value, established: 0 });

/** Observations every 250 ms of a number that depends on the time. */
export const told = (observer: string, value: (t: number) => number): Observation[] =>
  observations({}, {}, observer).map((o) => ({ ...o, ...printed(value(o.t)) }));

/** What is observed while a fault is in force: always the same, or a function of the time. */
export type Seen = Partial<Observation> | ((t: number) => Partial<Observation>);

/** Observations every 250 ms, before the fault and while it is in force. */
export function observations(before: Partial<Observation>, during: Seen, observer = OBSERVER): Observation[] {
  const all: Observation[] = [];
  const then = typeof during === 'function' ? during : () => during;
  for (let t = 0; t < HEALING; t += 250) {
    const over = t < INJECTING ? before : then(t);
    all.push({ observer, t, ok: true, established: 5, ...over });
  }
  return all;
}

/** States of the container every 500 ms while the fault is in force. */
export function looks(over: Partial<ContainerState>, container = HIT): FaultRecord['states'] {
  const all: ({ readonly t: number } & ContainerState)[] = [];
  for (let t = INJECTED; t < HEALING; t += 500) {
    all.push({ t, ...containerState({ container, ...over }) });
  }
  return all;
}

/** Makes observers from the ids in observations: "nginx -> chaos-app-1:3000", "chaos-nginx-1 to chaos-app-1: lost". */
function observersOf(seen: readonly Observation[]): Observer[] {
  return [...new Set(seen.map((o) => o.observer))].map((id): Observer => {
    const [, from = '', host = '', port = ''] = /^(.+) -> (.+):(\d+)/.exec(id) ?? [];
    if (from !== '') return { id, from, protocol: 'http', host, port: Number(port) };
    const [, sender = '', to = '', counts = ''] = /^(\S+) to (\S+): (\w+)$/.exec(id) ?? [];
    if (sender !== '') return { id, from: sender, to, counts: counts as DatagramCount };
    return { id, command: { sql: 'select 1' }, everyMs: 1_000 };
  });
}

/** The record of a sample fault, changed by `over`. */
export const faultRecord = (over: Partial<FaultRecord>): FaultRecord => ({
  id: 'fault-1',
  fault: 'fault',
  params: {},
  targets: [HIT],
  injecting: INJECTING,
  injected: INJECTED,
  healing: HEALING,
  healed: HEALING + 100,
  observers: observersOf(over.observations ?? []),
  observations: [],
  states: [],
  ...over,
});

/** The ids of a fault's observers, in their order. */
export const asked = (fault: Fault, params: unknown, spec: TopologySpec): string[] =>
  fault
    .bind(params)
    .observers(spec)
    .map(({ id }) => id);

/** Returns a function that gives the fault's evidence for these observations. `over` changes the rest of the record. */
export const proof =
  (fault: Fault, params: unknown, over: Partial<FaultRecord> = {}) =>
  (...seen: readonly Observation[][]): Evidence =>
    fault.bind(params).prove(faultRecord({ observations: seen.flat(), ...over }));

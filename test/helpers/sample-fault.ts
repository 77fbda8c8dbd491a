import type { Evidence, Fault, FaultRecord } from '../../harness/core/fault.ts';
import type { Observation } from '../../harness/core/observation.ts';
import type { ContainerState, TopologySpec } from '../../harness/core/topology.ts';

/** The container and the link that sample faults hit, and who is asked about them. */
export const HIT = 'chaos-app-1';
export const OBSERVER = `nginx -> ${HIT}:3000`;

/** Decided at 10 s, in force at 10.1 s, healing at 30 s. Milliseconds. */
export const INJECTING = 10_000;
export const INJECTED = 10_100;
export const HEALING = 30_000;

export const answered: Partial<Observation> = { ok: true, rtt: 1, error: undefined, established: 5 };
export const failed = (error: string): Partial<Observation> => ({ ok: false, error, established: 0, rtt: undefined });

/** What a command printed. */
export const printed = (value: number): Partial<Observation> => ({ ok: true, rtt: 5, value, established: 0 });

/** A number each 250 ms, by the time. */
export const told = (observer: string, value: (t: number) => number): Observation[] =>
  observations({}, {}, observer).map((o) => ({ ...o, ...printed(value(o.t)) }));

/** What was seen while a fault was in force: always the same, or by the time. */
export type Seen = Partial<Observation> | ((t: number) => Partial<Observation>);

/** An answer each 250 ms before the fault, and while it was in force. */
export function observations(before: Partial<Observation>, during: Seen, observer = OBSERVER): Observation[] {
  const all: Observation[] = [];
  const then = typeof during === 'function' ? during : () => during;
  for (let t = 0; t < HEALING; t += 250) {
    const over = t < INJECTING ? before : then(t);
    all.push({ observer, t, ok: true, established: 5, ...over });
  }
  return all;
}

/** A look at the container each 500 ms while the fault was in force. */
export function looks(over: Partial<ContainerState>, container = HIT): FaultRecord['states'] {
  const all: ({ readonly t: number } & ContainerState)[] = [];
  for (let t = INJECTED; t < HEALING; t += 500) {
    all.push({
      t,
      container,
      status: 'running',
      running: true,
      paused: false,
      pid: 42,
      restarts: 0,
      startedAt: 1,
      finishedAt: 0,
      health: 'healthy',
      oomKilled: false,
      limits: { cpus: undefined, memoryBytes: undefined },
      networks: { chaos_wedsync: { ip: '172.30.77.5', aliases: ['app'] } },
      ...over,
    });
  }
  return all;
}

/** All that was seen of a fault. */
export const faultRecord = (over: Partial<FaultRecord>): FaultRecord => ({
  id: 'fault-1',
  fault: 'fault',
  params: {},
  targets: [HIT],
  injecting: INJECTING,
  injected: INJECTED,
  healing: HEALING,
  healed: HEALING + 100,
  observations: [],
  states: [],
  ...over,
});

/** The ids of who is asked about a fault, in their order. */
export const asked = (fault: Fault, params: unknown, spec: TopologySpec): string[] =>
  fault.observers(params, spec).map(({ id }) => id);

/** What a fault says of these observations, when the rest of its record is as in `over`. */
export const proof =
  (fault: Fault, params: unknown, over: Partial<FaultRecord> = {}) =>
  (...seen: readonly Observation[][]): Evidence =>
    fault.prove(faultRecord({ observations: seen.flat(), ...over }), params);

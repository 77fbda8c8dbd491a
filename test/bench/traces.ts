import type { FaultRecord } from '../../harness/core/kinds/fault.ts';
import type { Observation } from '../../harness/core/record/observation.ts';
import type { ContainerState } from '../../harness/core/topology/state.ts';

/** An answer across the network that takes this many milliseconds counts as late: it takes the time of many others. */
const LATE_MS = 500;

/** One reading of one thing. */
interface Look<T> {
  /** Epoch milliseconds: when it was asked (`t`), and by when the state that it saw existed (`by`). */
  readonly t: number;
  readonly by: number;
  readonly value: T;
}

/** The readings of one thing: numbers, or values that can only be equal or different. */
export type Trace = NumberTrace | OutcomeTrace | StateTrace;
export interface NumberTrace {
  readonly kind: 'number';
  readonly name: string;
  readonly looks: readonly Look<number>[];
}
export interface OutcomeTrace {
  readonly kind: 'outcome';
  readonly name: string;
  readonly looks: readonly Look<string>[];
}
/** `identity` tells the process apart. A container that runs again is sound, although another process runs in it. */
export interface StateTrace {
  readonly kind: 'state';
  readonly name: string;
  readonly looks: readonly Look<{ readonly state: string; readonly identity: string }>[];
}

/** Returns all readings of a fault's observers and of its targets' states, as one trace for each kind of answer. */
export function tracesOf(record: FaultRecord): readonly Trace[] {
  const byObserver = Map.groupBy(record.observations, (o) => o.observer);
  const byContainer = Map.groupBy(record.states, (s) => s.container);
  return [
    ...[...byObserver].flatMap(([name, seen]) => ofObserver(name, seen, record.injecting)),
    ...[...byContainer].map(([name, states]) => ofContainer(name, states)),
  ];
}

function ofObserver(name: string, seen: readonly Observation[], injecting: number): Trace[] {
  const values = numbers(seen, (o) => (o.of === undefined ? o.value : (o.value ?? 0) / o.of));
  const counter = isCounter(values) || isCounter(values.filter((look) => look.t < injecting));
  const fell = new Set(
    counter ? values.filter((look, i) => look.value < (values[i - 1]?.value ?? 0)).map((l) => l.t) : [],
  );
  const outcome = (o: Observation): string => (fell.has(o.t) ? 'counter began again' : outcomeOf(o));
  // A batch of datagrams has no outcome: when none arrives, its share says so.
  const answers = seen.filter((o) => o.of === undefined);
  const traces: Trace[] = [
    { kind: 'outcome', name, looks: answers.map((o) => ({ t: o.t, by: o.t, value: outcome(o) })) },
    { kind: 'number', name: `${name}: ${counter ? 'rate' : 'value'}`, looks: counter ? rates(values) : values },
    // A command has no round trip here: its time shows only how busy the machine is.
    {
      kind: 'number',
      name: `${name}: round trip`,
      looks: numbers(seen, (o) => (o.value === undefined ? o.rtt : undefined)),
    },
    { kind: 'number', name: `${name}: pieces`, looks: numbers(seen, (o) => o.reads) },
  ];
  return traces.filter((trace) => trace.looks.length > 0);
}

function outcomeOf({ ok, error, value, rtt = 0 }: Observation): string {
  if (!ok) return error ?? 'no answer';
  return value === undefined && rtt >= LATE_MS ? 'answered late' : 'answered';
}

/** A batch of datagrams covers a stretch of time: what it shows existed by the end of that stretch. */
function numbers(seen: readonly Observation[], of: (o: Observation) => number | undefined): Look<number>[] {
  return seen.flatMap((o, i) => {
    const value = o.ok || o.of !== undefined ? of(o) : undefined;
    const by = o.of === undefined ? o.t : (seen[i + 1]?.t ?? o.t);
    return value === undefined ? [] : [{ t: o.t, by, value }];
  });
}

/** Whether the number never fell and rose at least twice. Then its rate matters, and not the number. */
function isCounter(looks: readonly Look<number>[]): boolean {
  const rises = looks.filter((look, i) => look.value > (looks[i - 1]?.value ?? Infinity)).length;
  const falls = looks.filter((look, i) => look.value < (looks[i - 1]?.value ?? -Infinity)).length;
  return falls === 0 && rises >= 2;
}

/** Rates per second, from each reading to the next. */
const rates = (looks: readonly Look<number>[]): Look<number>[] =>
  looks.flatMap((look, i) => {
    const last = looks[i - 1];
    if (last === undefined || look.t <= last.t || look.value < last.value) return [];
    return [{ ...look, value: ((look.value - last.value) / (look.t - last.t)) * 1_000 }];
  });

function ofContainer(name: string, states: readonly ({ readonly t: number } & ContainerState)[]): StateTrace {
  const looks = states.map(({ t, status, running, paused, limits, networks, pid, startedAt, finishedAt }) => {
    const state = JSON.stringify([status, running, paused, limits, Object.keys(networks).toSorted()]);
    return { t, by: t, value: { state, identity: JSON.stringify([pid, startedAt, finishedAt]) } };
  });
  return { kind: 'state', name: `state of ${name}`, looks };
}

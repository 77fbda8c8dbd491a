import type { FaultRecord } from '../kinds/fault.ts';
import type { Span } from '../plan/phases.ts';
import { eventsOf, type History, windowOf } from '../record/history.ts';

type Faults = readonly Pick<FaultRecord, 'id' | 'injecting' | 'healed'>[];

/**
 * Returns the time of a run that is judged, from the baseline to the end of its last phase. A run that died has phases
 * without an end: its time ends with the last that the load told. Undefined when the run did not reach its baseline.
 */
export function judgedSpan(history: History): Span | undefined {
  const started = windowOf(history, 'baseline')?.started;
  const ended = history.windows.at(-1)?.ended;
  if (started === undefined || ended === undefined) return undefined;
  const told = eventsOf(history, 'load.ended').at(-1)?.t ?? eventsOf(history, 'load').at(-1)?.t ?? ended;
  return { started, ended: Math.max(started, Math.min(ended, told)) };
}

/**
 * Returns the time of a run's drill: from the injection of the first fault until the heal phase has ended, so until the
 * system is healthy again. Without a heal phase it ends when the last fault is healed, and a fault that was never healed
 * lasts to the end. Undefined when no fault was injected.
 */
export function drillOf(history: Pick<History, 'windows'> & { readonly faults: Faults }, span: Span): Span | undefined {
  const { faults } = history;
  if (faults.length === 0) return undefined;
  const healed = Math.max(...faults.map((fault) => fault.healed ?? span.ended));
  const ended = Math.max(healed, windowOf(history, 'heal')?.ended ?? healed);
  return {
    started: clamp(Math.min(...faults.map(({ injecting }) => injecting)), span),
    ended: clamp(ended, span),
  };
}

/**
 * Returns the time that is booked on a fault: from its injection until it is healed, and then until the next fault begins
 * or the drill ends, because what comes after a fault is its doing too.
 */
export function timeOf({ injecting, healed }: Faults[number], all: Faults, drill: Span): Span {
  const started = clamp(injecting, drill);
  if (healed === undefined) return { started, ended: drill.ended };
  const next = all.map((other) => other.injecting).filter((at) => at >= healed);
  return { started, ended: clamp(Math.min(drill.ended, ...next), { started, ended: drill.ended }) };
}

const clamp = (t: number, { started, ended }: Span): number => Math.min(Math.max(t, started), ended);

import type { AlertKept, AlertRuleSeen, RuleAtEnd } from '../../../harness/core/record/alert-events.ts';
import type { EventOf, RunEvent } from '../../../harness/core/record/events.ts';
import { spanOf } from './history.ts';

const FAULT = spanOf('fault').started;
const HEALED = spanOf('heal').started + 1_000;
const BEGUN = spanOf('warmup').started;
const ENDED = spanOf('recovery').ended + 100;

/** A fault that begins with the fault phase and is healed a second after the beginning of the heal phase. */
export const FAULTED: readonly RunEvent[] = [
  { kind: 'fault.injecting', t: FAULT, id: 'kill-1', fault: 'kill', params: {} },
  { kind: 'fault.injected', t: FAULT + 100, id: 'kill-1', targets: ['chaos-app-1'] },
  { kind: 'fault.healing', t: HEALED - 1_000, id: 'kill-1' },
  { kind: 'fault.healed', t: HEALED, id: 'kill-1' },
];

export const sampleRule = (over: Partial<AlertRuleSeen> = {}): AlertRuleSeen => ({
  name: 'HighErrorRatio',
  labels: { severity: 'page' },
  for_ms: 5_000,
  every_ms: 1_000,
  looks_back_ms: 10_000,
  oldest: BEGUN - 10_000,
  burns: [],
  ...over,
});

export interface Watched {
  readonly rules?: readonly AlertRuleSeen[];
  readonly atEnd?: Partial<RuleAtEnd>;
  readonly end?: Partial<EventOf<'alert.watched'>>;
  /** Stretches of time after the beginning of the fault in which nobody watched, milliseconds. */
  readonly blind?: readonly (readonly [number, number])[];
}

/** What a watch on the alerts records around the small history. `told`: how many events tell what alerts did. */
export function watched(
  { rules = [sampleRule()], atEnd = {}, end = {}, blind = [] }: Watched = {},
  told = 0,
): RunEvent[] {
  return [
    { kind: 'alert.rules', t: BEGUN, version: '2.42.0', rules },
    { kind: 'alert.watch', t: BEGUN, watching: true },
    ...blind.flatMap(([from, to]): RunEvent[] => [
      { kind: 'alert.watch', t: FAULT + from, watching: false, problem: 'no answer' },
      { kind: 'alert.watch', t: FAULT + to, watching: true },
    ]),
    {
      kind: 'alert.watched',
      t: ENDED,
      looks: 79,
      answered: 79,
      pager: { looks: 79, answered: 79 },
      told,
      kept: true,
      rules: rules.map(({ name, labels }) => ({ name, labels, ok: true, fed: true, ...atEnd })),
      ...end,
    },
  ];
}

/** An alert that Prometheus kept. Times: milliseconds after the beginning of the fault. */
export function kept(
  times: { readonly pending?: number; readonly firing?: number; readonly resolved?: number },
  { name = 'HighErrorRatio', labels = { severity: 'page' } }: { name?: string; labels?: Record<string, string> } = {},
): RunEvent {
  const { pending, firing, resolved } = times;
  const at = (ms: number | undefined): number | null => (ms === undefined ? null : FAULT + ms);
  const spans: AlertKept['spans'][number][] = [];
  if (pending !== undefined) spans.push({ state: 'pending', from: FAULT + pending, to: at(firing ?? resolved) });
  if (firing !== undefined) spans.push({ state: 'firing', from: FAULT + firing, to: at(resolved) });
  return { kind: 'alert.kept', t: ENDED - 10, name, labels, spans };
}

export const delivered = (ms: number, status: 'firing' | 'resolved' = 'firing'): RunEvent => ({
  kind: 'alert.delivered',
  t: FAULT + ms + 200,
  name: 'HighErrorRatio',
  labels: { severity: 'page' },
  status,
  at: FAULT + ms,
});

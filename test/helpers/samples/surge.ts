import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { History } from '../../../harness/core/record/history.ts';
import type { Plan } from '../../../harness/core/plan/plan.ts';
import { scaledRun } from './scaled-run.ts';

/** So many containers the experiment wants to serve in the surge. */
export const WANTED = 7;
const CALM_MS = 60_000;
const SURGE_MS = 180_000;
/** Requests a second. */
const [CALM, HIGH] = [120, 540];

/** A run that a scaler followed through a surge, as the record of an experiment has it: with its load and its hypothesis. */
export function surgeRun(run = 'run-1', name = 'surge'): History {
  const { history } = scaledRun();
  const plan: Plan = {
    ...history.plan,
    name,
    load: {
      ...history.plan.load,
      arrivals: {
        process: 'constant',
        stages: [
          { ms: CALM_MS, from: CALM, to: CALM },
          { ms: SURGE_MS, from: HIGH, to: HIGH },
          { ms: 600_000, from: CALM, to: CALM },
        ],
      },
    },
    hypotheses: [{ check: 'scaling', params: { service: 'app', reaches: WANTED }, line: 1 }],
  };
  const step = (history.windows[0]?.started ?? 0) + CALM_MS;
  const events = history.events.map((event): RunEvent => {
    if (event.kind === 'run.started') return { ...event, run, plan };
    if (event.kind !== 'scaling') return event;
    const value = event.t >= step && event.t < step + SURGE_MS ? HIGH : CALM;
    const { situation } = event;
    const requests = { metric: 'requests', value, age: 1 } as const;
    return { ...event, situation: { ...situation, figures: [...situation.figures, requests] } };
  });
  return { ...history, run, plan, events };
}

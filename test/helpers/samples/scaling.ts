import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { AutoScalingConfig } from '../../../harness/core/record/scaling.ts';
import type { Deed } from '../../../harness/core/topology/life.ts';

/** A scaler that looks at CPU and memory only. */
export const SCALER: AutoScalingConfig = {
  minInstances: 3,
  maxInstances: 50,
  targetCPUUtilization: 60,
  targetMemoryUtilization: 70,
  scaleUpThreshold: 80,
  scaleDownThreshold: 30,
  cooldownPeriod: 30,
  stabilityWindow: 60,
  largestStep: 10,
  staleAfter: 15,
};

/** What became of a container, at this moment (epoch milliseconds). */
export const life = (t: number, container: string, did: Deed, service = 'app'): RunEvent => ({
  kind: 'life',
  t,
  container,
  service,
  did,
});

/** A change of `app` that was decided at this moment (epoch milliseconds), and carried out a second later. */
export const change = (t: number, from: number, to: number, value = 90): RunEvent[] => [
  { kind: 'decided', t, id: 'autoscale-1', controller: 'autoscale', service: 'app', from, to, why: 'w' },
  {
    kind: 'scaled',
    t: t + 1_000,
    group: 'app',
    action: to > from ? 'scale_up' : 'scale_down',
    from,
    to,
    metric: 'cpu',
    value,
    threshold: 80,
  },
];

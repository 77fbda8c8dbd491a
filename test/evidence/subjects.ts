import type { Fault } from '../../harness/core/kinds/fault.ts';
import { remember } from './as-before.ts';
import type { Subject } from './kills.ts';
import { FAULT_MOMENTS, SCALER_MOMENTS } from './moments.ts';

/** A run with this fault alone. */
export const faultSubject = ({ name, example }: Fault): Subject => ({
  name,
  moments: FAULT_MOMENTS,
  experiment: (moment, workload) => ({
    load: { workload, rate: '20/s' },
    phases: { warmup: '0s', baseline: '1s', fault: moment.name === 'undoing' ? '1s' : '10s', recovery: '1s' },
    faults: [{ [name]: example }],
  }),
});

/** A run whose scaler goes from three replicas to eight after its first look, and back to three twelve seconds later. */
export const SCALER: Subject = {
  name: 'scaler',
  moments: SCALER_MOMENTS,
  remember,
  experiment: (_moment, workload) => ({
    load: {
      workload,
      stages: [
        { at: '40/s', for: '12s' },
        { at: '5/s', for: '10m' },
      ],
    },
    phases: { warmup: '0s', baseline: '1s', fault: '40s', recovery: '1s' },
    controllers: [
      {
        autoscale: {
          service: 'app',
          minInstances: 3,
          maxInstances: 8,
          requestsPerInstance: 5,
          largestStep: 10,
          cooldownPeriod: 0,
          stabilityWindow: 0,
          scaleDownThreshold: 55,
          targetMemoryUtilization: 80,
        },
      },
    ],
    faults: [],
  }),
};

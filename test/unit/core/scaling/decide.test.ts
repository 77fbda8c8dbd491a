import { expect } from 'chai';
import { describe, it } from 'mocha';
import type {
  AutoScalingConfig,
  Figure,
  ScalingDecision,
  ScalingMetric,
  ScalingSituation,
} from '../../../../harness/core/record/scaling.ts';
import { SCALER } from '../../../helpers/samples/scaling.ts';
import { decideScaling } from '../../../../harness/core/scaling/decide.ts';

const T = 1_000;

const figures = (values: Partial<Record<ScalingMetric, number>>, age = 1): Figure[] =>
  Object.entries(values).map(([metric, value]) => ({ metric: metric as ScalingMetric, value, age }));

type Given = Partial<Omit<ScalingSituation, 'figures'>> &
  Partial<Record<ScalingMetric, number>> & { readonly age?: number };

/** A decision about a group of ten instances; memory is at 40 % where nothing else is said. */
function decide(
  { t = T, instances = 10, changed, wishes = [], age = 1, ...values }: Given,
  config: Partial<AutoScalingConfig> = {},
): ScalingDecision {
  const all = figures({ memory: 40, ...values }, age);
  return decideScaling({ ...SCALER, ...config }, { t, instances, changed, wishes, figures: all });
}

const short = ({ action, reason, targetInstances, clamps }: ScalingDecision): string =>
  [action, targetInstances, reason, ...clamps].join(' ');

describe('the decision of the scaler', () => {
  const TABLE: readonly (readonly [
    what: string,
    given: Given,
    decided: string,
    config?: Partial<AutoScalingConfig>,
  ])[] = [
    ['all figures are between the thresholds', { cpu: 50 }, 'none 10 within_thresholds'],
    ['CPU is at the upper threshold, not above it', { cpu: 80 }, 'none 10 within_thresholds'],
    ['CPU is above it: to the target, rounded up', { cpu: 81 }, 'scale_up 14 high_resource_usage'],
    ['memory is above it', { cpu: 20, memory: 90 }, 'scale_up 13 high_resource_usage'],
    ['both are above it: the larger wish counts', { cpu: 90, memory: 90 }, 'scale_up 15 high_resource_usage'],
    ['answers take more than a second', { cpu: 50, response_time: 1_001 }, 'scale_up 11 high_resource_usage'],
    ['answers take a second', { cpu: 50, response_time: 1_000 }, 'none 10 within_thresholds'],
    [
      'answers are slow and the target is above the usage',
      { cpu: 10, response_time: 5_000 },
      'scale_up 11 high_resource_usage',
    ],
    [
      'answers are slow, and slow answers alone may add one to the six that memory asks for',
      { instances: 6, cpu: 10, memory: 70, response_time: 5_000 },
      'scale_up 7 high_resource_usage',
      { slowAnswersAdd: 1 },
    ],
    [
      'answers are slow, and slow answers alone have added all that they may',
      { instances: 7, cpu: 10, memory: 60, response_time: 5_000 },
      'none 7 within_thresholds slow_answers',
      { slowAnswersAdd: 1 },
    ],
    [
      'answers are slow and CPU is above the threshold: the limit of slow answers does not count',
      { cpu: 90, response_time: 5_000 },
      'scale_up 15 high_resource_usage',
      { slowAnswersAdd: 0 },
    ],
    [
      'answers are slow, no other figure is known, and slow answers may add two to the least',
      { instances: 5, cpu: NaN, memory: NaN, response_time: 5_000 },
      'none 5 within_thresholds slow_answers',
      { slowAnswersAdd: 2 },
    ],
    ['the wish is beyond the largest step', { cpu: 200 }, 'scale_up 20 high_resource_usage largest_step'],
    [
      'the wish is beyond the most',
      { instances: 45, cpu: 95 },
      'scale_up 50 high_resource_usage largest_step max_instances',
    ],
    ['there are as many as may be', { instances: 50, cpu: 95 }, 'none 50 within_thresholds max_instances'],
    [
      'it is above the threshold and its target lies higher still',
      { cpu: 81 },
      'scale_up 11 high_resource_usage',
      { targetCPUUtilization: 90 },
    ],

    ['it is in its cool-down, and wants more', { cpu: 95, changed: T - 29 }, 'none 10 cooldown_period cooldown_period'],
    [
      'it is in its cool-down, and wants fewer',
      { cpu: 5, memory: 5, changed: T - 1 },
      'none 10 cooldown_period cooldown_period',
    ],
    ['it is in its cool-down, and wants what there is', { cpu: 58, changed: T - 1 }, 'none 10 cooldown_period'],
    ['its cool-down has just ended', { cpu: 81, changed: T - 30 }, 'scale_up 14 high_resource_usage'],

    ['all figures are below the lower threshold', { cpu: 20, memory: 20 }, 'scale_down 4 low_resource_usage'],
    ['one figure is at the lower threshold', { cpu: 20, memory: 30 }, 'none 10 within_thresholds'],
    ['the wish is below the least', { cpu: 1, memory: 1 }, 'scale_down 3 low_resource_usage min_instances'],
    ['there are as few as may be', { instances: 3, cpu: 1, memory: 1 }, 'none 3 within_thresholds min_instances'],
    [
      'fewer by more than the largest step',
      { instances: 40, cpu: 15, memory: 10 },
      'scale_down 30 low_resource_usage largest_step',
    ],
    [
      'low usage, and the target is lower still',
      { cpu: 25, memory: 20 },
      'none 10 within_thresholds',
      { targetCPUUtilization: 20 },
    ],
    [
      'more was wished for within the window',
      { cpu: 20, memory: 20, wishes: [{ t: T - 59, instances: 8 }] },
      'scale_down 8 low_resource_usage stability_window',
    ],
    [
      'all of them were wished for within the window',
      { cpu: 20, memory: 20, wishes: [{ t: T - 1, instances: 10 }] },
      'none 10 within_thresholds stability_window',
    ],
    [
      'they were wished for before the window',
      { cpu: 20, memory: 20, wishes: [{ t: T - 60, instances: 10 }] },
      'scale_down 4 low_resource_usage',
    ],
    [
      'the window does not hold back more',
      { cpu: 90, wishes: [{ t: T - 1, instances: 50 }] },
      'scale_up 15 high_resource_usage',
    ],

    ['an instance is missing below the least', { instances: 2, cpu: 10 }, 'scale_up 3 below_min_instances'],
    ['an instance is missing in a cool-down', { instances: 2, cpu: 10, changed: T - 1 }, 'none 2 cooldown_period'],
    [
      'many are missing below the least',
      { cpu: 10 },
      'scale_up 20 below_min_instances largest_step',
      { minInstances: 40 },
    ],
    ['far more are there than may be', { instances: 70, cpu: 95 }, 'scale_down 60 above_max_instances largest_step'],
    ['there is none', { instances: 0, requests: 50 }, 'scale_up 3 below_min_instances', { requestsPerInstance: 10 }],
    ['there are more than may be', { instances: 60, cpu: 95 }, 'scale_down 50 above_max_instances'],

    ['no figure is known', { cpu: 95, memory: 95, age: 16 }, 'none 10 no_figures unknown_figures'],
    ['a figure is as old as may be', { cpu: 95, age: 15 }, 'scale_up 16 high_resource_usage'],
    ['a figure is not a number', { cpu: NaN, memory: NaN }, 'none 10 no_figures unknown_figures'],
    [
      'only the response time is known, and it is long',
      { memory: NaN, response_time: 2_000 },
      'scale_up 11 high_resource_usage',
    ],
    ['one figure is unknown, and the other asks for more', { memory: 95 }, 'scale_up 14 high_resource_usage'],
    [
      'one figure is unknown, and the other asks for fewer',
      { memory: 10 },
      'none 10 within_thresholds unknown_figures',
    ],

    [
      'requests are above the threshold of what ten serve',
      { cpu: 50, requests: 81 },
      'scale_up 11 high_resource_usage',
      { requestsPerInstance: 10 },
    ],
    ['requests are not looked at', { cpu: 50, requests: 81 }, 'none 10 within_thresholds'],
    [
      'requests are few, and not all figures',
      { cpu: 35, memory: 20, requests: 5 },
      'none 10 within_thresholds',
      { requestsPerInstance: 10 },
    ],
    [
      'jobs wait',
      { cpu: 5, memory: 5, queue: 900 },
      'scale_up 20 high_resource_usage largest_step',
      { jobsPerInstance: 20 },
    ],
    [
      'no jobs wait',
      { cpu: 5, memory: 5, queue: 0 },
      'scale_down 3 low_resource_usage min_instances',
      { jobsPerInstance: 20, largestStep: 50 },
    ],
    [
      'the queue is not known',
      { cpu: 5, memory: 5 },
      'none 10 within_thresholds unknown_figures',
      { jobsPerInstance: 20 },
    ],
  ];
  for (const [what, given, decided, config] of TABLE)
    it(`is "${decided}" when ${what}`, () => expect(short(decide(given, config))).to.equal(decided));

  it('says what the figures alone ask for, and which figure decided', () => {
    expect(decide({ instances: 45, cpu: 95 })).to.deep.include({
      wish: 72,
      trigger: { metric: 'cpu', value: 95, threshold: 80 },
    });
    expect(decide({ cpu: 20, memory: 28 })).to.deep.include({
      wish: 4,
      trigger: { metric: 'memory', value: 28, threshold: 30 },
    });
    expect(decide({ cpu: 50, response_time: 1_500 })).to.deep.include({
      wish: 11,
      trigger: { metric: 'response_time', value: 1_500, threshold: 1_000 },
    });
    // Both wish for 4. Only one is above the threshold.
    expect(decide({ instances: 3, cpu: 79, requests: 243 }, { requestsPerInstance: 100 })).to.deep.include({
      wish: 4,
      trigger: { metric: 'requests', value: 81, threshold: 80 },
    });
    expect(decide({ instances: 2, cpu: 20 })).to.deep.include({
      trigger: { metric: 'instances', value: 2, threshold: 3 },
    });
    expect(decide({ cpu: NaN, memory: NaN })).not.to.have.any.keys('wish', 'trigger');
  });

  it('never leaves the range, takes no step beyond the largest, and does nothing in a cool-down', () => {
    const values = [0, 10, 29, 30, 31, 60, 80, 81, 150, NaN];
    for (let instances = 3; instances <= 50; instances += 1)
      for (const cpu of values)
        for (const memory of values)
          for (const changed of [undefined, T - 10]) {
            const { action, targetInstances, reason } = decide({ instances, cpu, memory, changed });
            const what = JSON.stringify({ instances, cpu, memory, changed });
            expect(targetInstances, what).to.be.within(3, 50);
            expect(Math.abs(targetInstances - instances), what).to.be.at.most(10);
            expect(Math.sign(targetInstances - instances), what).to.equal(
              { none: 0, scale_up: 1, scale_down: -1 }[action],
            );
            if (changed !== undefined) expect(reason, what).to.equal('cooldown_period');
          }
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import autoscale from '../../../harness/controllers/autoscale.ts';
import type { Decision, PastDecision, TimedReading } from '../../../harness/core/kinds/controller.ts';
import { decideScaling } from '../../../harness/core/scaling/decide.ts';

const T = 1_000_000;

type Values = Readonly<Record<string, readonly (number | readonly [value: number, age: number])[]>>;

/** Readings by the name of their series; the age in seconds is 2 where none is given. */
const readingsOf =
  (values: Values) =>
  ({ name }: { readonly name: string }): readonly TimedReading[] =>
    (values[name] ?? []).map((one, i) => {
      const [value, age] = typeof one === 'number' ? [one, 2] : one;
      return { labels: { server: `chaos-app-${i + 1}` }, value, t: T - age * 1_000 };
    });

interface Given {
  readonly values: Values;
  readonly replicas?: number;
  readonly cores?: number | undefined;
  readonly past?: readonly PastDecision[];
  readonly config?: object;
}

function decide({ values, replicas = 3, cores = 1, past = [], config = {} }: Given): Decision {
  const params = autoscale.params.parse({ service: 'app', ...config });
  const situation = { t: T, replicas, before: 3, cores, readings: readingsOf(values), past };
  const decision = autoscale.decide(params, situation);
  if (decision === undefined) throw new Error('it decided nothing');
  return decision;
}

const QUIET = { memory: [40, 40, 40] };

describe('the controller autoscale', () => {
  it('scales by the mean use of the containers, relative to the cores that each may use', () => {
    const values = { ...QUIET, cpu: [90, 90, 120] };
    expect(decide({ values })).to.deep.include({
      replicas: 5,
      metric: 'cpu',
      value: 100,
      threshold: 80,
      why: 'app goes from 3 to 5: high resource usage, CPU 100 % (threshold 80 %)',
    });
    expect(decide({ values, cores: 2 })).to.deep.include({ replicas: 3, value: 50 });
  });

  it('leaves out readings of containers that are gone, and knows nothing when all are too old', () => {
    expect(decide({ values: { ...QUIET, cpu: [50, [500, 16]] } }).replicas).to.equal(3);
    const blind = decide({ values: { memory: [[90, 16]], cpu: [[95, 16]] } });
    expect(blind.replicas).to.equal(3);
    expect(blind.scaling?.decision).to.include({ action: 'none', reason: 'no_figures' });
    expect(decide({ values: {} }).scaling?.decision.reason).to.equal('no_figures');
  });

  it('takes slow answers, requests and waiting jobs into account', () => {
    const calm = { ...QUIET, cpu: [50] };
    expect(decide({ values: { ...calm, latency_p95: [1_500] } })).to.include({ replicas: 4, metric: 'response_time' });
    expect(decide({ values: { ...calm, asked: [700] }, config: { requestsPerInstance: 100 } })).to.include({
      replicas: 9,
      metric: 'requests',
    });
    // Each worker reports all jobs.
    const queue = { ...calm, queue_depth: [300, 310] };
    expect(decide({ values: queue, config: { jobsPerInstance: 100 } })).to.include({ replicas: 4, metric: 'queue' });
    expect(decide({ values: queue }).replicas).to.equal(3);
  });

  it('remembers its last change and its wishes', () => {
    const first = decide({ values: { ...QUIET, cpu: [100] } });
    const low = { memory: [10], cpu: [5] };
    const made = (secondsAgo: number): PastDecision => ({
      t: T - secondsAgo * 1_000,
      decision: first,
      carriedOut: T - secondsAgo * 1_000,
    });
    const after = (secondsAgo: number, config: object = {}): string | undefined =>
      decide({ values: low, replicas: 5, past: [made(secondsAgo)], config }).scaling?.decision.reason;
    expect(after(59)).to.equal('cooldown_period');
    expect(after(61)).to.equal('low_resource_usage');
    expect(after(61, { stabilityWindow: 70 }), '5 were wished for').to.equal('within_thresholds');
    const { carriedOut: _, ...failed } = made(10);
    const retried = decide({ values: { ...QUIET, cpu: [100] }, past: [failed] });
    expect(retried.scaling?.decision.action, 'a change that failed begins no cool-down').to.equal('scale_up');
  });

  it('records everything that makes the same decision again', () => {
    for (const cpu of [5, 50, 79, 81, 120, 400])
      for (const replicas of [3, 10, 50]) {
        const { scaling } = decide({ values: { memory: [20], cpu: [cpu], asked: [500] }, replicas });
        const { config, situation, decision } = JSON.parse(JSON.stringify(scaling)) as NonNullable<typeof scaling>;
        expect(decideScaling(config, situation)).to.deep.equal(decision);
      }
  });

  it('refuses thresholds and targets that fit in no order', () => {
    const wrong = (config: object): string | undefined =>
      autoscale.params.safeParse({ service: 'app', ...config }).error?.issues[0]?.message;
    expect(wrong({})).to.equal(undefined);
    expect(wrong({ minInstances: 10, maxInstances: 5 })).to.match(/minInstances of at most/);
    expect(wrong({ scaleDownThreshold: 80 })).to.match(/scaleDownThreshold below/);
    expect(wrong({ targetCPUUtilization: 81 })).to.match(/targets above/);
    expect(wrong({ targetMemoryUtilization: 30 })).to.match(/targets above/);
    expect(wrong({ cooldown: 5 })).to.match(/Unrecognized key/);
  });
});

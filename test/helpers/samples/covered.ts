import type { CoveredRun } from '../../../harness/core/coverage/covered-run.ts';
import { fingerprintOf } from '../../../harness/core/freshness/fingerprint.ts';
import { digestOf } from '../../../harness/core/freshness/digest.ts';
import type { Plan } from '../../../harness/core/plan/plan.ts';
import { faultsOf } from '../../../harness/core/plan/steps.ts';
import type { TopologySpec } from '../../../harness/core/topology/spec.ts';
import type { Verdict } from '../../../harness/core/verdict.ts';
import { samplePlan } from './plan.ts';

/** Image ids of the services in the sample plan. */
export const IMAGES: Readonly<Record<string, string>> = Object.fromEntries(
  ['postgres-a', 'postgres-b', 'haproxy', 'redis', 'app', 'worker', 'nginx'].map((name) => [name, `sha256:${name}`]),
);

/** The topology as a version describes it that writes digests. */
const withDigests = (spec: TopologySpec): TopologySpec => ({
  ...spec,
  services: Object.fromEntries(
    Object.entries(spec.services).map(([name, service]) => {
      const image = name === 'redis' ? 'redis:7' : `chaos/${name}:dev`;
      return [name, { ...service, image, digest: digestOf(service) }];
    }),
  ),
});

const SECONDS = { warmup: 5, baseline: 20, fault: 30, heal: 60, recovery: 20 };

/** A plan with digests. `more` replaces parts of it. */
export function digestedPlan(more: Partial<Plan> = {}): Plan {
  const plan = { ...samplePlan(SECONDS, 100, 1), overrides: [], ...more };
  return { ...plan, topology: withDigests(plan.topology) };
}

export interface SampleRun {
  /** The day of November 2026. */
  readonly day: number;
  readonly verdict: Verdict;
  readonly plan?: Plan;
  readonly images?: Readonly<Record<string, string>>;
  /** False: the record has no digests. */
  readonly digests?: boolean;
  readonly reason?: string;
}

/** A recorded run as coverage sees it. */
export function coveredRun(sample: SampleRun): CoveredRun {
  const { day, verdict, plan = digestedPlan(), images = IMAGES, digests = true, reason } = sample;
  const when = `2026-11-${String(day).padStart(2, '0')}T03:00:00.000Z`;
  return {
    run: `${when}-${plan.name}`,
    when,
    seconds: 150,
    verdict,
    reason,
    experiment: plan.name,
    file: plan.file,
    overrides: plan.overrides,
    project: plan.topology.project,
    faults: faultsOf(plan.faults).map(({ fault, params }) => ({ fault, params })),
    fingerprint: () => (digests ? fingerprintOf({ plan, images }) : undefined),
  };
}

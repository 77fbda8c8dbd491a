import { expect } from 'chai';
import { describe, it } from 'mocha';
import { digestOf } from '../../../../harness/core/freshness/digest.ts';
import { type Fingerprint, fingerprintOf } from '../../../../harness/core/freshness/fingerprint.ts';
import { freshness } from '../../../../harness/core/freshness/freshness.ts';
import type { Plan } from '../../../../harness/core/plan/plan.ts';
import { redactDeep } from '../../../../harness/core/text/redact.ts';
import { digestedPlan, IMAGES } from '../../../helpers/samples/covered.ts';

const print = (plan: Plan = digestedPlan(), images: Record<string, string> | undefined = IMAGES): Fingerprint => {
  const made = fingerprintOf({ plan, images });
  if (made === undefined) throw new Error('the sample has digests');
  return made;
};

describe('a digest', () => {
  it('depends on values and not on the order of keys, nor on keys without a value', () => {
    expect(digestOf({ a: 1, b: { c: [1, 2], d: null } })).to.equal(
      digestOf({ b: { d: null, c: [1, 2] }, a: 1, e: undefined }),
    );
    expect(digestOf([1, 2])).not.to.equal(digestOf([2, 1]));
    expect(digestOf({ a: null })).not.to.equal(digestOf({}));
    expect(digestOf('x')).to.match(/^[0-9a-f]{64}$/);
  });
});

describe('the fingerprint of an experiment', () => {
  it('is the same in memory and when its plan is read back from a record', () => {
    const plan = digestedPlan();
    const back = JSON.parse(JSON.stringify(redactDeep(plan))) as Plan;
    expect(print(back)).to.deep.equal(print(redactDeep(plan)));
  });

  it('does not depend on title, tags, seed, charts, overrides, or the places of files and lines', () => {
    const plan = digestedPlan();
    const { workload } = plan.load;
    const other: Plan = {
      ...plan,
      file: '/elsewhere/other.yaml',
      title: 'Another title',
      tags: [],
      seed: 7,
      charts: [{ name: 'cpu' }],
      overrides: [],
      load: { ...plan.load, workload: { ...workload, file: '/elsewhere/saturday.yaml' } },
      hypotheses: plan.hypotheses.map((one) => ({ ...one, line: one.line + 3 })),
      topology: {
        ...plan.topology,
        files: ['/elsewhere/docker-compose.chaos.yml'],
        database: 'postgres://127.0.0.1:9/x',
      },
    };
    expect(print(other)).to.deep.equal(print(plan));
  });

  it('depends on the load, the phases, the faults, the hypotheses, the stop conditions and the controllers', () => {
    const plan = digestedPlan();
    const changed: readonly Partial<Plan>[] = [
      { load: { ...plan.load, timeoutMs: 1 } },
      { phases: { ...plan.phases, fault: 1 } },
      { faults: [] },
      { hypotheses: plan.hypotheses.slice(1) },
      { stop_if: [{ check: 'errors', params: { above: 0.8 }, for: 5_000, line: 1 }] },
      { controllers: [{ id: 'hold-1', controller: 'hold', params: { service: 'app', replicas: 2 } }] },
    ];
    for (const one of changed)
      expect(print({ ...plan, ...one }).experiment, Object.keys(one).join()).not.to.equal(print(plan).experiment);
  });

  it('is undefined when a record has no digests of its services', () => {
    const plan = digestedPlan();
    const { services } = plan.topology;
    const { digest: _digest, ...app } = services['app']!;
    const older = { ...plan, topology: { ...plan.topology, services: { ...services, app } } };
    expect(fingerprintOf({ plan: older, images: IMAGES })).to.equal(undefined);
  });
});

describe('freshness', () => {
  const recorded = print();

  it('holds while nothing is changed', () => {
    expect(freshness(recorded, print())).to.deep.equal({ is: 'fresh' });
  });

  it('names everything that was changed', () => {
    const now: Fingerprint = {
      ...recorded,
      imageNames: { ...recorded.imageNames, redis: 'redis:8' },
      images: { ...IMAGES, app: 'sha256:new', redis: 'sha256:8' },
      services: { ...recorded.services, nginx: 'other' },
      links: { 'app-to-redis': 'x' },
      experiment: 'other',
    };
    expect(freshness(recorded, now)).to.deep.equal({
      is: 'stale',
      changed: [
        'the image of redis was redis:7 and is redis:8',
        'the image of app (chaos/app:dev) is another one',
        'the Compose service nginx was changed',
        'the link app-to-primary is gone',
        'the link app-to-redis is new',
        'the experiment was changed',
      ],
    });
  });

  it('names services that are new or gone, and says nothing about their images', () => {
    const { redis: _redis, ...services } = recorded.services;
    const { redis: _id, ...images } = IMAGES;
    const now = { ...recorded, services: { ...services, cache: 'a' }, images: { ...images, cache: 'sha256:c' } };
    expect(freshness(recorded, now)).to.deep.equal({
      is: 'stale',
      changed: ['the Compose service redis is gone', 'the Compose service cache is new'],
    });
  });

  it('takes an image under another name for the same when it has the same id', () => {
    const now = { ...recorded, imageNames: { ...recorded.imageNames, app: 'chaos/app:clone' } };
    expect(freshness(recorded, now)).to.deep.equal({ is: 'fresh' });
  });

  it('is lost when the engine no longer has the image', () => {
    const { app: _app, ...images } = IMAGES;
    expect(freshness(recorded, { ...recorded, images })).to.deep.equal({
      is: 'stale',
      changed: ['the engine has no image of app (chaos/app:dev)'],
    });
  });

  it('compares the names of images when no engine answers', () => {
    const { images: _images, ...without } = recorded;
    expect(freshness(recorded, without)).to.deep.equal({ is: 'fresh' });
    const renamed = { ...without, imageNames: { ...recorded.imageNames, app: 'chaos/app:next' } };
    expect(freshness(recorded, renamed)).to.deep.equal({
      is: 'stale',
      changed: ['the image of app was chaos/app:dev and is chaos/app:next'],
    });
  });

  it('compares rules only when the record has rules', () => {
    const ruled = { ...recorded, rules: { 'latency.yml': 'a', 'errors.yml': 'b' } };
    expect(freshness(recorded, ruled)).to.deep.equal({ is: 'fresh' });
    expect(freshness(ruled, { ...recorded, rules: { 'latency.yml': 'z' } })).to.deep.equal({
      is: 'stale',
      changed: ['the rule latency.yml was changed', 'the rule errors.yml is gone'],
    });
    expect(freshness(ruled, recorded)).to.have.property('is', 'stale');
  });

  it('is unclear for a record without digests, and for one that does not say which images there were', () => {
    expect(freshness(undefined, recorded)).to.have.property('is', 'unclear');
    const { app: _app, redis: _redis, ...images } = IMAGES;
    const found = freshness({ ...recorded, images }, recorded);
    expect(found).to.deep.equal({
      is: 'unclear',
      why: 'the record does not say which images redis and 1 more service had',
    });
  });

  it('is lost, and not unclear, when something else was changed for certain', () => {
    expect(freshness({ ...recorded, images: {} }, { ...recorded, experiment: 'other' })).to.deep.equal({
      is: 'stale',
      changed: ['the experiment was changed'],
    });
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { pinned, type Recorded, wayBack } from '../../../../../harness/modes/compare/gate/same.ts';
import { samplePlan } from '../../../../helpers/samples/plan.ts';

const PLAN = samplePlan({ warmup: 1, baseline: 2, fault: 2, heal: 1, recovery: 2 }, 100, 1);
const recorded = (images: Record<string, string>, commit = 'c1', over: Partial<Recorded['plan']> = {}): Recorded => ({
  plan: { ...PLAN, ...over },
  environment: { images, commit, dirty: false },
});
const has = new Set(['sha256:1', 'sha256:2', 'sha256:3']);
const OLD = recorded({ app: 'sha256:1', db: 'sha256:3' });
const NEW = recorded({ db: 'sha256:3', app: 'sha256:2' }, 'c2');
const whyNot = (base: Recorded, now: Recorded, images = has): string => {
  const way = wayBack(base, now, images);
  return way.is === 'none' ? way.why : way.is;
};

describe('the way back to a base', () => {
  it('is its images, when they differ and the engine has those of both', () => {
    expect(wayBack(OLD, NEW, has)).to.deep.equal({ is: 'images' });
    expect(whyNot(OLD, NEW, new Set(['sha256:2', 'sha256:3']))).to.include('no longer has the image sha256:1 of app');
    expect(whyNot(OLD, NEW, new Set(['sha256:1', 'sha256:3']))).to.include('sha256:2 of app');
  });

  it('is nothing more when both are the same commit', () => {
    expect(wayBack(OLD, recorded({ db: 'sha256:3', app: 'sha256:1' }), has)).to.deep.equal({ is: 'same' });
  });

  it('is none when the same images ran with other files, or nobody knows with which', () => {
    const again = recorded({ app: 'sha256:1', db: 'sha256:3' }, 'c2');
    expect(whyNot(OLD, again)).to.include('cannot be brought up again');
    expect(whyNot(OLD, { ...OLD, environment: { ...OLD.environment, dirty: true } })).to.include(
      'cannot be brought up',
    );
    expect(whyNot(recorded({}), NEW)).to.include('does not name its images');
  });

  it('is none when the experiments measure different things; other hypotheses are no hindrance', () => {
    expect(whyNot(OLD, { ...NEW, plan: { ...PLAN, faults: [] } })).to.include('the faults');
    expect(whyNot(OLD, { ...NEW, plan: { ...PLAN, phases: { ...PLAN.phases, fault: 9 } } })).to.include('the phases');
    expect(whyNot(OLD, { ...NEW, plan: { ...PLAN, hypotheses: [] } })).to.equal('images');
  });

  it('is none when the experiment needs a secret that the record masks', () => {
    const masked = { faults: [{ kill: { service: '***' } }] };
    expect(whyNot(recorded({ app: 'sha256:1' }, 'c', masked), recorded({ app: 'sha256:2' }, 'c', masked))).to.include(
      'masks',
    );
  });

  it('is a compose file that gives each service its image', () => {
    expect(JSON.parse(pinned({ app: 'sha256:1' }))).to.deep.equal({ services: { app: { image: 'sha256:1' } } });
  });
});

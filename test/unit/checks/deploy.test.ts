import { expect } from 'chai';
import { describe, it } from 'mocha';
import deploy from '../../../harness/checks/deploy.ts';
import type { CheckResult } from '../../../harness/core/kinds/check-result.ts';
import type { EventOf, RunEvent } from '../../../harness/core/record/events.ts';
import { sampleHistory, spanOf } from '../../helpers/samples/history.ts';

const BEGUN = spanOf('fault').started + 1_000;
const id = 'deploy-1';
const begun: RunEvent = { kind: 'fault.injecting', t: BEGUN, id, fault: 'deploy', params: { service: 'app' } };

const ended = (after: number, over: Partial<EventOf<'deploy.ended'>> = {}): RunEvent => ({
  kind: 'deploy.ended',
  t: BEGUN + after,
  id,
  service: 'app',
  outcome: 'deployed',
  touched: 3,
  failed: 0,
  image: 'sha256:1',
  text: '3 of 3 containers run chaos/app:dev-good',
  ...over,
});
const back: Partial<EventOf<'deploy.ended'>> = {
  outcome: 'rolled back',
  touched: 1,
  failed: 1,
  text: 'chaos-app-1 is unhealthy',
};

function one(events: readonly RunEvent[], text: object = {}): CheckResult {
  const [result, ...more] = deploy.evaluate(
    sampleHistory({ events }),
    deploy.params.parse({ service: 'app', ...text }),
  );
  if (result === undefined || more.length > 0) throw new Error('one result is expected');
  return result;
}

describe('the check of a deploy', () => {
  it('passes when every container was replaced in time, and says what happened', () => {
    expect(one([begun, ended(9_000)], { within: '10s' })).to.deep.include({
      name: 'deploy of app',
      verdict: 'PASS',
      expected: 'deployed, no new container found bad, within 10.0 s',
      observed: 'deployed after 9.0 s, 3 touched: 3 of 3 containers run chaos/app:dev-good',
      samples: 1,
      during: ['fault'],
      figure: { value: 9_000, unit: 'duration', worse: 'more' },
    });
  });

  it('passes when a bad image was rolled back before it spread', () => {
    const wanted = { ends: 'rolled_back', touched: 1, within: '10s' };
    expect(one([begun, ended(6_000, back)], wanted)).to.include({
      verdict: 'PASS',
      expected: 'rolled back, at most 1 touched, within 10.0 s',
      observed: 'rolled back after 6.0 s, 1 touched: chaos-app-1 is unhealthy',
    });
  });

  it('fails for another end, too many places, bad containers or too much time, and names each', () => {
    const wanted = { ends: 'rolled_back', touched: 1, within: '10s' };
    expect(one([begun, ended(11_000)], wanted)).to.include({
      verdict: 'FAIL',
      observed:
        'it was deployed; 3 places were touched; it took 11.0 s; deployed after 11.0 s, 3 touched: 3 of 3 containers run chaos/app:dev-good',
    });
    expect(one([begun, ended(1_000, { failed: 3 })]).observed).to.match(/^3 new containers were found bad; /);
    expect(one([begun, ended(1_000, { ...back, outcome: 'paused' })], wanted).verdict).to.equal('FAIL');
    expect(one([begun, ended(1_000, back)]).verdict).to.equal('FAIL');
  });

  it('is INCONCLUSIVE when nobody recorded the beginning', () => {
    expect(one([ended(1_000)])).to.include({
      verdict: 'INCONCLUSIVE',
      observed: 'nothing says when the deploy began',
    });
  });

  it('is INCONCLUSIVE when the deploy had not ended with its phase, or was one of another service', () => {
    const step: RunEvent = {
      kind: 'deploy.step',
      t: BEGUN + 1,
      id,
      container: 'chaos-app-2',
      step: 'healthy',
      image: '',
    };
    expect(one([begun, step])).to.include({
      verdict: 'INCONCLUSIVE',
      samples: 0,
      observed: 'the deploy had not ended when the fault phase ended; its last step: healthy at chaos-app-2',
    });
    expect(one([begun, ended(1_000, { service: 'worker' })]).verdict).to.equal('INCONCLUSIVE');
  });

  it('is INCONCLUSIVE when one of two deploys has no end, however the other ended', () => {
    const second: RunEvent = { ...begun, id: 'deploy-2', t: BEGUN + 20_000 };
    const step: RunEvent = {
      kind: 'deploy.step',
      t: BEGUN + 20_001,
      id: 'deploy-2',
      container: 'chaos-app-1',
      step: 'created',
      image: '',
    };
    expect(one([begun, ended(9_000), second, step])).to.include({
      verdict: 'INCONCLUSIVE',
      observed: 'the deploy had not ended when the fault phase ended; its last step: created at chaos-app-1',
    });
  });

  it('needs a fault phase that lasts as long as the deploy may take', () => {
    expect(deploy.needsLength?.(deploy.params.parse({ service: 'app', within: '70s' }))).to.include({ least: 70_000 });
  });
});

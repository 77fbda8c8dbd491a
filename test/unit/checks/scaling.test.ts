import { expect } from 'chai';
import { describe, it } from 'mocha';
import scaling from '../../../harness/checks/scaling.ts';
import type { CheckResult } from '../../../harness/core/kinds/check-result.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { Deed } from '../../../harness/core/topology/life.ts';
import { change as changeAt, life as lifeAt } from '../../helpers/samples/scaling.ts';
import { ONE_OF_EACH } from '../../helpers/samples/one-of-each.ts';
import { sampleHistory, spanOf } from '../../helpers/samples/history.ts';

const FAULT = spanOf('fault').started;
const at = (seconds: number): number => FAULT + seconds * 1_000;

const life = (seconds: number, container: string, did: Deed): RunEvent => lifeAt(at(seconds), container, did);
/** A change that was decided, and carried out a second later. */
const change = (seconds: number, from: number, to: number): RunEvent[] => changeAt(at(seconds), from, to);

const born = (number: number, created: number, healthy: number): RunEvent[] => [
  life(created, `chaos-app-${number}`, 'created'),
  life(healthy, `chaos-app-${number}`, 'healthy'),
];

/** From three to five: decided after 2 s, healthy after 5 and 7 s. */
const GROWN = [...change(2, 3, 5), ...born(4, 2.2, 5), ...born(5, 2.4, 7)];

const told = (t: number, is: boolean): RunEvent => ({ kind: 'lives', t, told: is });

function judged(events: readonly RunEvent[], text: object = {}): CheckResult {
  const params = scaling.params.parse({ service: 'app', ...text });
  const [result, ...more] = scaling.evaluate(sampleHistory({ events }), params);
  if (result === undefined || more.length > 0) throw new Error('one result is expected');
  return result;
}

/** The engine tells everything, from the beginning on. */
const one = (events: readonly RunEvent[], text: object = {}): CheckResult =>
  judged([told(spanOf('warmup').started, true), ...events], text);

describe('the check of scaling', () => {
  it('passes when enough containers serve in time, and says when they did', () => {
    expect(one(GROWN, { reaches: 5, within: '7s', decision_lag: '2s', readiness_lag: '5s', flaps: 0 })).to.deep.include(
      {
        name: 'scaling of app',
        verdict: 'PASS',
        expected:
          '5 serve within 7.0 s, the first change within 2.0 s, new containers healthy within 5.0 s of their change, flaps: at most 0',
        observed:
          '5 served after 7.0 s; the first change after 2.0 s; new containers: 2, healthy after 5.0 s at most; flaps: 0',
        samples: 1,
        during: ['fault'],
      },
    );
  });

  for (const [what, text, observed] of [
    ['too few serve', { reaches: 6 }, 'at most 5 served'],
    ['they serve too late', { reaches: 5, within: '6s' }, '5 served after 7.0 s'],
    ['it decides too late', { decision_lag: '1s' }, 'the first change after 2.0 s'],
    ['a container is healthy too late', { readiness_lag: '4s' }, 'new containers: 2, healthy after 5.0 s at most'],
    ['too many serve', { most: 4 }, 'at most 5 served at a time'],
    ['too few are left', { least: 4 }, 'at least 3 served at a time'],
  ] as const)
    it(`fails when ${what}`, () => expect(one(GROWN, text)).to.include({ verdict: 'FAIL', observed }));

  it('fails when a new container is never healthy, and when nothing changes', () => {
    const stuck = [...change(2, 3, 4), life(2.2, 'chaos-app-4', 'created')];
    expect(one(stuck, { readiness_lag: '9s' })).to.include({
      verdict: 'FAIL',
      observed: '1 of 1 new containers were never healthy',
    });
    const looked = [{ ...ONE_OF_EACH.scaling, t: at(1) }];
    expect(one(looked)).to.include({ verdict: 'FAIL', observed: 'changes: 0' });
    expect(one(looked, { reaches: 4 })).to.include({ verdict: 'FAIL', observed: 'at most 3 served' });
    expect(one(looked, { decision_lag: '5s' })).to.include({
      verdict: 'FAIL',
      observed: 'no change in the fault phase',
    });
  });

  it('counts a flap when the direction changes twice within ten minutes', () => {
    const changes = [...change(0, 3, 5), ...change(2, 5, 4), ...change(4, 4, 6), ...change(5, 6, 7)];
    const events = [...changes, ...born(4, 0.2, 1)];
    expect(one(events, { flaps: 0 })).to.include({ verdict: 'FAIL', observed: 'flaps: 1' });
    expect(one(events, { flaps: 1 })).to.include({ verdict: 'PASS' });
    expect(one([...change(0, 3, 5), ...change(2, 5, 4), ...born(4, 0.2, 1)], { flaps: 0 })).to.include({
      verdict: 'PASS',
    });
  });

  it('cannot tell when the engine did not tell all the time what became of the containers', () => {
    const unknown = {
      verdict: 'INCONCLUSIVE',
      observed: 'the engine did not tell all the time what became of the containers',
    };
    const begun = told(spanOf('warmup').started, true);
    for (const marks of [
      [],
      [told(at(1), true)],
      [begun, told(at(3), false)],
      [begun, told(at(3), false), told(at(3.5), true)],
      [begun, told(spanOf('recovery').ended - 1, false)],
    ]) {
      const looked = { ...ONE_OF_EACH.scaling, t: at(1) };
      for (const demand of [{ reaches: 5 }, { most: 12 }, { least: 3 }, { flaps: 0 }]) {
        expect(judged([...marks, ...GROWN], demand)).to.include(unknown);
        expect(judged([...marks, looked], demand), 'a scaler that changed nothing').to.include(unknown);
      }
    }
    const after = told(spanOf('recovery').ended + 1, false);
    expect(judged([begun, after, ...GROWN], { most: 5 }).verdict).to.equal('PASS');
  });

  it('cannot tell when no new container was seen', () => {
    expect(one([...change(2, 3, 5), life(1, 'chaos-app-1', 'healthy')], { readiness_lag: '5s' })).to.include({
      verdict: 'INCONCLUSIVE',
      observed: 'no new container was seen',
    });
  });

  it('takes containers that served before the phase for reached at once', () => {
    expect(one([life(1, 'chaos-app-1', 'healthy')], { reaches: 3, within: '1s' })).to.include({
      verdict: 'PASS',
      observed: '3 served after 0.0 ms',
    });
  });
});

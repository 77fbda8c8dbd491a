import { expect } from 'chai';
import { describe, it } from 'mocha';
import scaling from '../../../harness/checks/scaling.ts';
import type { CheckResult } from '../../../harness/core/kinds/check-result.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { Deed } from '../../../harness/core/topology/life.ts';
import { change as changeAt, life as lifeAt } from '../../helpers/samples/scaling.ts';
import { ONE_OF_EACH } from '../../helpers/samples/one-of-each.ts';
import { sampleHistory, SMALL_PLAN, spanOf } from '../../helpers/samples/history.ts';

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

/** The plan without the second stream of its load. */
const PLAN = { ...SMALL_PLAN, load: { ...SMALL_PLAN.load, pressure: undefined } };

const told = (t: number, is: boolean): RunEvent => ({ kind: 'lives', t, told: is });

/** The first and the last answer of each container, in seconds after the beginning of the fault phase. */
function hops(answers: Readonly<Record<string, readonly [first: number, last: number]>>): RunEvent {
  const [row, ...more] = ONE_OF_EACH.hops.rows;
  if (row === undefined || more.length > 0) throw new Error('the sample has one row');
  const served = Object.fromEntries(
    Object.entries(answers).map(([name, [first, last]]) => [name, { first: at(first), last: at(last) }]),
  );
  return { ...ONE_OF_EACH.hops, app: 'app', rows: [{ ...row, app: { ...row.app, served } }] };
}

function judged(events: readonly RunEvent[], text: object = {}): CheckResult {
  const params = scaling.params.parse({ service: 'app', ...text });
  const [result, ...more] = scaling.evaluate(sampleHistory({ events, plan: PLAN }), params);
  if (result === undefined || more.length > 0) throw new Error('one result is expected');
  return result;
}

/** The engine tells everything, from the beginning on. */
const one = (events: readonly RunEvent[], text: object = {}): CheckResult =>
  judged([told(spanOf('warmup').started, true), ...events], text);

describe('what the check scaling looks at', () => {
  const params = (text: object) => scaling.params.safeParse({ service: 'app', ...text });

  it('is nothing that is not asked for: a time needs a number, and elasticity a limit', () => {
    const { error } = params({ within: '60s' });
    expect(error?.issues.map(({ path, message }) => [path, message])).to.deep.equal([
      [['within'], 'write also reaches: how many serve within this time'],
    ]);
    expect(params({ elasticity: { carries: { 1: '60/s' } } }).success).to.equal(false);
    expect(params({ elasticity: { carries: { 1: '60/s' }, under: 1 } }).success).to.equal(true);
  });

  it('is the fault phase, and recovery where something returns', () => {
    expect(one(GROWN).during).to.deep.equal(['fault']);
    expect(one(GROWN, { returns_to: 3 }).during).to.deep.equal(['recovery']);
    expect(one(GROWN, { reaches: 5, returns_to: 3 }).during).to.deep.equal(['fault', 'recovery']);
  });

  it('is the whole fault phase when the first change came after it', () => {
    const killed = [life(1, 'chaos-app-2', 'ended'), life(1, 'chaos-app-3', 'ended')];
    const later = change((spanOf('recovery').started - FAULT) / 1_000 + 2, 3, 4);
    expect(one([...killed, ...later], { least: 3 }).verdict).to.equal('FAIL');
    expect(one([...killed, ...later]), 'a change in recovery is none in the fault phase').to.include({
      verdict: 'FAIL',
    });
  });
});

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

  it('counts a container from its first answer when the requests are followed, and not from its health', () => {
    const events = [...GROWN, hops({ 'chaos-app-1': [-9, 20], 'chaos-app-4': [6, 20], 'chaos-app-5': [8, 20] })];
    expect(one(events, { reaches: 5, within: '8s', serving_lag: '6s', readiness_lag: '5s' })).to.include({
      verdict: 'PASS',
      observed:
        '5 served after 8.0 s; new containers: 2, healthy after 5.0 s at most; new containers: 2, first answer after 6.0 s at most',
    });
    const idle = [...GROWN, hops({ 'chaos-app-1': [-9, 20], 'chaos-app-4': [6, 20] })];
    expect(one(idle, { reaches: 5 })).to.include({ verdict: 'FAIL', observed: 'at most 4 served' });
    expect(one(idle, { serving_lag: '9s' })).to.include({
      verdict: 'FAIL',
      observed: '1 of 2 new containers never answered a request',
    });
    expect(one(GROWN, { serving_lag: '9s' }), 'without the logs').to.include({
      verdict: 'INCONCLUSIVE',
      observed: 'no request was followed to these containers',
    });
  });

  it('judges how close the containers were to what the load needs', () => {
    // 100 requests a second need four of these containers, all the time; three are there for 7 s, then five.
    const late = [...change(2, 3, 5), ...born(4, 2.2, 7), ...born(5, 2.4, 7)];
    const elasticity = { carries: { 1: '25/s', 8: '200/s' }, under: 0.2, time_over: '90%', jitter: 2 };
    expect(one(late, { elasticity })).to.include({
      verdict: 'PASS',
      expected: 'elasticity (missing: at most 0.20, time with too many: at most 90.0 %, jitter a minute: at most 2.00)',
    });
    const observed =
      'missing 0.13, too many 0.87, time with too few 13.0 %, time with too many 87.0 %, jitter a minute 1.11, instability 13.0 %';
    expect(one(late, { elasticity: { ...elasticity, under: 0.1 } })).to.include({ verdict: 'FAIL' });
    expect(one(late, { elasticity: { ...elasticity, time_over: '80%' } })).to.include({ verdict: 'FAIL' });
    expect(one(late, { elasticity: { ...elasticity, carries: { 1: '25/s', 3: '75/s' } } })).to.include({
      verdict: 'INCONCLUSIVE',
      observed: 'the load is more than 3 containers carry (75/s), and nothing was measured beyond',
    });
    expect(one(late, { elasticity }).observed).to.equal(observed);
    const params = scaling.params.parse({ service: 'app', elasticity });
    const pressed = sampleHistory({ events: [told(spanOf('warmup').started, true), ...late] });
    expect(scaling.evaluate(pressed, params)[0]).to.include({
      verdict: 'INCONCLUSIVE',
      observed: 'the load has a second stream, so nobody knows what it needs',
    });
  });

  it('names decisions that were made from a saturated figure of the processor', () => {
    const figures = [{ metric: 'cpu', value: 99, age: 1 }] as const;
    const look = ONE_OF_EACH.scaling;
    const more = { ...look.decision, action: 'scale_up' } as const;
    const looked = { ...look, t: at(1), situation: { ...look.situation, figures }, decision: more };
    expect(one([...GROWN, looked], { reaches: 5 }).observed).to.match(/^5 served .*; the CPU figure was saturated/);
    const fine = {
      ...looked,
      situation: { ...look.situation, figures: [{ metric: 'cpu', value: 90, age: 1 }] as const },
    };
    expect(one([...GROWN, fine], { reaches: 5 }).observed).to.equal('5 served after 7.0 s');
  });

  it('takes containers that served before the phase for reached at once', () => {
    expect(one([life(1, 'chaos-app-1', 'healthy')], { reaches: 3, within: '1s' })).to.include({
      verdict: 'PASS',
      observed: '3 served after 0.0 ms',
    });
  });
});

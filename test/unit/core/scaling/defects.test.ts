import { expect } from 'chai';
import { describe, it } from 'mocha';
import scaling from '../../../../harness/checks/scaling.ts';
import { decideScaling } from '../../../../harness/core/scaling/decide.ts';
import { CONFIG, type Decide, scaledBy, sound, type Surge } from '../../../helpers/scaled-world.ts';

/** What a scaler of this surge must do, one hypothesis each. */
const HYPOTHESES = {
  reaches: { reaches: 9, within: '60s' },
  'decision lag': { decision_lag: '10s' },
  'readiness lag': { readiness_lag: '10s' },
  most: { most: 10 },
  least: { least: 3 },
  flaps: { flaps: 0 },
  cooldown: { cooldown: '19s' },
  'returns to': { returns_to: 3 },
} as const;
type Name = keyof typeof HYPOTHESES;

/** Returns the verdict of each hypothesis. */
function verdicts(decide: Decide, surge?: Surge): Readonly<Record<Name, string | undefined>> {
  const history = scaledBy(decide, surge);
  return Object.fromEntries(
    Object.entries(HYPOTHESES).map(([name, text]) => {
      const params = scaling.params.parse({ service: 'app', ...text });
      return [name, scaling.evaluate(history, params)[0]?.verdict];
    }),
  ) as Record<Name, string | undefined>;
}

const failing = (decide: Decide, surge?: Surge): string[] =>
  Object.entries(verdicts(decide, surge)).flatMap(([name, verdict]) => (verdict === 'FAIL' ? [name] : []));

const by =
  (over: Partial<typeof CONFIG>): Decide =>
  (situation) =>
    decideScaling({ ...CONFIG, ...over }, situation);

describe('the check of scaling', () => {
  it('passes in every respect when the scaler is sound', () => {
    expect(new Set(Object.values(verdicts(sound)))).to.deep.equal(new Set(['PASS']));
  });

  const DEFECTS: readonly (readonly [what: string, decide: Decide, fails: Name])[] = [
    ['has no cool-down', by({ cooldownPeriod: 0 }), 'cooldown'],
    [
      'has its thresholds the wrong way round',
      (situation) => {
        const { action, targetInstances: to, instances, ...rest } = sound(situation, { serving: 0, first: [] });
        const turned = action === 'scale_up' ? Math.max(1, 2 * instances - to) : to;
        return { ...rest, instances, targetInstances: turned, action: turned < instances ? 'scale_down' : action };
      },
      'reaches',
    ],
    ['ignores the most', by({ maxInstances: 99, targetCPUUtilization: 40, scaleUpThreshold: 40 }), 'most'],
    [
      'looks at figures that are stale',
      (situation, { first }) => sound({ ...situation, figures: first }, { serving: 0, first }),
      'decision lag',
    ],
    [
      'never scales down',
      (situation, world) => {
        const decision = sound(situation, world);
        return decision.action === 'scale_down'
          ? { ...decision, action: 'none', targetInstances: decision.instances }
          : decision;
      },
      'returns to',
    ],
    ['leaves one fewer than the least', by({ minInstances: 2, scaleDownThreshold: 59 }), 'least'],
  ];
  for (const [what, decide, fails] of DEFECTS)
    it(`fails, by "${fails}", when the scaler ${what}`, () => expect(failing(decide)).to.include(fails));

  /** A figure that is too low for a moment, as when a probe reads a replica that has just begun. */
  const dips = (t: number): number => (t % 40 === 24 ? 0.2 : 1);

  it('fails, by "flaps", when the scaler scales down under load at the first low figure', () => {
    expect(failing(sound, { dips })).to.deep.equal([]);
    expect(failing(by({ stabilityWindow: 0, cooldownPeriod: 5 }), { dips })).to.include('flaps');
  });

  it('fails, by "reaches", when the scaler counts replicas that start as replicas that serve', () => {
    // They are idle, and make the mean look less busy. It waits for replicas that are too few.
    const starting: Decide = (situation, { serving }) => {
      const figures = situation.figures.map((figure) =>
        figure.metric === 'cpu' ? { ...figure, value: (figure.value * serving) / situation.instances } : figure,
      );
      return decideScaling(CONFIG, { ...situation, figures });
    };
    expect(failing(sound, { startUpS: 29 })).not.to.include('reaches');
    expect(failing(starting, { startUpS: 29 })).to.include('reaches');
  });
});

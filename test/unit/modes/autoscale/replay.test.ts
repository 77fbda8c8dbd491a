import { expect } from 'chai';
import { describe, it } from 'mocha';
import { seededRandom } from '../../../../harness/core/random.ts';
import type { EventOf } from '../../../../harness/core/record/events.ts';
import {
  type AutoScalingConfig,
  SCALING_METRICS,
  type ScalingSituation,
} from '../../../../harness/core/record/scaling.ts';
import { decideScaling } from '../../../../harness/core/scaling/decide.ts';
import { SCALER } from '../../../helpers/samples/scaling.ts';
import { replay } from '../../../../harness/modes/autoscale/replay.ts';

const CONFIG: AutoScalingConfig = { ...SCALER, requestsPerInstance: 100 };

/** Decisions as a record holds them: made from random figures, written and read again. */
function recorded(count: number): EventOf<'scaling'>[] {
  const random = seededRandom(16);
  const events = Array.from({ length: count }, (_, i): EventOf<'scaling'> => {
    const instances = 1 + Math.floor(random() * 55);
    const calm = random() < 0.4 ? 0.1 : 1;
    const situation: ScalingSituation = {
      t: i * 5,
      instances,
      figures: SCALING_METRICS.filter(() => random() < 0.95).map((metric) => ({
        metric,
        value: calm * random() * (metric === 'requests' ? 6_000 : metric === 'response_time' ? 1_500 : 130),
        age: random() * 20,
      })),
      ...(random() < 0.5 ? { changed: i * 5 - random() * 60 } : {}),
      wishes: Array.from({ length: 3 }, (_none, k) => ({ t: i * 5 - k * 30, instances: Math.floor(random() * 50) })),
    };
    const decision = decideScaling(CONFIG, situation);
    return { kind: 'scaling', t: i, id: 'autoscale-1', service: 'app', config: CONFIG, situation, decision };
  });
  return JSON.parse(JSON.stringify(events)) as EventOf<'scaling'>[];
}

describe('the replay of a scaler', () => {
  it('makes a thousand recorded decisions again, all the same', () => {
    const events = recorded(1_000);
    expect(replay(events, () => undefined)).to.deep.equal({ decisions: 1_000, otherwise: [] });
    // They are not all of one kind.
    expect(new Set(events.map(({ decision }) => decision.reason)).size).to.equal(7);
  });

  it('tells which decisions another configuration, or other rules, would have made otherwise', () => {
    const events = recorded(1_000);
    const eager = replay(events, () => ({ ...CONFIG, scaleUpThreshold: 61 }));
    expect(eager.otherwise.length).to.be.within(10, 990);
    for (const { was, is } of eager.otherwise) expect(is).not.to.deep.equal(was);
    expect(
      replay(events, (service) => (service === 'worker' ? { ...CONFIG, maxInstances: 3 } : undefined)).otherwise,
    ).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RateStage } from '../../../../harness/core/load/arrivals.ts';
import type { AutoScalingConfig } from '../../../../harness/core/record/scaling.ts';
import { SCALER } from '../../../helpers/samples/scaling.ts';
import { type Looks, type Model, type Outcome, simulate } from '../../../../harness/modes/autoscale/simulate.ts';

/** A replica serves 100 requests a second. */
const MODEL: Model = {
  serviceS: 0.01,
  servers: 1,
  startUpS: 10,
  drainS: 2,
  longestWaitS: 1.3,
  memoryPercent: 20,
  slo: { p95S: 0.2, refused: 0.001 },
};

const CONFIG: AutoScalingConfig = { ...SCALER, cooldownPeriod: 15 };

const hold = (rate: number, minutes: number): RateStage => ({ ms: minutes * 60_000, from: rate, to: rate });
const run = (
  stages: readonly RateStage[],
  config: Partial<AutoScalingConfig> = {},
  model: Partial<Model> = {},
  looks: Looks = {},
): Outcome => simulate({ ...MODEL, ...model }, stages, { ...CONFIG, ...config }, looks);

describe('a simulated scaler', () => {
  it('leaves a calm service as it is', () => {
    expect(run([hold(150, 60)])).to.deep.include({
      sloBrokenS: 0,
      firstBrokenS: undefined,
      mostReplicas: 3,
      replicaHours: 3,
      changes: 0,
      flaps: 0,
      refused: 0,
    });
  });

  it('follows a load that grows, and takes the replicas away again', () => {
    const day = [
      hold(150, 10),
      { ms: 3_600_000, from: 150, to: 2_000 },
      hold(2_000, 30),
      { ms: 3_600_000, from: 2_000, to: 150 },
      hold(150, 30),
    ];
    const found = run(day);
    expect(found.sloBrokenS).to.equal(0);
    expect(found.mostReplicas).to.be.within(25, 34);
    expect(found.flaps).to.equal(0);
    expect(found.minutes.at(-1)?.replicas).to.be.below(8);
    expect(found.minutes).to.have.length(190);
  });

  it('breaks the objective while new replicas start, for longer the longer they take', () => {
    const jump = [hold(150, 5), hold(900, 10)];
    const [fast, slow] = [run(jump), run(jump, {}, { startUpS: 60 })];
    expect(fast.firstBrokenS).to.equal(300);
    // A processor cannot be more than busy: the first decision sees 100 %, and asks for too few.
    expect(fast.sloBrokenS).to.be.within(20, 60);
    const byRequests = run(jump, { requestsPerInstance: 90 });
    expect(byRequests.sloBrokenS).to.be.within(10, 20);
    expect(slow.sloBrokenS).to.be.greaterThan(fast.sloBrokenS + 40);
    expect(fast.refused).to.be.greaterThan(0);
    // A warm pool mends it.
    expect(run(jump, { minInstances: 12 }).sloBrokenS).to.equal(0);
  });

  it('begins with as many replicas as it is told, and tells when each served', () => {
    // 720/s are 80 % of nine replicas, which is the target: from three, six more.
    const config = { requestsPerInstance: 100, scaleUpThreshold: 80, targetCPUUtilization: 80, cooldownPeriod: 600 };
    expect(run([hold(350, 1)], {}, {}, { replicas: 5 }).levels.at(-1)).to.deep.equal({ t: 0, instances: 5 });
    const jump = [hold(100, 1), hold(720, 1)];
    const { levels } = run(jump, config, { startUpS: [4, 6, 20] });
    // The first look after the step is at the end of second 64.
    expect(levels.slice(3)).to.deep.equal([
      { t: 69_000, instances: 4 },
      { t: 69_000, instances: 5 },
      { t: 71_000, instances: 6 },
      { t: 71_000, instances: 7 },
      { t: 85_000, instances: 8 },
      { t: 85_000, instances: 9 },
    ]);
    const early = run(jump, config, { startUpS: 4 }, { firstS: 1 });
    expect(early.levels.slice(3).map(({ t }) => t)).to.deep.equal(Array.from({ length: 6 }, () => 66_000));
  });

  it('takes away in its levels what drained, and never counts what did not serve yet', () => {
    const config = { cooldownPeriod: 0, stabilityWindow: 0, requestsPerInstance: 100 };
    const short = run([hold(100, 1), { ms: 5_000, from: 720, to: 720 }, hold(60, 1)], config, { startUpS: 30 });
    expect(Math.max(...short.levels.map(({ instances }) => instances))).to.equal(3);
    const { levels } = run([hold(720, 1), hold(60, 1)], { ...config, cooldownPeriod: 30 }, { startUpS: 4 });
    expect(levels.at(-1)?.instances).to.equal(3);
    expect(levels.at(-1)?.t).to.equal(67_000);
  });

  it('may see a processor only later, and as a mean', () => {
    const jump = [hold(150, 1), hold(290, 2)];
    const grown = (looks: Looks): number | undefined => run(jump, {}, {}, looks).levels[3]?.t;
    expect(grown({})).to.equal(75_000);
    expect(grown({ cpuMeanS: 5, cpuAgeS: 2 })).to.equal(80_000);
  });

  it('is never larger than it may be, and a knee beyond that stays broken', () => {
    const found = run([hold(6_325, 10)]);
    expect(found.mostReplicas).to.equal(50);
    expect(found.minutes.at(-1)).to.include({ replicas: 50, serving: 50 });
    expect(found.sloBrokenS).to.be.greaterThan(500);
  });

  it('flaps when the thresholds lie too near to each other', () => {
    const calm = { cooldownPeriod: 0, stabilityWindow: 0 };
    expect(
      run([hold(230, 20)], { ...calm, scaleDownThreshold: 75, targetCPUUtilization: 78, scaleUpThreshold: 79 }).flaps,
    ).to.equal(0);
    const near = { ...calm, scaleUpThreshold: 70, targetCPUUtilization: 50, scaleDownThreshold: 49.9 };
    const wave = Array.from({ length: 20 }, (_, i) => hold(i % 2 === 0 ? 230 : 120, 1));
    expect(run(wave, near).flaps).to.be.greaterThan(5);
    expect(run(wave).flaps).to.equal(0);
  });

  it('takes a Saturday of sixteen hours with fifty thousand users in less than a second of processor time', () => {
    const saturday = [
      { ms: 8 * 3_600_000, from: 500, to: 4_000 },
      { ms: 8 * 3_600_000, from: 4_000, to: 500 },
    ];
    const before = process.cpuUsage();
    expect(run(saturday).minutes).to.have.length(960);
    const { user } = process.cpuUsage(before);
    // A hang guard: the promise is five seconds of wall-clock time.
    expect(user / 1e6).to.be.below(5);
  });
});

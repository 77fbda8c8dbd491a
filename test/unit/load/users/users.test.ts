import { expect } from 'chai';
import { describe, it } from 'mocha';
import { plannedWithin } from '../../../../harness/core/load/arrivals.ts';
import { userLoad } from '../../../../harness/core/load/plan.ts';
import type { UserPlan, Workload } from '../../../../harness/core/load/load.ts';
import { UserStream } from '../../../../harness/load/users/users.ts';
import { WORKLOAD } from '../workload.ts';

/** WORKLOAD with the number of the user in the path of each request. */
const TELLING: Workload = {
  ...WORKLOAD,
  scenarios: WORKLOAD.scenarios.map((scenario) => ({
    ...scenario,
    endpoints: scenario.endpoints.map((endpoint) => ({ ...endpoint, query: { user: '{{user 0 999999}}' } })),
  })),
};

interface Asked {
  readonly at: number;
  readonly user: number;
  readonly scenario: number;
}

function ask(users: UserPlan, limitMs: number, seed = 42): Asked[] {
  const stream = new UserStream(TELLING, users, limitMs, seed, 'run-');
  const asked: Asked[] = [];
  while (stream.due !== Infinity) {
    const at = stream.due;
    const { path, scenario } = stream.take();
    asked.push({ at, scenario, user: Number(path.split('user=')[1]) });
  }
  return asked;
}

describe('virtual users', () => {
  it('together make as many requests as their frequencies say, in the order of time', () => {
    const users = { count: 5_000, rampUpMs: 0 };
    const asked = ask(users, 20_000);
    const planned = plannedWithin(userLoad(TELLING, users, 1_000).arrivals, 0, 20_000);
    expect(planned).to.equal(5_000 * 0.16 * 20);
    expect(asked.length).to.be.closeTo(planned, 4 * Math.sqrt(planned));
    expect(asked.every(({ at }, i) => i === 0 || at >= (asked[i - 1]?.at ?? 0))).to.equal(true);
    const reads = asked.filter(({ scenario }) => scenario === 0).length / asked.length;
    expect(reads).to.be.closeTo(0.75, 0.015);
  });

  it('join evenly over the ramp-up, with each scenario in its share from the first users on', () => {
    const users = { count: 10_000, rampUpMs: 20_000 };
    const asked = ask(users, 30_000);
    const { arrivals } = userLoad(TELLING, users, 1_000);
    for (let from = 0; from < 30_000; from += 5_000) {
      const planned = plannedWithin(arrivals, from, from + 5_000);
      const found = asked.filter(({ at }) => at >= from && at < from + 5_000).length;
      expect(found, `from ${from}`).to.be.closeTo(planned, 4 * Math.sqrt(planned));
    }
    expect(asked.every(({ at, user }) => at >= (user / 10_000) * 20_000)).to.equal(true);
    const scenarios = new Map(asked.map(({ user, scenario }) => [user, scenario]));
    const early = Array.from({ length: 100 }, (_, user) => scenarios.get(user)).filter((s) => s !== undefined);
    expect(early.filter((scenario) => scenario === 0).length / early.length).to.be.closeTo(0.6, 0.1);
  });

  it('keep one scenario each, and the same moments however many other users there are', () => {
    const few = ask({ count: 50, rampUpMs: 0 }, 120_000);
    const many = ask({ count: 5_000, rampUpMs: 0 }, 120_000);
    const of = (asked: readonly Asked[], user: number): Asked[] => asked.filter((a) => a.user === user);
    for (const user of [0, 7, 49]) {
      expect(of(few, user).length).to.be.greaterThan(3);
      expect(of(few, user)).to.deep.equal(of(many, user));
      expect(new Set(of(few, user).map(({ scenario }) => scenario)).size).to.equal(1);
    }
  });

  it('think for exponentially distributed times', () => {
    const gaps: number[] = [];
    const last = new Map<number, number>();
    for (const { at, user, scenario } of ask({ count: 200, rampUpMs: 0 }, 600_000)) {
      if (scenario === 0 && last.has(user)) gaps.push(at - (last.get(user) ?? 0));
      last.set(user, at);
    }
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    expect(mean).to.be.within(4_800, 5_200);
    expect(gaps.filter((gap) => gap > mean).length / gaps.length).to.be.closeTo(Math.exp(-1), 0.02);
  });
});

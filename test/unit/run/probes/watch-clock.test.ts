import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import { watchClock } from '../../../../harness/run/probes/watch-clock.ts';
import { ManualClock } from '../../../helpers/doubles/clock.ts';

function setUp() {
  const clock = new ManualClock(5_000);
  const events: RunEvent[] = [];
  /** The milliseconds by which the wall clock is ahead of the monotonic clock. */
  const wall = { ahead: 1_234 };
  clock.wall = () => clock.now() + wall.ahead;
  const watch = watchClock(clock, (event) => events.push(event));
  return { clock, events, wall, watch };
}

describe('the watch over the wall clock', () => {
  it('records no step when the clock is only set differently or slewed', async () => {
    const { clock, events, wall, watch } = setUp();
    for (let second = 0; second < 120; second += 1) {
      wall.ahead += 0.5;
      await clock.advance(1_000);
    }
    await watch[Symbol.asyncDispose]();
    expect(events).to.deep.equal([{ kind: 'clock.watched', t: 125_000, looks: 120, steps: 0 }]);
  });

  it('records each step with its size and direction, once', async () => {
    const { clock, events, wall, watch } = setUp();
    await clock.advance(3_000);
    wall.ahead += 700;
    await clock.advance(3_000);
    wall.ahead -= 90;
    await clock.advance(3_000);
    await watch[Symbol.asyncDispose]();
    expect(events).to.deep.equal([
      { kind: 'clock.stepped', t: 9_000, by_ms: 700 },
      { kind: 'clock.stepped', t: 12_000, by_ms: -90 },
      { kind: 'clock.watched', t: 14_000, looks: 9, steps: 2 },
    ]);
  });

  it('ends when it is disposed of', async () => {
    const { clock, events, wall, watch } = setUp();
    await watch[Symbol.asyncDispose]();
    wall.ahead += 10_000;
    await clock.advance(10_000);
    expect(events).to.deep.equal([{ kind: 'clock.watched', t: 5_000, looks: 0, steps: 0 }]);
  });
});

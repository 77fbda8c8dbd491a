import { expect } from 'chai';
import { describe, it } from 'mocha';
import failover from '../../../../harness/checks/failover.ts';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import { type Random, seededRandom } from '../../../../harness/core/random.ts';
import { SMALL_PLAN, sampleHistory, sampleRows, spanOf } from '../../../helpers/samples/history.ts';
import { sampleTicks } from '../../../helpers/samples/load.ts';
import { containerState } from '../../../helpers/samples/container.ts';

const WRITE = 'POST /api/payments/process';
const PARAMS = { service: 'postgres', within: 4_000 };
const FAULT = spanOf('fault').started;
const BASELINE = spanOf('baseline').started;
const END = spanOf('recovery').ended;
/** All planned requests are writes. So the load events and the rows count the same requests. */
const ALL_WRITE = (): boolean => true;

interface Story {
  /** The container that the fault hits. All times below are in milliseconds after the fault phase began. */
  readonly hit: string;
  readonly dies: boolean;
  readonly writesBefore: boolean;
  readonly lastWrite: number;
  readonly firstWrite: number;
  readonly noticed: number | undefined;
  readonly promoted: number | undefined;
  readonly healing: number;
}

const STORY: Story = {
  hit: 'chaos-postgres-a-1',
  dies: true,
  writesBefore: true,
  lastWrite: 100,
  firstWrite: 9_000,
  noticed: 300,
  promoted: 8_500,
  healing: 30_000,
};

const role = (t: number, member: string, is: 'primary' | 'standby' | 'unknown'): RunEvent => ({
  kind: 'role',
  t,
  group: 'postgres',
  member,
  role: is,
  state: 'running',
  timeline: 1,
});

function recordOf(story: Story) {
  const rows = sampleRows(
    ...(story.writesBefore ? [{ phase: 'baseline', count: 200, endpoint: WRITE } as const] : []),
    { phase: 'fault', count: Math.ceil(story.lastWrite / 50), endpoint: WRITE, until: story.lastWrite },
    { phase: 'fault', count: Math.ceil((30_000 - story.firstWrite) / 50), endpoint: WRITE, from: story.firstWrite },
    { phase: 'fault', count: 300, endpoint: WRITE, outcome: 'http_error' },
    { phase: 'recovery', count: 200, endpoint: WRITE },
  );
  const events: RunEvent[] = [
    role(BASELINE, 'postgres-a', 'primary'),
    role(BASELINE, 'postgres-b', 'standby'),
    { kind: 'fault.injecting', t: FAULT + 20, id: 'kill-1', fault: 'kill', params: {} },
    { kind: 'fault.injected', t: FAULT + 150, id: 'kill-1', targets: [story.hit] },
    { kind: 'fault.healing', t: FAULT + story.healing, id: 'kill-1' },
    ...(story.dies ? [died(story.hit)] : []),
    ...(story.noticed === undefined ? [] : [role(FAULT + story.noticed, 'postgres-a', 'unknown')]),
    ...(story.promoted === undefined ? [] : [role(FAULT + story.promoted, 'postgres-b', 'primary')]),
    ...sampleTicks(rows, BASELINE, END, ALL_WRITE),
  ];
  return sampleHistory({ rows, events });
}

const died = (container: string): RunEvent => ({
  kind: 'container',
  t: FAULT + 500,
  ...containerState({
    container,
    status: 'exited',
    running: false,
    pid: 0,
    finishedAt: FAULT + 100,
    health: 'none',
    networks: {},
  }),
});

/**
 * Returns when the condition first holds, in milliseconds after the fault phase began, and what it observed. Undefined
 * when it never holds.
 */
function stops(story: Story): { readonly at: number; readonly observed: string } | undefined {
  const look = failover.stopIf?.watch(PARAMS, SMALL_PLAN.topology);
  for (const event of recordOf(story).events) {
    const held = look?.(event).find(({ holds }) => holds);
    if (held !== undefined) return { at: event.t - FAULT, observed: held.observed };
  }
  return undefined;
}

const verdictOf = (story: Story) => failover.evaluate(recordOf(story), PARAMS)[0]?.verdict;

const randomStory = (random: Random): Story => {
  const some = (most: number): number => random() * most;
  const lastWrite = random() < 0.2 ? some(29_000) : some(400);
  return {
    hit: random() < 0.9 ? STORY.hit : 'chaos-app-2',
    dies: random() < 0.7,
    writesBefore: random() < 0.9,
    lastWrite,
    firstWrite: Math.min(30_000, lastWrite + some(12_000)),
    noticed: random() < 0.6 ? some(9_000) : undefined,
    promoted: random() < 0.8 ? some(14_000) : undefined,
    healing: random() < 0.2 ? 2_000 + some(28_000) : 30_000,
  };
};

describe('failover as a stop condition', () => {
  it('holds when no write was accepted in time, and says what it saw', () => {
    expect(stops(STORY)).to.deep.equal({
      at: 7_000,
      observed: 'postgres-a was lost, no other member became primary, and no write was accepted for 6.0 s',
    });
    expect(stops({ ...STORY, promoted: 1_500 })?.observed).to.include('another member became primary');
  });

  it('does not hold when the record is not judged FAIL: in time, nothing lost, healed, no write before', () => {
    expect(stops({ ...STORY, firstWrite: 3_000, promoted: 2_000 })).to.equal(undefined);
    expect(stops({ ...STORY, hit: 'chaos-app-2' })).to.equal(undefined);
    expect(stops({ ...STORY, dies: false, noticed: undefined, promoted: undefined })).to.equal(undefined);
    expect(stops({ ...STORY, healing: 3_000 })).to.equal(undefined);
    expect(stops({ ...STORY, writesBefore: false, lastWrite: 0 })).to.equal(undefined);
  });

  it('holds only when the finished record is judged FAIL, whatever comes afterwards', () => {
    const random = seededRandom(12);
    const count = { held: 0, passed: 0 };
    for (let i = 0; i < 200; i += 1) {
      const story = randomStory(random);
      const verdict = verdictOf(story);
      if (stops(story) === undefined) {
        if (verdict === 'PASS') count.passed += 1;
        continue;
      }
      count.held += 1;
      expect(verdict, JSON.stringify(story)).to.equal('FAIL');
    }
    expect(count.held, 'stories in which it held').to.be.above(30);
    expect(count.passed, 'stories that passed').to.be.above(10);
  });
});

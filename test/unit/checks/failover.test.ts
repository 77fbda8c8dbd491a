import { expect } from 'chai';
import { describe, it } from 'mocha';
import failover from '../../../harness/checks/failover.ts';
import type { CheckResult } from '../../../harness/core/kinds/check-result.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { ContainerState } from '../../../harness/core/topology/state.ts';
import { sampleHistory, sampleRows, type SampleRows, spanOf } from '../../helpers/samples/history.ts';
import { containerState } from '../../helpers/samples/container.ts';

const WRITE = 'POST /api/payments/process';
const FAULT = spanOf('fault').started;
const HEAL = spanOf('heal').started;
const A = 'chaos-postgres-a-1';

const role = (t: number, member: string, is: 'primary' | 'standby' | 'unknown'): RunEvent => ({
  kind: 'role',
  t,
  group: 'postgres',
  member,
  role: is,
  state: is === 'unknown' ? 'unreachable' : 'running',
  timeline: 1,
});

const state = (t: number, over: Partial<ContainerState>): RunEvent => ({
  kind: 'container',
  t,
  ...containerState({
    container: A,
    networks: { chaos_wedsync: { ip: '172.30.77.5', aliases: ['postgres-a'] } },
    ...over,
  }),
});

interface Story {
  /** The container that the fault hits. */
  readonly hit?: string;
  readonly dies?: boolean;
  /** Times in milliseconds after the fault phase began. Undefined means never. */
  readonly noticed?: number | undefined;
  readonly promoted?: number | undefined;
  readonly writesBack?: number | undefined;
  readonly writesBefore?: boolean;
  readonly healing?: number;
}

/** Judges a run in which the primary is lost 100 ms after the fault phase began, unless the story changes this. */
function evaluate(story: Story, within = 12_000): CheckResult {
  const { hit = A, dies = true, writesBefore = true, healing = HEAL - FAULT } = story;
  const events: RunEvent[] = [
    role(FAULT - 20_000, 'postgres-a', 'primary'),
    role(FAULT - 20_000, 'postgres-b', 'standby'),
    { kind: 'fault.injecting', t: FAULT + 20, id: 'kill-1', fault: 'kill', params: {} },
    { kind: 'fault.injected', t: FAULT + 150, id: 'kill-1', targets: [hit] },
    { kind: 'fault.healing', t: FAULT + healing, id: 'kill-1' },
    ...(dies ? [state(FAULT + 500, { running: false, finishedAt: FAULT + 100 })] : [state(FAULT + 500, {})]),
    ...(story.noticed === undefined ? [] : [role(FAULT + story.noticed, 'postgres-a', 'unknown')]),
    ...(story.promoted === undefined ? [] : [role(FAULT + story.promoted, 'postgres-b', 'primary')]),
  ];
  const rows: SampleRows[] = [
    ...(writesBefore ? [{ phase: 'baseline', count: 200, endpoint: WRITE } as const] : []),
    ...(story.writesBack === undefined
      ? []
      : [{ phase: 'fault', count: 200, endpoint: WRITE, from: story.writesBack } as const]),
    // Reads and the writes of pressure users go on. They do not show that there is a primary.
    { phase: 'fault', count: 500 },
    { phase: 'fault', count: 500, endpoint: WRITE, source: 'pressure' },
  ];
  const [result] = failover.evaluate(sampleHistory({ events, rows: sampleRows(...rows) }), {
    service: 'postgres',
    within,
  });
  if (result === undefined) throw new Error('one result is expected');
  return result;
}

describe('the check of failover', () => {
  it('passes with a promotion and a write in time, and gives the timeline from the end of the old process', () => {
    const result = evaluate({ noticed: 900, promoted: 5_100, writesBack: 6_100 });
    expect(result.verdict, result.observed).to.equal('PASS');
    expect(result.observed).to.match(
      /^postgres-a lost; last good write \d+ ms before, noticed \+800 ms, postgres-b promoted \+5\.0 s, first good write \+6\.0 s \(writes out for 6\.\d s\)$/,
    );
    expect(result).to.include({ name: 'failover of postgres', samples: 200 });
    expect(result.figure).to.include({ unit: 'duration', worse: 'more' });
    expect(result.figure?.value).to.be.within(6_000, 6_999);
  });

  it('fails when writes come back a moment too late', () => {
    expect(evaluate({ noticed: 900, promoted: 5_100, writesBack: 12_080 }).verdict).to.equal('PASS');
    expect(evaluate({ noticed: 900, promoted: 5_100, writesBack: 12_120 }).verdict).to.equal('FAIL');
  });

  it('fails without a promotion, or without a write, in a fault longer than the limit', () => {
    const nobody = evaluate({ noticed: 900 });
    expect(nobody.verdict).to.equal('FAIL');
    expect(nobody).not.to.have.property('figure');
    expect(nobody.observed).to.match(/^no other member became primary: /);
    const dumb = evaluate({ noticed: 900, promoted: 5_100 });
    expect(dumb.verdict).to.equal('FAIL');
    expect(dumb.observed).to.match(/^writes did not come back: .*first good write never/);
  });

  it('is INCONCLUSIVE without a promotion in a fault shorter than the limit', () => {
    const result = evaluate({ noticed: 900 }, 40_000);
    expect(result.verdict).to.equal('INCONCLUSIVE');
    expect(result.observed).to.match(/^no other member became primary in the 29\.9 s of the fault: /);
  });

  it('fails when writes come back only because the fault is healed', () => {
    const result = evaluate({ noticed: 900, promoted: 21_000, writesBack: 21_000, healing: 20_000 });
    expect(result.verdict, result.observed).to.equal('FAIL');
    expect(result.observed).to.match(/^no other member became primary: /);
  });

  it('does not count an outage that begins when another member leads already', () => {
    const history = sampleHistory({
      events: [
        role(FAULT - 20_000, 'postgres-a', 'primary'),
        { kind: 'fault.injecting', t: FAULT, id: 'kill-1', fault: 'kill', params: {} },
        { kind: 'fault.injected', t: FAULT + 100, id: 'kill-1', targets: [A] },
        { kind: 'fault.healing', t: HEAL, id: 'kill-1' },
        state(FAULT + 500, { running: false, finishedAt: FAULT + 100 }),
        role(FAULT + 2_000, 'postgres-b', 'primary'),
      ],
      rows: sampleRows(
        { phase: 'baseline', count: 200, endpoint: WRITE },
        { phase: 'fault', count: 50, endpoint: WRITE, from: 3_000, until: 6_000 },
        { phase: 'fault', count: 50, endpoint: WRITE, from: 25_000 },
      ),
    });
    const [result] = failover.evaluate(history, { service: 'postgres', within: 12_000 });
    expect(result?.verdict).to.equal('PASS');
    expect(result?.observed).to.match(/first good write \+2\.9 s \(writes out for 2\.9 s\)/);
  });

  it('does not take late answers of the old primary for the end of the outage', () => {
    const events: RunEvent[] = [
      role(FAULT - 20_000, 'postgres-a', 'primary'),
      { kind: 'fault.injecting', t: FAULT, id: 'kill-1', fault: 'kill', params: {} },
      { kind: 'fault.injected', t: FAULT + 100, id: 'kill-1', targets: [A] },
      state(FAULT + 500, { running: false, finishedAt: FAULT + 100 }),
      role(FAULT + 5_000, 'postgres-b', 'primary'),
    ];
    const rows = sampleRows(
      { phase: 'baseline', count: 200, endpoint: WRITE },
      { phase: 'fault', count: 3, endpoint: WRITE, until: 300, ms: 50 },
      { phase: 'fault', count: 100, endpoint: WRITE, from: 13_000 },
    );
    const [result] = failover.evaluate(sampleHistory({ events, rows }), { service: 'postgres', within: 12_800 });
    expect(result?.observed).to.include('first good write +12.9 s (writes out for 12.8 s)');
    expect(result?.verdict).to.equal('FAIL');
  });

  it('is INCONCLUSIVE when the fault never took the primary away', () => {
    const other = evaluate({ hit: 'chaos-postgres-b-1', promoted: undefined });
    expect(other).to.include({ verdict: 'INCONCLUSIVE', observed: 'no fault took the primary away' });
    const survived = evaluate({ dies: false, writesBack: 0 });
    expect(survived.verdict).to.equal('INCONCLUSIVE');
    expect(survived.observed).to.equal('postgres-a was hit but went on as the primary: nothing shows that it was lost');
    expect(evaluate({ hit: 'chaos-postgres-a-12x' }).observed).to.equal('no fault took the primary away');
  });

  it('is INCONCLUSIVE without a fault, and without a write before the fault', () => {
    expect(failover.evaluate(sampleHistory(), { service: 'postgres', within: 1 })[0]?.verdict).to.equal('INCONCLUSIVE');
    const silent = evaluate({ writesBefore: false, promoted: 5_000, writesBack: 6_000 });
    expect(silent).to.include({ verdict: 'INCONCLUSIVE', observed: 'no write was acknowledged before the loss' });
  });

  it('counts a paused or partitioned primary as lost, from the moment when the fault is in force', () => {
    for (const gone of [{ paused: true }, { networks: {} }]) {
      const history = sampleHistory({
        events: [
          role(FAULT - 20_000, 'postgres-a', 'primary'),
          { kind: 'fault.injecting', t: FAULT, id: 'pause-1', fault: 'pause', params: {} },
          { kind: 'fault.injected', t: FAULT + 200, id: 'pause-1', targets: [A] },
          state(FAULT + 500, gone),
        ],
        rows: sampleRows({ phase: 'baseline', count: 200, endpoint: WRITE }),
      });
      const [result] = failover.evaluate(history, { service: 'postgres', within: 12_000 });
      expect(result?.verdict).to.equal('FAIL');
      expect(result?.observed).to.include('no other member became primary: postgres-a lost');
    }
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import { burnOf } from '../../../../harness/core/sla/burn.ts';
import { OBJECTIVE } from '../../../../harness/core/sla/objective.ts';
import { type RunSla, slaOf } from '../../../../harness/core/sla/run-sla.ts';
import { sampleHistory, sampleRows, type SampleRows, soundEvents, spanOf } from '../../../helpers/samples/history.ts';

const FAULT = spanOf('fault').started;
const HEAL = spanOf('heal');

/** A fault from so many seconds after the beginning of the fault phase. `until` undefined: it is never healed. */
const fault = (id: string, from: number, until: number | undefined): RunEvent[] => [
  { kind: 'fault.injecting', t: FAULT + from * 1_000, id, fault: 'kill', params: { service: 'app', replica: 1 } },
  { kind: 'fault.injected', t: FAULT + from * 1_000 + 100, id, targets: ['chaos-app-1'] },
  ...(until === undefined ? [] : [{ kind: 'fault.healed', t: FAULT + until * 1_000, id } as const]),
];

function counted(parts: readonly SampleRows[], ...events: readonly RunEvent[][]): RunSla {
  const rows = sampleRows(...parts);
  const sla = slaOf(sampleHistory({ rows, events: [...soundEvents(rows), ...events.flat()] }));
  if (sla === undefined) throw new Error('the run reached its baseline');
  return sla;
}

const SOUND: readonly SampleRows[] = [
  { phase: 'warmup', count: 500, outcome: 'refused' },
  { phase: 'baseline', count: 2_000 },
  { phase: 'fault', count: 3_000, until: 30_000 },
  { phase: 'heal', count: 400 },
  { phase: 'recovery', count: 2_000 },
];

describe('what a run counts for its SLA', () => {
  it('books everything outside drills when no fault was injected, and leaves out warm-up, pressure and dropped requests', () => {
    const sla = counted([
      ...SOUND,
      { phase: 'baseline', count: 50, outcome: 'dropped' },
      { phase: 'baseline', count: 50, outcome: 'refused', source: 'pressure' },
    ]);
    expect(sla.outside).to.deep.equal({ observed_s: 74, requests: 7_400, errors: 0, down_s: 0 });
    expect(sla).to.deep.include({ drill_from: null, drill_to: null, faults: [] });
    expect(sla.drill.requests).to.equal(0);
  });

  it('books a drill from the injection until the heal phase has ended, and an error beside it as incident', () => {
    const sla = counted(
      [
        ...SOUND,
        { phase: 'fault', count: 30, outcome: 'refused', from: 5_000, until: 15_000 },
        { phase: 'heal', count: 4, outcome: 'refused' },
        { phase: 'recovery', count: 2, outcome: 'http_error' },
        { phase: 'baseline', count: 1, outcome: 'timeout' },
      ],
      fault('kill-1', 4, 30),
    );
    expect(sla).to.include({
      drill_from: new Date(FAULT + 4_000).toISOString(),
      drill_to: new Date(HEAL.ended).toISOString(),
    });
    expect(sla.drill).to.include({ observed_s: 30, errors: 34 });
    expect(sla.outside).to.include({ observed_s: 44, errors: 3 });
    const all = sla.drill.requests + sla.outside.requests;
    expect(all, 'each request once').to.equal(7_400 + 30 + 4 + 2 + 1);
  });

  it('books a request that was under way when the fault began, and failed then, as drill', () => {
    const late = { phase: 'fault', count: 1, outcome: 'timeout', from: 3_500, until: 3_501 } as const;
    const failed = counted([...SOUND, { ...late, ms: 1_000 }], fault('kill-1', 4, 30));
    expect(failed.drill.errors).to.equal(1);
    expect(failed.faults[0]?.errors).to.equal(1);
    const before = counted([...SOUND, { ...late, ms: 400 }], fault('kill-1', 4, 30));
    expect(before.drill.errors).to.equal(0);
    expect(before.outside.errors).to.equal(1);
  });

  it('books what comes after a fault on it until the next fault begins, and names faults of the same time', () => {
    const sla = counted(
      [
        ...SOUND,
        { phase: 'fault', count: 3, outcome: 'refused', from: 7_000, until: 8_000 },
        { phase: 'fault', count: 5, outcome: 'refused', from: 12_000, until: 13_000 },
      ],
      fault('kill-1', 2, 6),
      fault('kill-2', 10, 20),
      fault('kill-3', 15, 30),
    );
    expect(
      sla.faults.map(({ id, errors, observed_s: observed, together_with: others }) => [id, errors, observed, others]),
    ).to.deep.equal([
      ['kill-1', 3, 8, []],
      ['kill-2', 5, 24, ['kill-3']],
      ['kill-3', 0, 19, ['kill-2']],
    ]);
    expect(sla.drill.errors).to.equal(8);
  });

  it('lets a fault that was never healed last to the end', () => {
    const sla = counted([...SOUND, { phase: 'recovery', count: 7, outcome: 'refused' }], fault('kill-1', 4, undefined));
    expect(sla.drill).to.include({ errors: 7 });
    expect(sla.outside.errors).to.equal(0);
  });

  it('counts the time in which at least half of the requests failed as down, in slots of ten seconds', () => {
    const dead = { phase: 'fault', count: 2_000, outcome: 'refused', from: 10_000, until: 20_000 } as const;
    const sla = counted([...SOUND, dead], fault('kill-1', 0, 30));
    expect(sla.drill.down_s).to.equal(10);
    expect(sla.outside.down_s).to.equal(0);
  });

  it('is absent when the run did not reach its baseline', () => {
    expect(slaOf(sampleHistory({ phases: ['warmup'] }))).to.equal(undefined);
  });
});

describe('what a fault burnt', () => {
  const [base] = counted([...SOUND], fault('kill-1', 0, 30)).faults;
  if (base === undefined) throw new Error('the run has a fault');

  it('is the share of errors, times the time, of the full outage that a month allows', () => {
    // 10 % of 3,400 requests in 34 s are 3.4 s of a full outage; a month of 30 days allows 2,592 s at 99.9 %.
    const burn = burnOf({ ...base, errors: 340, requests: 3_400, observed_s: 34 }, OBJECTIVE);
    expect(burn.burnt_percent).to.be.closeTo((3.4 / 2_592) * 100, 1e-6);
    expect(burn.error_percent).to.equal(10);
    expect(
      burnOf({ ...base, errors: 340, requests: 3_400, observed_s: 34 }, { ...OBJECTIVE, share: 0.99 }).burnt_percent,
    ).to.be.closeTo((3.4 / 25_920) * 100, 1e-6);
  });

  it('would be on a Saturday the same share for the same time', () => {
    const burn = burnOf({ ...base, errors: 340, requests: 3_400, observed_s: 34 }, OBJECTIVE);
    expect(burn).to.include({ saturday_requests: 34 * 278, saturday_errors: Math.round(34 * 27.8) });
  });

  it('is 0 with a bound above 0 when nothing failed, and not known without requests', () => {
    const none = burnOf(base, OBJECTIVE);
    expect(none.burnt_percent).to.equal(0);
    expect(none.burnt_at_most_percent).to.be.greaterThan(0);
    const unseen = burnOf({ ...base, requests: 0, errors: 0, error_share_at_most: null }, OBJECTIVE);
    expect(unseen).to.include({ burnt_percent: null, burnt_at_most_percent: null, saturday_errors: null });
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { checks } from '../../../harness/checks/index.ts';
import type { RunEvent } from '../../../harness/core/events.ts';
import { type History, phaseWindows } from '../../../harness/core/history.ts';
import type { Difference, HopCounts } from '../../../harness/core/hops.ts';
import { OUTCOMES } from '../../../harness/core/load/load.ts';
import type { PlannedCheck } from '../../../harness/core/plan.ts';
import { requestTable, type RequestRow } from '../../../harness/core/load/samples.ts';
import { judge } from '../../../harness/engine/judge.ts';
import { unsteady } from '../../../harness/engine/steady.ts';
import { constantRate } from '../../../harness/core/load/arrivals.ts';
import { invalidities } from '../../../harness/engine/validity.ts';
import { samplePlan } from '../../helpers/sample-plan.ts';

const START = 1_000_000;
/** Seconds of each phase, in their order. */
const SECONDS = { warmup: 2, baseline: 20, fault: 20, heal: 2, recovery: 20 };
const RATE = 200;

interface Changes {
  readonly events?: readonly RunEvent[];
  readonly hypotheses?: readonly PlannedCheck[];
  /** By the second since the start: milliseconds from planned to done and from planned to sent, and whether it succeeds. */
  readonly request?: (second: number) => { ms: number; ok?: boolean; lag?: number };
}

/** A run without faults whose every gate is green, but for what is changed. */
function history({ events = [], hypotheses = [], request = () => ({ ms: 12 }) }: Changes = {}): History {
  const plan = { ...samplePlan(SECONDS, RATE, 1), faults: [], hypotheses };
  const all: RunEvent[] = [];
  let t = START;
  for (const [phase, seconds] of Object.entries(SECONDS) as ['warmup', number][]) {
    all.push({ kind: 'phase.started', t, phase });
    t += seconds * 1_000;
    all.push({ kind: 'phase.ended', t, phase });
  }
  const rows: RequestRow[] = [];
  for (let planned = START; planned < t; planned += 1_000 / RATE) {
    const { ms, ok = true, lag = 0.2 } = request((planned - START) / 1_000);
    const common = { planned, sent: planned + lag, firstByte: NaN, done: planned + ms, endpoint: 0, scenario: 0 };
    const outcome = OUTCOMES.indexOf(ok ? 'ok' : 'http_error');
    rows.push({ ...common, outcome, status: ok ? 200 : 503, source: 0, number: rows.length });
  }
  const totals = { planned: rows.length, sent: rows.length, ok: rows.length, failed: 0, dropped: 0, utilisation: 0.3 };
  all.push({ kind: 'load.ended', t, totals }, ...events);
  all.sort((a, b) => a.t - b.t);
  const requests = requestTable(rows, { endpoints: ['GET /api/dashboard'], scenarios: ['s'] });
  return { plan, run: 'r', events: all, windows: phaseWindows(all), faults: [], requests };
}

const codes = (h: History): string[] => invalidities(h, checks).map((i) => i.code);
const inFault = (second: number): boolean => second >= 22 && second < 42;
const inBaseline = (second: number): boolean => second >= 2 && second < 22;

const p95 = (ms: number, ...during: string[]): PlannedCheck => ({
  check: 'latency',
  params: { p95: ms, during },
  line: 9,
});

/** One event a second over the whole run. */
const hosts = (stolenMs: (second: number) => number, busyMs = 800): RunEvent[] =>
  Array.from({ length: 64 }, (_, second) => ({
    kind: 'host' as const,
    t: START + second * 1_000 + 500,
    busy_ms: busyMs,
    idle_ms: 1_000,
    stolen_ms: stolenMs(second),
  }));

describe('the gates of a run', () => {
  it('are green over a sound record', () => {
    expect(codes(history({ events: hosts(() => 10) }))).to.deep.equal([]);
  });

  it('look at the load in the judged phases, and at the load of the warm-up in none', () => {
    const late = (from: number, until: number) => ({
      request: (second: number) => ({ ms: 100, lag: second >= from && second < until ? 80 : 0 }),
    });
    expect(codes(history(late(0, 2)))).to.deep.equal([]);
    expect(codes(history(late(42, 44)))).to.deep.equal(['CHAOS_GENERATOR_LAG']);
  });

  it('hold the load to the rate of the plan over the judged phases', () => {
    const h = history();
    const twice = { ...h, plan: { ...h.plan, load: { ...h.plan.load, arrivals: constantRate(RATE * 2) } } };
    expect(invalidities(twice, checks)[0]).to.deep.include({ code: 'CHAOS_LOAD_SHORT' });
    expect(invalidities(twice, checks)[0]?.message).to.contain('12400 of 24800').and.contain('50.0 %');
  });

  describe('CHAOS_BASELINE_OUTSIDE', () => {
    const slow = { request: (second: number) => ({ ms: inBaseline(second) || inFault(second) ? 300 : 12 }) };

    it('closes when the baseline violates a hypothesis about another phase: that one says nothing of the fault', () => {
      const h = history({ ...slow, hypotheses: [p95(200, 'fault')] });
      expect(codes(h)).to.deep.equal(['CHAOS_BASELINE_OUTSIDE']);
      expect(invalidities(h, checks)[0]?.message).to.match(/latency p95: p95 < 200 ms did not hold in the baseline/);
      expect(judge(h, { faults: [], checks }).verdict).to.equal('INCONCLUSIVE');
    });

    it('is said once for a limit that stands in two hypotheses', () => {
      expect(
        codes(history({ ...slow, hypotheses: [p95(200, 'fault'), p95(200, 'baseline', 'recovery')] })),
      ).to.have.length(1);
    });

    it('stays open when only the fault phase is slow: that is a FAIL', () => {
      const request = (second: number) => ({ ms: inFault(second) ? 300 : 12 });
      const h = history({ request, hypotheses: [p95(200, 'fault')] });
      expect(codes(h)).to.deep.equal([]);
      expect(judge(h, { faults: [], checks }).verdict).to.equal('FAIL');
    });

    it('stays open when the baseline settles nothing: its own result is INCONCLUSIVE, and a FAIL outranks it', () => {
      // 3 of 4,000 failed: 0.1 % is neither shown to hold nor shown not to.
      const request = (second: number) => ({ ms: 12, ok: ![5, 9, 13].includes(second) && !inFault(second) });
      const errors = (...during: string[]): PlannedCheck => ({
        check: 'errors',
        params: { below: 0.001, during },
        line: 9,
      });
      const both = history({ request, hypotheses: [errors('baseline', 'fault')] });
      expect(codes(both)).to.deep.equal([]);
      const judged = judge(both, { faults: [], checks });
      expect(judged.checks.map((c) => c.verdict)).to.deep.equal(['INCONCLUSIVE', 'FAIL']);
      expect(judged.verdict).to.equal('FAIL');
      const one = history({ request, hypotheses: [errors('baseline')] });
      expect(judge(one, { faults: [], checks }).verdict).to.equal('INCONCLUSIVE');
    });

    it('is what the steady-state check asks before the fault', () => {
      const h = history({ ...slow, hypotheses: [p95(200, 'recovery')] });
      expect(unsteady(h, { checks })[0]).to.match(/^latency p95: expected p95 < 200 ms, observed 300 ms/);
      expect(unsteady(history({ hypotheses: [p95(200, 'recovery')] }), { checks })).to.deep.equal([]);
      const dead = history({ request: () => ({ ms: 12, ok: false }) });
      expect(unsteady(dead, { checks })).to.deep.equal(['not one request was answered']);
    });
  });

  describe('CHAOS_CPU_STOLEN', () => {
    it('closes above 5 % of the wanted time of a phase, and names the phase', () => {
      // 60 of 860 ms: 7 %.
      const h = history({ events: hosts((second) => (inFault(second) ? 60 : 0)) });
      expect(codes(h)).to.deep.equal(['CHAOS_CPU_STOLEN']);
      expect(invalidities(h, checks)[0]?.message).to.contain('in the fault phase').and.contain('7.0 %');
    });

    it('takes what was wanted and not what there is: idle time cannot be stolen', () => {
      expect(codes(history({ events: hosts(() => 30, 800) }))).to.deep.equal([]);
      expect(codes(history({ events: hosts(() => 30, 200) }))).to.include('CHAOS_CPU_STOLEN');
    });

    it('is not moved by warm-up, by a few samples, or by their absence', () => {
      expect(codes(history({ events: hosts((second) => (second < 2 ? 900 : 0)) }))).to.deep.equal([]);
      const few = hosts(() => 900).filter((e) => e.t > START + 42_000 && e.t < START + 44_000);
      expect(codes(history({ events: few }))).to.deep.equal([]);
    });
  });

  describe('CHAOS_CLOCK_STEP', () => {
    const stepped = (...steps: number[]): History =>
      history({ events: steps.map((by_ms, i) => ({ kind: 'clock.stepped', t: START + 30_000 + i * 5_000, by_ms })) });

    it('closes when the clock was ever off by more than half a second, in one step or in several', () => {
      expect(codes(stepped(-800))).to.deep.equal(['CHAOS_CLOCK_STEP']);
      expect(codes(stepped(300, 300))).to.deep.equal(['CHAOS_CLOCK_STEP']);
      expect(codes(stepped(700, -700))).to.deep.equal(['CHAOS_CLOCK_STEP']);
      expect(invalidities(stepped(700, -700), checks)[0]?.message).to.contain('700 ms');
    });

    it('stays open for less', () => {
      expect(codes(stepped(300, -300, 400))).to.deep.equal([]);
    });
  });

  describe('CHAOS_UNRECONCILED', () => {
    const row: HopCounts = {
      source: 'open',
      planned: 0,
      answered: 0,
      failed: 0,
      in_flight: 0,
      dropped: 0,
      never_sent: 0,
      sent: 0,
      edge: { seen: 0, from_upstream: 0, from_cache: 0, by_itself: 0, statuses: {}, gave_up: 0 },
      attempts: { total: 0, retries: 0, outcomes: {} },
      app: { seen: 0, replicas: {} },
      lost_attempts: [],
      differences: [],
    };
    const hops = (...differences: Difference[]): History =>
      history({
        events: [
          {
            kind: 'hops',
            t: START + 70_000,
            edge: 'nginx',
            app: 'app',
            complete: true,
            ms: 1,
            rows: [{ ...row, differences }],
          },
        ],
      });
    const difference = { name: 'x', what: 'seen, and never planned', count: 2, examples: ['r-7', 'r-9'] };

    it('closes at a difference that nobody can explain, and says which', () => {
      const h = hops({ ...difference, explained: false });
      expect(codes(h)).to.deep.equal(['CHAOS_UNRECONCILED']);
      expect(invalidities(h, checks)[0]?.message).to.equal('2 requests seen, and never planned: r-7, r-9');
    });

    it('stays open for what has its reason', () => {
      expect(codes(hops({ ...difference, explained: true }))).to.deep.equal([]);
    });
  });
});

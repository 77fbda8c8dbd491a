import { expect } from 'chai';
import { describe, it } from 'mocha';
import { checks } from '../../../../harness/checks/index.ts';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import { type History, phaseWindows } from '../../../../harness/core/record/history.ts';
import type { Difference, HopCounts } from '../../../../harness/core/record/hops.ts';
import { OUTCOMES } from '../../../../harness/core/load/load.ts';
import type { PlannedCheck } from '../../../../harness/core/plan/plan.ts';
import { requestTable, type RequestRow } from '../../../../harness/core/load/samples.ts';
import { judge } from '../../../../harness/judge/judge.ts';
import { unsteady } from '../../../../harness/run/steady.ts';
import { constantRate } from '../../../../harness/core/load/arrivals.ts';
import { invalidities } from '../../../../harness/judge/gates/index.ts';
import { sampleEnvironment, samplePlan } from '../../../helpers/samples/plan.ts';

const START = 1_000_000;
/** The length of each phase in seconds, in order. */
const SECONDS = { warmup: 2, baseline: 20, fault: 20, heal: 2, recovery: 20 };
const RATE = 200;

interface Changes {
  readonly events?: readonly RunEvent[];
  readonly hypotheses?: readonly PlannedCheck[];
  /**
   * For a request that is planned at this second after the start: `ms` is the time from planned to done, `lag` the time
   * from planned to sent, both in milliseconds. `ok` says whether the request succeeds.
   */
  readonly request?: (second: number) => { ms: number; ok?: boolean; lag?: number };
}

/** A run without faults. Every gate is open for it, unless a change closes one. */
function history({ events = [], hypotheses = [], request = () => ({ ms: 12 }) }: Changes = {}): History {
  const sample = samplePlan(SECONDS, RATE, 1);
  const plan = { ...sample, load: { ...sample.load, pressure: undefined }, faults: [], hypotheses };
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
  const ok = rows.filter(({ status }) => status === 200).length;
  const counted = { planned: rows.length, sent: rows.length, ok, failed: rows.length - ok, dropped: 0 };
  all.push({ kind: 'load.ended', t, totals: { ...counted, utilisation: 0.3 } }, ...events);
  if (!events.some(({ kind }) => kind === 'host')) all.push(...hosts(() => 0));
  all.sort((a, b) => a.t - b.t);
  const requests = requestTable(rows, { endpoints: ['GET /api/dashboard'], scenarios: ['s'] });
  return { plan, run: 'r', events: all, windows: phaseWindows(all), faults: [], requests, seal: 'sealed', torn: [] };
}

const MISSING = 'CHAOS_EVIDENCE_MISSING';
const codes = (h: History): string[] => invalidities(h, checks).map((i) => i.code);
const inFault = (second: number): boolean => second >= 22 && second < 42;
const inBaseline = (second: number): boolean => second >= 2 && second < 22;

const p95 = (ms: number, ...during: string[]): PlannedCheck => ({
  check: 'latency',
  params: { p95: ms, during },
  line: 9,
});

/** One `host` event for each second of the run. */
const hosts = (stolenMs: (second: number) => number, busyMs = 800): RunEvent[] =>
  Array.from({ length: 64 }, (_, second) => ({
    kind: 'host' as const,
    t: START + second * 1_000 + 500,
    busy_ms: busyMs,
    idle_ms: 1_000,
    stolen_ms: stolenMs(second),
  }));

describe('the gates of a run', () => {
  it('stay open for a sound record', () => {
    expect(codes(history({ events: hosts(() => 10) }))).to.deep.equal([]);
  });

  it('judge the load of the judged phases, and never the load of the warm-up', () => {
    const late = (from: number, until: number) => ({
      request: (second: number) => ({ ms: 100, lag: second >= from && second < until ? 80 : 0 }),
    });
    expect(codes(history(late(0, 2)))).to.deep.equal([]);
    expect(codes(history(late(42, 44)))).to.deep.equal(['CHAOS_GENERATOR_LAG']);
  });

  it('compare the load of the judged phases with the rate of the plan', () => {
    const h = history();
    const twice = { ...h, plan: { ...h.plan, load: { ...h.plan.load, arrivals: constantRate(RATE * 2) } } };
    expect(invalidities(twice, checks)[0]).to.deep.include({ code: 'CHAOS_LOAD_SHORT' });
    expect(invalidities(twice, checks)[0]?.message).to.contain('12400 of 24800').and.contain('50.0 %');
  });

  describe('include CHAOS_BASELINE_OUTSIDE, which', () => {
    const slow = { request: (second: number) => ({ ms: inBaseline(second) || inFault(second) ? 300 : 12 }) };

    it('closes when the baseline violates a hypothesis about another phase, which then proves nothing', () => {
      const h = history({ ...slow, hypotheses: [p95(200, 'fault')] });
      expect(codes(h)).to.deep.equal(['CHAOS_BASELINE_OUTSIDE']);
      expect(invalidities(h, checks)[0]?.message).to.match(
        /latency p95: p95 < 200 ms did not hold even in the baseline/,
      );
      expect(judge(h, { faults: [], checks }).verdict).to.equal('INCONCLUSIVE');
    });

    it('gives one reason when two hypotheses have the same limit', () => {
      expect(
        codes(history({ ...slow, hypotheses: [p95(200, 'fault'), p95(200, 'baseline', 'recovery')] })),
      ).to.have.length(1);
    });

    it('stays open when only the fault phase is slow, and the verdict is FAIL', () => {
      const request = (second: number) => ({ ms: inFault(second) ? 300 : 12 });
      const h = history({ request, hypotheses: [p95(200, 'fault')] });
      expect(codes(h)).to.deep.equal([]);
      expect(judge(h, { faults: [], checks }).verdict).to.equal('FAIL');
    });

    it('stays open when the baseline settles nothing: then the run is INCONCLUSIVE, or FAIL by another phase', () => {
      // 3 of 4,000 requests failed. That shows neither that 0.1 % holds nor that it does not hold.
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

    it('agrees with the steady-state check that a run makes before the fault', () => {
      const h = history({ ...slow, hypotheses: [p95(200, 'recovery')] });
      expect(unsteady(h, { checks })[0]).to.match(/^latency p95: expected p95 < 200 ms, observed 300 ms/);
      expect(unsteady(history({ hypotheses: [p95(200, 'recovery')] }), { checks })).to.deep.equal([]);
      const dead = history({ request: () => ({ ms: 12, ok: false }) });
      expect(unsteady(dead, { checks })).to.deep.equal(['no request was answered']);
    });
  });

  describe('include CHAOS_CPU_STOLEN, which', () => {
    it('closes when over 5 % of the wanted processor time of a phase was stolen, and names the phase', () => {
      // 60 of 860 ms are stolen: 7 %.
      const h = history({ events: hosts((second) => (inFault(second) ? 60 : 0)) });
      expect(codes(h)).to.deep.equal(['CHAOS_CPU_STOLEN']);
      expect(invalidities(h, checks)[0]?.message).to.contain('in the fault phase').and.contain('7.0 %');
    });

    it('takes the share of the wanted time and not of all time, because idle time cannot be stolen', () => {
      expect(codes(history({ events: hosts(() => 30, 800) }))).to.deep.equal([]);
      expect(codes(history({ events: hosts(() => 30, 200) }))).to.include('CHAOS_CPU_STOLEN');
    });

    it('ignores the warm-up', () => {
      expect(codes(history({ events: hosts((second) => (second < 2 ? 900 : 0)) }))).to.deep.equal([]);
    });

    it('gives way to CHAOS_EVIDENCE_MISSING in a phase that was read in less than half of its seconds', () => {
      const read = (seconds: number) =>
        hosts(() => 0).filter(({ t }) => !inFault((t - START) / 1_000) || t < START + (22 + seconds) * 1_000);
      expect(codes(history({ events: read(10) }))).to.deep.equal([]);
      const h = history({ events: read(9) });
      expect(codes(h)).to.deep.equal(['CHAOS_EVIDENCE_MISSING']);
      expect(invalidities(h, checks)[0]?.message).to.contain('in the fault phase the host').and.contain('read 9 times');
    });
  });

  describe('include CHAOS_CLOCK_STEP, which', () => {
    const stepped = (...steps: number[]): History =>
      history({ events: steps.map((by_ms, i) => ({ kind: 'clock.stepped', t: START + 30_000 + i * 5_000, by_ms })) });

    it('closes when the wall clock was ever off by over half a second, in one step or in several', () => {
      expect(codes(stepped(-800))).to.deep.equal(['CHAOS_CLOCK_STEP']);
      expect(codes(stepped(300, 300))).to.deep.equal(['CHAOS_CLOCK_STEP']);
      expect(codes(stepped(700, -700))).to.deep.equal(['CHAOS_CLOCK_STEP']);
      expect(invalidities(stepped(700, -700), checks)[0]?.message).to.contain('700 ms');
    });

    it('stays open when the wall clock was always off by less', () => {
      expect(codes(stepped(300, -300, 400))).to.deep.equal([]);
    });
  });

  describe('include CHAOS_UNRECONCILED, which', () => {
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

    it('closes when a difference has no explanation, and names its requests', () => {
      const h = hops({ ...difference, explained: false });
      expect(codes(h)).to.deep.equal(['CHAOS_UNRECONCILED']);
      expect(invalidities(h, checks)[0]?.message).to.equal('2 requests seen, and never planned: r-7, r-9');
    });

    it('stays open when a difference is explained', () => {
      expect(codes(hops({ ...difference, explained: true }))).to.deep.equal([]);
    });

    it('gives way to CHAOS_EVIDENCE_MISSING when the logs could not be read, or hold no row (case V1)', () => {
      const [event] = hops(difference as never).events.filter(({ kind }) => kind === 'hops');
      const changed = (change: object): History => history({ events: [{ ...event, ...change } as RunEvent] });
      expect(codes(changed({ rows: [], complete: false, problem: 'no such log' }))).to.deep.equal([MISSING]);
      expect(codes(changed({ rows: [] }))).to.deep.equal([MISSING]);
      const silent = history();
      const topology = { ...silent.plan.topology, hops: { edge: 'nginx', app: 'app' } };
      expect(codes({ ...silent, plan: { ...silent.plan, topology } })).to.deep.equal([MISSING]);
    });
  });

  describe('include CHAOS_EVIDENCE_MISSING, which', () => {
    const without = (
      h: History,
      kind: RunEvent['kind'],
      isGone: (event: RunEvent) => boolean = () => true,
    ): History => {
      const events = h.events.filter((e) => e.kind !== kind || !isGone(e));
      return { ...h, events };
    };

    it('closes when a phase has no beginning or no end in the record, or two', () => {
      for (const kind of ['phase.started', 'phase.ended'] as const) {
        const h = without(history(), kind, (e) => 'phase' in e && e.phase === 'baseline');
        expect(codes(h), kind).to.deep.equal([MISSING]);
      }
      const h = history();
      const [first] = h.events.filter(({ kind }) => kind === 'phase.started');
      expect(codes({ ...h, events: [...h.events, first!] })).to.deep.equal([MISSING]);
    });

    it('closes when the record does not hold every request that the generator counted', () => {
      const h = history();
      expect(codes(without(h, 'load.ended'))).to.deep.equal([MISSING]);
      const events = h.events.map((e) =>
        e.kind === 'load.ended'
          ? { ...e, totals: { ...e.totals, planned: e.totals.planned + 1, ok: e.totals.ok + 1 } }
          : e,
      );
      expect(codes({ ...h, events })).to.deep.equal([MISSING, MISSING]);
    });

    it('closes when nothing says how a wait or a mark ended', () => {
      const h = history();
      const faults = [{ repeat: [{ id: 'mark-1', mark: 'now' }] }];
      const open = { ...h, plan: { ...h.plan, faults } };
      expect(invalidities(open, checks).map((i) => i.message)).to.include('nothing says how mark-1 ended');
      const end = { kind: 'step.ended', t: START, id: 'mark-1', step: 'mark', outcome: 'done', text: 'now' } as const;
      expect(invalidities({ ...open, events: [...h.events, end] }, checks).map((i) => i.message)).not.to.include(
        'nothing says how mark-1 ended',
      );
    });

    it('closes when a decision of a controller was not carried out, or a change has no decision', () => {
      const decided = {
        kind: 'decided',
        id: 'hold-1',
        controller: 'hold',
        service: 'app',
        from: 3,
        to: 4,
        why: 'w',
      } as const;
      const scaled = {
        kind: 'scaled',
        group: 'app',
        action: 'scale_up',
        from: 3,
        to: 4,
        metric: 'm',
        value: 1,
        threshold: 1,
      } as const;
      const t = START + 30_000;
      expect(
        codes(
          history({
            events: [
              { t, ...decided },
              { t, ...scaled },
            ],
          }),
        ),
      ).to.deep.equal([]);
      expect(codes(history({ events: [{ t, ...decided }] }))).to.deep.equal([MISSING]);
      expect(codes(history({ events: [{ t, ...scaled }] }))).to.deep.equal([MISSING]);
    });

    it('closes when nobody watched the clock, and when the record lacks a step of it', () => {
      const started = { kind: 'run.started', t: START, run: 'r', version: 2, environment: sampleEnvironment } as const;
      const of = (...events: readonly RunEvent[]): string[] => {
        const h = history();
        return codes({ ...h, events: [{ ...started, plan: h.plan }, ...h.events, ...events] });
      };
      const watched = (looks: number, steps: number): RunEvent => ({ kind: 'clock.watched', t: START, looks, steps });
      expect(of(watched(60, 0))).to.deep.equal([]);
      expect(of()).to.deep.equal([MISSING]);
      expect(of(watched(0, 0))).to.deep.equal([MISSING]);
      expect(of(watched(60, 1))).to.deep.equal([MISSING]);
    });
  });

  it('include CHAOS_RECORD_UNSEALED and CHAOS_RECORD_DAMAGED: an old record, and lines that cannot be read (case V5)', () => {
    expect(codes({ ...history(), seal: 'before seals' })).to.deep.equal(['CHAOS_RECORD_UNSEALED']);
    expect(codes({ ...history(), torn: [200] })).to.deep.equal(['CHAOS_RECORD_DAMAGED']);
  });
});

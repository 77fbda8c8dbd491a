import { expect } from 'chai';
import { describe, it } from 'mocha';
import { checks } from '../../../harness/checks/index.ts';
import type { RunEvent } from '../../../harness/core/events.ts';
import type { PlannedStop } from '../../../harness/core/plan.ts';
import { type Random, seededRandom } from '../../../harness/core/random.ts';
import { REPLAYED, WRITTEN } from '../../../harness/core/acts/replication.ts';
import type { Look } from '../../../harness/core/stop-rule.ts';
import { type Firing, StopConditions } from '../../../harness/engine/stop-conditions.ts';
import { metrics } from '../../../harness/metrics/index.ts';
import { SMALL_PLAN } from '../../helpers/sample-history.ts';
import { sampleRun } from '../../helpers/sample-run.ts';

const KNOWN = [...checks, ...metrics];
const ERRORS: PlannedStop = { check: 'errors', params: { above: 0.8 }, for: 20_000, line: 13 };
const LATENCY: PlannedStop = { check: 'latency', params: { p95_above: 2_000 }, for: 5_000, line: 14 };
const BASELINE: RunEvent = { t: 0, kind: 'phase.started', phase: 'baseline' };

interface Told {
  readonly ok?: number;
  readonly failed?: number;
  readonly p95?: number;
}

const second = (t: number, { ok = 0, failed = 0, p95 }: Told): RunEvent => ({
  kind: 'load',
  t,
  planned: ok + failed,
  sent: ok + failed,
  ok,
  failed,
  dropped: 0,
  in_flight: 0,
  p50_ms: p95,
  p95_ms: p95,
  lag_p99_ms: 1,
  pressure_ok: 0,
  pressure_failed: 0,
});

/** Seconds of a load one after another, from 1 s on. */
const seconds = (...all: readonly Told[]): RunEvent[] => all.map((told, i) => second((i + 1) * 1_000, told));
const times = (count: number, told: Told): Told[] => Array.from({ length: count }, () => told);

function firing(events: readonly RunEvent[], ...stop_if: readonly PlannedStop[]): Firing | undefined {
  const conditions = new StopConditions({ stop_if, topology: SMALL_PLAN.topology }, KNOWN);
  let fired: Firing | undefined;
  for (const event of events) fired = conditions.see(event);
  return fired;
}

const BAD = { ok: 9, failed: 291 };
const GOOD = { ok: 300, failed: 0 };

describe('stop conditions', () => {
  it('fire when they have held for their time, with the line and the values', () => {
    const events = [BASELINE, ...seconds(GOOD, ...times(19, BAD))];
    expect(firing(events, ERRORS)).to.equal(undefined);
    expect(firing([...events, second(21_000, BAD)], ERRORS)).to.deep.equal({
      t: 21_000,
      message:
        'the stop condition in line 13 held: errors > 80 % for 20.0 s; in the last second 291 of 300 requests failed (97.0 %)',
    });
  });

  it('begin anew after one second that is well; a second in which nothing ended changes nothing', () => {
    const broken = [BASELINE, ...seconds(...times(15, BAD), GOOD, ...times(19, BAD))];
    expect(firing(broken, ERRORS)).to.equal(undefined);
    const silent = [BASELINE, ...seconds(...times(10, BAD), ...times(9, {}), BAD)];
    expect(firing(silent, ERRORS)?.t).to.equal(20_000);
    expect(firing([BASELINE, ...seconds(...times(60, {}))], ERRORS)).to.equal(undefined);
  });

  it('are about what comes after the warm-up, exactly at the limit is not above it, and the first tells', () => {
    const warm = seconds(...times(30, BAD));
    expect(firing(warm, ERRORS)).to.equal(undefined);
    expect(firing([BASELINE, ...seconds(...times(60, { ok: 20, failed: 80 }))], ERRORS)).to.equal(undefined);
    const both = [BASELINE, ...seconds(...times(60, { ...BAD, p95: 2_100 }))];
    expect(firing(both, ERRORS, LATENCY)).to.include({ t: 5_000 });
    expect(firing(both, ERRORS, LATENCY)?.message).to.match(/line 14.*latency p95 > 2\.0 s for 5\.0 s.*p95 was 2\.1 s/);
    expect(firing([BASELINE, ...seconds(...times(60, { ...GOOD, p95: 1_900 }))], LATENCY)).to.equal(undefined);
  });

  /** Loads that come and go, so that conditions begin, break off and fire. */
  const randomRecord = (random: Random): RunEvent[] => {
    const events: RunEvent[] = [];
    let bad = false;
    const length = 20 + Math.floor(random() * 80);
    for (let i = 0; i < length; i += 1) {
      if (random() < 0.08) bad = !bad;
      const jitter = (random() - 0.5) * 300;
      const told = random() < 0.1 ? {} : { ...(bad ? BAD : GOOD), p95: random() < 0.02 || bad ? 2_500 : 20 };
      events.push(second((i + 1) * 1_000 + jitter, told));
      if (random() < 0.3) events.push({ kind: 'note', t: (i + 1) * 1_000 + jitter, message: 'something else' });
    }
    return events.toSpliced(Math.floor(random() * 10), 0, BASELINE);
  };

  it('what is said of a prefix of a record is said of every longer one, too', () => {
    const random = seededRandom(2_026);
    let fired = 0;
    for (let i = 0; i < 300; i += 1) {
      const events = randomRecord(random);
      const whole = firing(events, ERRORS, LATENCY);
      if (whole !== undefined) fired += 1;
      for (let length = 0; length <= events.length; length += 1) {
        const said = firing(events.slice(0, length), ERRORS, LATENCY);
        if (said !== undefined) expect(said).to.deep.equal(whole);
        else if (whole !== undefined)
          expect(events.slice(0, length).some((e) => e.t === whole.t && e.kind === 'load')).to.equal(false);
      }
    }
    expect(fired, 'records in which one fired').to.be.within(50, 295);
  });
});

/** Of every rule one that comes to fire within the sample: the primary is lost, and nobody writes for ten seconds. */
const SURE: Readonly<Record<string, object>> = {
  errors: { above: 0.01, of: 'writes' },
  failover: { of: 'postgres', within: 4_000 },
  latency: { p50_above: 1 },
  cpu: { of: 'postgres', above: 25 },
  memory: { of: 'host', above: 30 },
  disk: { below: 50 },
  network: { of: 'app', above: 1_000 },
  cpu_stolen: { above: 10 },
  throughput: { below: 149 },
  in_flight: { above: 1 },
  dropped: { below: 1 },
  generator_lag: { above: 1 },
  cache_hit_ratio: { of: 'redis', below: 70 },
  cache_evictions: { of: 'application', above: 0 },
  cache_latency: { of: 'application', above: 0.1 },
  primaries: { of: 'postgres', below: 1 },
  standbys: { of: 'postgres', below: 1 },
  replication_lag: { above: 100 },
  running: { of: 'postgres', below: 2 },
  restarts: { of: 'postgres-a', above: 0 },
};

/** The sample run, with what only some faults let a run record. */
function wholeRecord(): readonly RunEvent[] {
  const { events } = sampleRun({
    outageS: 10,
    ratePerS: 60,
    seconds: { warmup: 3, baseline: 10, fault: 15, heal: 3, recovery: 5 },
  }).history;
  const begun = events.find((e) => e.kind === 'phase.started')?.t ?? 0;
  const lost = events.find((e) => e.kind === 'fault.injected')?.t ?? 0;
  const more: RunEvent[] = [];
  for (let t = begun; t < lost + 14_000; t += 500) {
    const gone = t >= lost;
    more.push({ kind: 'host', t, busy_ms: 100, idle_ms: 300, stolen_ms: gone ? 100 : 0 });
    for (const name of ['a', 'b']) more.push(container(t, `chaos-postgres-${name}-1`, name === 'b' || !gone));
    const position = (observer: string, value: number): RunEvent => ({
      kind: 'observation',
      t,
      observer,
      ok: true,
      value,
      established: 0,
    });
    more.push(position(WRITTEN, t - begun), position(REPLAYED, Math.min(t, lost) - begun - 50));
  }
  return [...events, ...more].toSorted((a, b) => a.t - b.t);
}

const container = (t: number, name: string, running: boolean): RunEvent => ({
  kind: 'container',
  t,
  container: name,
  status: running ? 'running' : 'exited',
  running,
  paused: false,
  pid: 1,
  restarts: running ? 0 : 1,
  startedAt: 1,
  finishedAt: 0,
  health: 'none',
  oomKilled: false,
  limits: { cpus: undefined, memoryBytes: undefined },
  networks: {},
});

describe('the rules by which checks and metrics stop a run', () => {
  const events = wholeRecord();
  const stopping = KNOWN.filter(({ stopIf }) => stopIf !== undefined);

  it('each has a case below', () => {
    expect(stopping.map(({ name }) => name)).to.have.members(Object.keys(SURE));
  });

  for (const { name, stopIf } of stopping) {
    it(`${name}: its example is sound and strict, and describes itself`, () => {
      if (stopIf === undefined) throw new TypeError('filtered above');
      const { for: _for, ...example } = stopIf.example as Record<string, unknown>;
      const params = stopIf.params.parse(example);
      expect(stopIf.describe(params)).to.match(/ [<>] |^no write accepted within /);
      expect(stopIf.watch(params, SMALL_PLAN.topology)(second(1_000, {}))).to.satisfy((looks: readonly Look[]) =>
        looks.every((look) => name !== 'errors' && name !== 'latency' && look.observed.includes(name)),
      );
      expect(stopIf.params.safeParse({ ...example, nonsense: 1 }).success).to.equal(false);
    });

    it(`${name}: fires, and what it says of a prefix of a record it says of every longer one`, () => {
      const stop: PlannedStop = { check: name, params: SURE[name], for: name === 'failover' ? 0 : 2_000, line: 7 };
      const whole = firing(events, stop);
      if (whole === undefined) throw new Error('it never fired');
      expect(whole.message).to.match(/^the stop condition in line 7 held: .+; .+/);
      const firstTold = events.findIndex((_, i) => firing(events.slice(0, i + 1), stop) !== undefined);
      expect(events[firstTold]?.t).to.equal(whole.t);
      for (let length = firstTold; length <= events.length; length += 1) {
        const said = firing(events.slice(0, length), stop);
        expect(said).to.deep.equal(length > firstTold ? whole : undefined);
      }
    });
  }
});

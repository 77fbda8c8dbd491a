import { expect } from 'chai';
import { describe, it } from 'mocha';
import { checks } from '../../../harness/checks/index.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { PlannedStop } from '../../../harness/core/plan/plan.ts';
import { type Random, seededRandom } from '../../../harness/core/random.ts';
import { type Firing, StopConditions } from '../../../harness/run/stop-conditions.ts';
import { series } from '../../../harness/series/index.ts';
import { sampleTick } from '../../helpers/samples/load.ts';
import { SMALL_PLAN } from '../../helpers/samples/history.ts';
import { wholeRecord } from '../../helpers/samples/whole-record.ts';

const ERRORS: PlannedStop = { check: 'errors', params: { above: 0.8 }, for: 20_000, line: 13 };
const LATENCY: PlannedStop = { check: 'latency', params: { p95_above: 2_000 }, for: 5_000, line: 14 };
const BASELINE: RunEvent = { t: 0, kind: 'phase.started', phase: 'baseline' };

interface Told {
  readonly ok?: number;
  readonly failed?: number;
  readonly p95?: number;
}

const second = (t: number, { ok = 0, failed = 0, p95 }: Told): RunEvent =>
  sampleTick(t, { planned: ok + failed, sent: ok + failed, ok, failed, p50_ms: p95, p95_ms: p95 });

/** One load event for each second, from 1 s on. */
const seconds = (...all: readonly Told[]): RunEvent[] => all.map((told, i) => second((i + 1) * 1_000, told));
const times = (count: number, told: Told): Told[] => Array.from({ length: count }, () => told);

function firing(events: readonly RunEvent[], ...stop_if: readonly PlannedStop[]): Firing | undefined {
  const conditions = new StopConditions({ stop_if, topology: SMALL_PLAN.topology }, checks);
  let fired: Firing | undefined;
  for (const event of events) fired = conditions.see(event);
  return fired;
}

const BAD = { ok: 9, failed: 291 };
const GOOD = { ok: 300, failed: 0 };

describe('stop conditions', () => {
  it('fire when they have held for their time, and give their line and the values', () => {
    const events = [BASELINE, ...seconds(GOOD, ...times(19, BAD))];
    expect(firing(events, ERRORS)).to.equal(undefined);
    expect(firing([...events, second(21_000, BAD)], ERRORS)).to.deep.equal({
      t: 21_000,
      message:
        'the stop condition in line 13 held: errors > 80 % for 20.0 s; in the last second 291 of 300 requests failed (97.0 %)',
    });
  });

  it('begin anew after one good second, and bridge one second in which no request ended', () => {
    const broken = [BASELINE, ...seconds(...times(15, BAD), GOOD, ...times(19, BAD))];
    expect(firing(broken, ERRORS)).to.equal(undefined);
    const silent = [BASELINE, ...seconds(...times(10, BAD), {}, ...times(9, BAD))];
    expect(firing(silent, ERRORS)?.t).to.equal(20_000);
    expect(firing([BASELINE, ...seconds(...times(60, {}))], ERRORS)).to.equal(undefined);
  });

  it('do not hold in a time without readings, and begin anew after it (case V2)', () => {
    const silent = [BASELINE, ...seconds(...times(10, BAD), ...times(9, {}), ...times(19, BAD))];
    expect(firing(silent, ERRORS)).to.equal(undefined);
    expect(firing([...silent, second(39_000, BAD)], ERRORS)?.t).to.equal(39_000);
    const cpu = (t: number, cpu_percent: number | null): RunEvent => ({
      kind: 'resources',
      t,
      server_id: 'chaos-app-1',
      cpu_percent,
      memory_percent: null,
      disk_percent: null,
      network_bytes_per_s: null,
      connections: null,
    });
    const busy: PlannedStop = {
      check: 'series',
      params: { name: 'cpu', of: 'app', above: 90 },
      for: 20_000,
      line: 15,
    };
    // One reading, none for a minute, one reading.
    expect(firing([BASELINE, cpu(5_000, 95), cpu(10_000, null), cpu(65_000, 95)], busy)).to.equal(undefined);
    expect(firing([BASELINE, ...[5, 10, 15, 20, 25].map((s) => cpu(s * 1_000, 95))], busy)).to.include({ t: 20_000 });
  });

  it('ignore the warm-up and a value exactly at the limit, and report only the first one that fires', () => {
    const warm = seconds(...times(30, BAD));
    expect(firing(warm, ERRORS)).to.equal(undefined);
    expect(firing([BASELINE, ...seconds(...times(60, { ok: 20, failed: 80 }))], ERRORS)).to.equal(undefined);
    const both = [BASELINE, ...seconds(...times(60, { ...BAD, p95: 2_100 }))];
    expect(firing(both, ERRORS, LATENCY)).to.include({ t: 5_000 });
    expect(firing(both, ERRORS, LATENCY)?.message).to.match(
      /line 14.*latency p95 of answers > 2\.0 s for 5\.0 s.*p95 of the answers was 2\.1 s/,
    );
    expect(firing([BASELINE, ...seconds(...times(60, { ...GOOD, p95: 1_900 }))], LATENCY)).to.equal(undefined);
  });

  /** A load that becomes bad and good at random, so that conditions begin to hold, break off and fire. */
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

  it('say of every longer record what they said of its beginning', () => {
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

/** Parameters with which each rule fires in the sample record: the primary is lost, with no write for 10 s. */
const SURE: Readonly<Record<string, object>> = {
  errors: { above: 0.01, of: 'writes' },
  failover: { service: 'postgres', within: 4_000 },
  latency: { p50_above: 1 },
  series: { name: 'cpu', of: 'postgres', above: 25 },
};

/** The same for series that go across a limit when the primary is lost. */
const SURE_OF_SERIES: Readonly<Record<string, object>> = {
  asked: { above: 50 },
  cache_evictions: { of: 'application', above: 0 },
  cache_hit_ratio: { of: 'redis', below: 70 },
  cache_latency: { of: 'application', above: 0.1 },
  cpu: { of: 'postgres', above: 25 },
  cpu_stolen: { above: 10 },
  disk: { below: 50 },
  dropped: { below: 1 },
  error_share: { above: 1 },
  generator_lag: { above: 1 },
  in_flight: { above: 1 },
  latency_p50: { above: 1 },
  latency_p95: { above: 1 },
  memory: { of: 'host', above: 30 },
  network: { of: 'app', above: 1_000 },
  pressure: { above: 1 },
  primaries: { of: 'postgres', below: 1 },
  queue_depth: { of: 'worker', above: 20 },
  replication_lag: { above: 100 },
  restarts: { of: 'postgres-a', above: 0 },
  round_trip: { above: 0.1 },
  running: { of: 'postgres', below: 2 },
  standbys: { of: 'postgres', below: 1 },
  throughput: { below: 149 },
};

const stopOf = (check: string, params: object | undefined): PlannedStop => ({
  check,
  params,
  for: check === 'failover' ? 0 : 2_000,
  line: 7,
});

describe('the rules by which checks stop a run', () => {
  const events = wholeRecord();
  const stopping = checks.filter(({ stopIf }) => stopIf !== undefined);

  it('each have a row in the tables of this test', () => {
    expect(stopping.map(({ name }) => name)).to.have.members(Object.keys(SURE));
    expect(series.map(({ name }) => name)).to.include.members(Object.keys(SURE_OF_SERIES));
  });

  for (const { name, stopIf } of stopping) {
    it(`have an example that is valid, strict and described: ${name}`, () => {
      if (stopIf === undefined) throw new TypeError('filtered above');
      const example = stopIf.example as Record<string, unknown>;
      const { for: _for, ...params } = stopIf.params.parse(example) as { for: number };
      expect(stopIf.describe(params)).to.match(/ [<>] |^no write accepted within /);
      expect(stopIf.watch(params, SMALL_PLAN.topology)({ t: 1_000, kind: 'note', message: '' })).to.deep.equal([]);
      expect(stopIf.params.safeParse({ ...example, nonsense: 1 }).success).to.equal(false);
    });
  }

  const stops = [
    ...Object.entries(SURE).map(([name, params]) => [name, stopOf(name, params)] as const),
    ...series.map(({ name, example: { of } }) => {
      const always = { above: -1, ...(of === undefined ? {} : { of }) };
      return [`series ${name}`, stopOf('series', { name, ...(SURE_OF_SERIES[name] ?? always) })] as const;
    }),
  ];
  for (const [title, stop] of stops) {
    it(`fire, and say of every longer record what they said of its beginning: ${title}`, () => {
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

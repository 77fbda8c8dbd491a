import { expect } from 'chai';
import { describe, it } from 'mocha';
import check from '../../../harness/checks/series.ts';
import type { CheckResult } from '../../../harness/core/kinds/check-result.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { JudgedPhase } from '../../../harness/core/plan/phases.ts';
import { sampleTick } from '../../helpers/samples/load.ts';
import { sampleHistory, spanOf } from '../../helpers/samples/history.ts';

interface Usage {
  readonly phase?: JudgedPhase;
  readonly server?: string;
  /** CPU in percent at so many seconds after the beginning of the phase; undefined: no reading. */
  readonly cpu: (second: number) => number | undefined;
  readonly everyS?: number;
}

/** CPU readings over a whole phase: one every 5 s, the first 5 s after the beginning. */
function usage({ phase = 'fault', server = 'chaos-app-1', cpu, everyS = 5 }: Usage): RunEvent[] {
  const { started, ended } = spanOf(phase);
  const events: RunEvent[] = [];
  for (let s = everyS; started + s * 1_000 <= ended; s += everyS) {
    const value = cpu(s);
    if (value === undefined) continue;
    events.push({
      kind: 'resources',
      t: started + s * 1_000,
      server_id: server,
      cpu_percent: value,
      memory_percent: null,
      disk_percent: null,
      network_bytes_per_s: null,
      connections: null,
    });
  }
  return events;
}

/** Good answers per second over the fault phase of 30 s, or over a recovery of 20 s. */
const load = (ok: (second: number) => number, phase: JudgedPhase = 'fault'): RunEvent[] => {
  const { started, ended } = spanOf(phase);
  const seconds = (ended - started) / 1_000;
  return Array.from({ length: seconds }, (_, i) => sampleTick(started + (i + 1) * 1_000, { ok: ok(i + 1) }));
};

function judged(params: object, ...events: readonly RunEvent[][]): CheckResult {
  const p = check.params.parse({ name: 'cpu', of: 'app', below: '90%', during: ['fault'], ...params });
  const results = check.evaluate(sampleHistory({ events: events.flat() }), p);
  expect(results).to.have.lengthOf(1);
  return results[0]!;
}
const throughput = (params: object, ...events: readonly RunEvent[][]): CheckResult =>
  judged({ name: 'throughput', of: undefined, below: undefined, above: '50/s', ...params }, ...events);

describe('the check series: for all of the time', () => {
  it('passes when every reading is within the limit, and tells the worst, the limit and its chart', () => {
    const result = judged({}, usage({ cpu: (s) => s }));
    expect(result).to.deep.equal({
      name: 'cpu of app',
      verdict: 'PASS',
      expected: '< 90 %, all of the time',
      observed: 'chaos-app-1: at most 30 % in 6 readings',
      samples: 6,
      during: ['fault'],
      limit: { chart: 'series cpu of app', value: 90, label: 'limit: < 90 %' },
    });
    expect(check.describe(check.params.parse({ name: 'cpu', of: 'app', below: '90%' }))).to.equal(
      'cpu of app < 90 %, all of the time',
    );
  });

  it('fails by one reading at the limit, also when most of the readings are missing', () => {
    const one = judged({}, usage({ cpu: (s) => (s === 15 ? 90 : 10) }));
    expect(one.verdict).to.equal('FAIL');
    expect(one.observed).to.equal(
      'chaos-app-1: at most 90 %: 1 of 6 readings beyond the limit, first 12.5 s after the start',
    );
    expect(judged({}, usage({ cpu: (s) => (s === 15 ? 95 : undefined) })).verdict).to.equal('FAIL');
  });

  it('judges each line by itself: the worst decides', () => {
    const good = usage({ cpu: () => 10 });
    const bad = usage({ server: 'chaos-app-2', cpu: () => 99 });
    expect(judged({}, good, bad)).to.include({ verdict: 'FAIL', samples: 12 });
    expect(judged({}, good, bad).observed).to.match(/^chaos-app-2: /);
    const other = usage({ server: 'chaos-redis-1', cpu: () => 99 });
    expect(judged({}, good, other).verdict, 'another service is not meant').to.equal('PASS');
  });

  it('is INCONCLUSIVE without readings, with few, and with gaps in them: never PASS', () => {
    expect(judged({})).to.include({ verdict: 'INCONCLUSIVE', observed: 'no reading in 30.0 s', samples: 0 });
    const two = judged({}, usage({ cpu: (s) => (s <= 10 ? 10 : undefined) }));
    expect(two).to.include({ verdict: 'INCONCLUSIVE', observed: 'chaos-app-1: only 2 readings in 30.0 s' });
    const gaps = judged({}, usage({ cpu: (s) => (s <= 15 ? 10 : undefined) }));
    expect(gaps.verdict).to.equal('INCONCLUSIVE');
    expect(gaps.observed).to.equal('chaos-app-1: readings cover 75 % of 30.0 s, and 80 % are needed');
    const before = usage({ phase: 'baseline', server: 'chaos-app-2', cpu: () => 10 });
    const silent = judged({}, usage({ cpu: () => 10 }), before);
    expect(silent).to.include({ verdict: 'INCONCLUSIVE', observed: 'chaos-app-2: no reading in 30.0 s' });
    const early = sampleHistory({ phases: ['warmup', 'baseline'], events: before });
    const p = check.params.parse({ name: 'cpu', of: 'app', below: '90%', during: ['fault'] });
    expect(check.evaluate(early, p)[0]).to.include({
      verdict: 'INCONCLUSIVE',
      observed: 'the run did not reach the phase',
    });
  });

  it('takes one missing reading, and a line that began within the phase', () => {
    expect(judged({}, usage({ cpu: (s) => (s === 10 ? undefined : 10) })).verdict).to.equal('PASS');
    const added = usage({ server: 'chaos-app-2', cpu: (s) => (s > 15 ? 10 : undefined) });
    expect(judged({}, usage({ cpu: () => 10 }), added).verdict).to.equal('PASS');
    const hidden = judged({}, added);
    expect(hidden.verdict, 'nothing measured the first half').to.equal('INCONCLUSIVE');
  });

  it('counts a reading to the phase that holds the middle of its time', () => {
    const { started } = spanOf('fault');
    const [late] = usage({ cpu: () => 99 });
    const across = { ...late!, t: started + 1_000 };
    expect(judged({}, usage({ cpu: () => 10 }), [across]).verdict).to.equal('PASS');
  });
});

describe('the check series: for a share of the time', () => {
  it('passes by the lower bound of the share, and fails by the upper bound', () => {
    expect(
      throughput(
        { share: '90%' },
        load(() => 100),
      ),
    ).to.include({
      verdict: 'PASS',
      expected: '> 50/s, 90 % of the time',
      observed: 'within the limit 100.0 % of the time (95 % bounds 90.5 % to 100.0 %; 30 readings)',
    });
    const few = throughput(
      { share: '95%' },
      load(() => 100),
    );
    expect(few.verdict, '30 readings prove 90.5 %').to.equal('INCONCLUSIVE');
    const half = throughput(
      { share: '90%' },
      load((s) => (s % 2 === 0 ? 0 : 100)),
    );
    expect(half.verdict).to.equal('FAIL');
  });

  it('takes neighbours that are alike for less evidence', () => {
    const scattered = throughput(
      { share: '50%' },
      load((s) => (s % 4 === 0 ? 0 : 100)),
    );
    const burst = throughput(
      { share: '50%' },
      load((s) => (s <= 7 ? 0 : 100)),
    );
    expect([scattered.verdict, burst.verdict]).to.deep.equal(['PASS', 'INCONCLUSIVE']);
  });
});

describe('the check series: at the end, and back within a time', () => {
  it('at the end: judges the last reading, which must be fresh', () => {
    expect(judged({ at: 'end' }, usage({ cpu: (s) => 100 - s * 2 }))).to.include({
      verdict: 'PASS',
      expected: '< 90 %, at the end',
      observed: 'chaos-app-1: 40 % in the last reading',
    });
    expect(judged({ at: 'end' }, usage({ cpu: (s) => s * 4 })).verdict).to.equal('FAIL');
    const stale = judged({ at: 'end' }, usage({ cpu: (s) => (s < 20 ? 10 : undefined) }));
    expect(stale).to.include({ verdict: 'INCONCLUSIVE', observed: 'chaos-app-1: no reading in the last 10.0 s' });
    expect(judged({ at: 'end' })).to.include({ verdict: 'INCONCLUSIVE', observed: 'no reading' });
  });

  it('back within: from then on every reading must be within the limit', () => {
    const back = throughput(
      { back_within: '10s' },
      load((s) => (s <= 8 ? 0 : 100)),
    );
    expect(back).to.include({
      verdict: 'PASS',
      expected: '> 50/s, back within 10.0 s',
      observed: 'beyond the limit until 7.5 s after the start; then at least 100/s in 20 readings',
    });
    const late = throughput(
      { back_within: '10s' },
      load((s) => (s <= 12 ? 0 : 100)),
    );
    expect(late).to.include({ verdict: 'FAIL', observed: 'still 0/s 11.5 s after the start' });
    const again = throughput(
      { back_within: '10s' },
      load((s) => (s === 25 ? 0 : 100)),
    );
    expect(again.verdict).to.equal('FAIL');
    const never = throughput(
      { back_within: '10s' },
      load(() => 100),
    );
    expect(never.observed).to.match(/^no reading was beyond the limit; /);
    const began = throughput(
      { back_within: '10s' },
      load((s) => (s < 22 ? 0 : 100)).filter(({ t }) => t > spanOf('fault').started + 18_000),
    );
    expect(began, 'the time counts from the phase, not from the first reading').to.include({
      verdict: 'FAIL',
      observed: 'still 0/s 20.5 s after the start',
    });
  });

  it('back within: is INCONCLUSIVE without readings afterwards, and in a phase that is not longer', () => {
    const cut = throughput({ back_within: '10s' }, load(() => 100).slice(0, 12));
    expect(cut).to.include({
      verdict: 'INCONCLUSIVE',
      observed: 'after the first 10.0 s: only 2 readings in 20.0 s',
    });
    const short = throughput(
      { back_within: '30s' },
      load(() => 100),
    );
    expect(short).to.include({ verdict: 'INCONCLUSIVE', observed: 'the phase lasted 30.0 s only' });
  });
});

describe('the check series: for a share of the time, after a while', () => {
  it('judges what comes then, and forgives what was before', () => {
    const after = throughput(
      { share: '80%', back_within: '10s' },
      load((s) => (s < 10 ? 0 : 100)),
    );
    expect(after).to.include({
      verdict: 'PASS',
      expected: '> 50/s, 80 % of the time after the first 10.0 s',
      observed:
        'after the first 10.0 s: within the limit 100.0 % of the time (95 % bounds 86.1 % to 100.0 %; 20 readings)',
    });
    const bad = throughput(
      { share: '80%', back_within: '10s' },
      load((s) => (s > 10 && s % 2 === 0 ? 0 : 100)),
    );
    expect(bad.verdict).to.equal('FAIL');
  });

  it('is INCONCLUSIVE without readings then, and in a phase that is not longer', () => {
    const cut = throughput({ share: '50%', back_within: '10s' }, load(() => 100).slice(0, 12));
    expect(cut).to.include({ verdict: 'INCONCLUSIVE', observed: 'after the first 10.0 s: only 2 readings in 20.0 s' });
    const short = throughput(
      { share: '50%', back_within: '30s' },
      load(() => 100),
    );
    expect(short).to.include({ verdict: 'INCONCLUSIVE', observed: 'the phase lasted 30.0 s only' });
  });
});

describe('the parameters of the check series', () => {
  const issues = (params: object): readonly string[] =>
    check.params.safeParse(params).error?.issues.map(({ message }) => message) ?? [];

  it('become numbers in the unit of the series', () => {
    const limit = (name: string, below: unknown): unknown => {
      const of = name === 'network' || name === 'running' ? { of: 'app' } : {};
      return (check.params.parse({ name, below, ...of }) as { below: unknown }).below;
    };
    expect(limit('disk', '12.5%')).to.equal(12.5);
    expect(limit('generator_lag', '2s')).to.equal(2_000);
    expect(limit('network', '2MB/s')).to.equal(2_000_000);
    expect(limit('throughput', '60/min')).to.equal(1);
    expect(limit('running', 3)).to.equal(3);
  });

  it('take a demand that can be, and are asked of the baseline when the gate asks', () => {
    const base = { name: 'disk', below: '90%' };
    expect(issues({ ...base, share: '95%' })).to.deep.equal([]);
    expect(issues({ ...base, share: '95%', back_within: '10s' })).to.deep.equal([]);
    for (const other of [{ share: '95%' }, { back_within: '10s' }])
      expect(issues({ ...base, ...other, at: 'end' })).to.deep.equal(['write at alone, without share and back_within']);
    expect(issues({ ...base, share: '100%' })).to.deep.equal(['write a percentage between 0% and 100%']);
    const p = check.params.parse({ ...base, during: ['fault'] });
    expect(check.inPhase?.(p, 'baseline').during).to.deep.equal(['baseline']);
  });

  it('tell a run what it must measure', () => {
    const { topology } = sampleHistory().plan;
    const needs = (params: object): unknown => check.measures?.(check.params.parse(params), topology);
    expect(needs({ name: 'running', of: 'app', below: 4 })).to.deep.equal({ watched: ['app'] });
    expect(needs({ name: 'disk', below: '90%' })).to.deep.equal({});
  });
});

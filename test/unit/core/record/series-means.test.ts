import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Plan } from '../../../../harness/core/plan/plan.ts';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import { seriesAskedFor, seriesMeans } from '../../../../harness/core/record/series-means.ts';
import { series } from '../../../../harness/series/index.ts';
import { sampleTick } from '../../../helpers/samples/load.ts';
import { sampleHistory, spanOf } from '../../../helpers/samples/history.ts';

/** The processors of a container, percent, so many seconds after the beginning of a phase. */
const usage = (phase: 'baseline' | 'fault', second: number, cpu: number, server = 'chaos-app-1'): RunEvent => ({
  kind: 'resources',
  t: spanOf(phase).started + second * 1_000,
  server_id: server,
  cpu_percent: cpu,
  memory_percent: null,
  disk_percent: null,
  network_bytes_per_s: null,
  connections: null,
});
const CHARTS: Partial<Plan> = { charts: [{ name: 'cpu', of: 'app' }] };

describe('the means of series', () => {
  it('are over all readings of all lines in a phase, for each phase that has any', () => {
    const events = [
      usage('baseline', 10, 20),
      usage('fault', 10, 60),
      usage('fault', 10, 30, 'chaos-app-2'),
      usage('fault', 10, 99, 'chaos-nginx-1'),
    ];
    expect(seriesMeans(sampleHistory({ plan: CHARTS, events }), series)).to.deep.equal([
      { name: 'cpu of app', during: 'baseline', unit: 'percent', mean: 20 },
      { name: 'cpu of app', during: 'fault', unit: 'percent', mean: 45 },
    ]);
  });

  it('have the figures of the load, whatever the plan names', () => {
    const tick = sampleTick(spanOf('fault').started + 5_000, { ok: 90, failed: 10, p95_ms: 40 });
    const means = seriesMeans(sampleHistory({ events: [tick] }), series);
    expect(means.map(({ name, during, mean }) => [name, during, mean])).to.deep.equal([
      ['latency_p95', 'fault', 40],
      ['throughput', 'fault', 90],
      ['error_share', 'fault', 10],
    ]);
  });

  it('leave out a series that this version does not know', () => {
    expect(seriesMeans(sampleHistory({ plan: { charts: [{ name: 'moon_phase' }] } }), series)).to.deep.equal([]);
  });

  it('name each series once that hypotheses, stop conditions and charts ask for', () => {
    const limited = { check: 'series', params: { name: 'cpu', of: 'app', below: 90 }, line: 1 };
    const plan = { hypotheses: [limited], stop_if: [{ ...limited, for: 1 }], charts: [{ name: 'memory', of: 'app' }] };
    expect(seriesAskedFor(plan, series).map(({ name, of }) => `${name} of ${of}`)).to.deep.equal([
      'cpu of app',
      'memory of app',
    ]);
  });
});

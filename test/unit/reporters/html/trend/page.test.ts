import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { describe, it } from 'mocha';
import type { TrendDocument } from '../../../../../harness/core/trend/trend.ts';
import { trendPage } from '../../../../../harness/reporters/html/trend/page.ts';

const t = (day: number): string => `2026-09-${String(day).padStart(2, '0')}T02:00:00.000Z`;

const HISTORY: TrendDocument = {
  schema_version: 1,
  experiments: [
    {
      experiment: 'redis-loss',
      title: 'Losing <Redis> at postgres://chaos:hunter2hunter2@db/x',
      runs: [
        { run: 'r1', t: t(1), verdict: 'PASS', dir: '/data/reports/r1' },
        { run: 'r 2', t: t(2), verdict: 'NOT RESTORED', dir: '/data/reports/r 2' },
      ],
      checks: [
        {
          name: 'errors',
          verdicts: [
            { run: 'r1', verdict: 'PASS' },
            { run: 'r 2', verdict: 'FAIL' },
          ],
        },
      ],
    },
  ],
  series: [
    {
      experiment: 'redis-loss',
      name: 'latency p95 (fault)',
      of: 'check',
      unit: 'duration',
      worse: 'more',
      points: [
        { run: 'r1', t: t(1), value: 100 },
        { run: 'r 2', t: t(2), value: 130 },
      ],
      changes: [{ run: 'r 2', t: t(2), from: 100, to: 130, p: 1e-5, confirmed: null }],
    },
  ],
};

const page = (document = HISTORY): string => trendPage(document, { from: '/data/reports', version: '1.2.3' });

describe('reports/index.html', () => {
  const whole = page();

  it('shows verdicts, figures and changes, and links each run to its report', () => {
    expect(whole).to.include('href="r1/report.html"').and.to.include('href="r%202/report.html"');
    expect(whole).to.include('class="night is-not-restored"');
    expect(whole).to.include('+30 % (100 ms → 130 ms)').and.to.include('for the worse').and.to.include('not rerun');
    expect(whole).to.match(/<polyline points="5,39 315,5"\/>/);
    expect(whole).to.include('<line class="change is-bad" x1="315"');
  });

  it('makes no request, runs no script and needs no other file', () => {
    const style = /<style>([^]*?)<\/style>/.exec(whole)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(whole).to.include(`default-src 'none'; style-src 'sha256-${hash}'`);
    expect(whole).not.to.match(/<script|<link|<img|url\(|@import|https?:\/\//);
    expect(style).to.include('prefers-color-scheme: dark').and.to.include('.night');
  });

  it('shows no secret, and takes no text for markup', () => {
    expect(whole).not.to.include('hunter2');
    expect(whole).to.include('Losing &lt;Redis&gt;');
  });

  it('says so when nothing was run or nothing has changed', () => {
    const empty = page({ schema_version: 1, experiments: [], series: [] });
    expect(empty).to.include('No change was found.').and.to.include('0 runs');
  });

  it('draws one run, and equal values, in the middle', () => {
    const [series] = HISTORY.series;
    const one = { ...series!, changes: [], points: series!.points.slice(0, 1) };
    expect(page({ ...HISTORY, series: [one] })).to.include('<polyline points="5,22"/>');
  });
});

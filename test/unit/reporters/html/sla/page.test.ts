import { expect } from 'chai';
import { describe, it } from 'mocha';
import { bookRuns, type SlaRun } from '../../../../../harness/core/sla/book-runs.ts';
import { OBJECTIVE } from '../../../../../harness/core/sla/objective.ts';
import { slaPage } from '../../../../../harness/reporters/html/sla/page.ts';
import { HOSTILE } from '../../../../helpers/samples/hostile.ts';
import { sampleRun } from '../../../../helpers/samples/run.ts';

const { document } = sampleRun({ outageS: 12 });
const { sla } = document;
if (sla === undefined) throw new Error('the sample reached its baseline');

/** A run on this day of November 2026, with errors outside its drill. */
const run = (day: number, errors: number, name = 'redis-loss'): SlaRun => ({
  run: `run-${day}`,
  experiment: name,
  started: `2026-11-${String(day).padStart(2, '0')}T02:00:00.000Z`,
  ended: `2026-11-${String(day).padStart(2, '0')}T02:05:00.000Z`,
  sla: { ...sla, outside: { ...sla.outside, errors } },
});

const page = (runs: readonly SlaRun[]): string =>
  slaPage(bookRuns(runs, OBJECTIVE), {
    version: '0.1.0',
    drawn: '2026-11-30T12:00:00.000Z',
    link: (name) => (name === 'run-7' ? 'reports/run-7/report.html' : undefined),
  });

const count = (text: string, part: RegExp): number => text.match(part)?.length ?? 0;

describe('the page of chaos sla', () => {
  const drawn = page([run(3, 0), run(7, 90)]);

  it('has a solid bar for incidents and a hatched bar for drills, and a place for each day between', () => {
    const chart = /<svg class="days"[^]*?<\/svg>/.exec(drawn)?.[0] ?? '';
    expect(count(chart, /<rect class="incident"/g), 'two observed days').to.equal(2);
    expect(count(chart, /<rect class="drill" fill="url\(#hatch\)"/g)).to.equal(2);
    expect(count(chart, /<g><title>/g)).to.equal(2);
    expect(count(chart, /text-anchor="middle"/g), 'five days').to.equal(5);
    const heights = [...chart.matchAll(/class="incident"[^>]*height="([\d.]+)"/g)].map(([, height]) => Number(height));
    expect(heights[0]).to.equal(0);
    expect(heights[1]).to.be.greaterThan(1);
  });

  it('links runs that are there, runs no script and makes no request', () => {
    expect(drawn).to.include('<a href="reports/run-7/report.html">run-7</a>');
    expect(drawn.replaceAll('url(#hatch)', '')).not.to.match(/<script|<link|<img|url\(|@import|https?:\/\//);
  });

  it('takes no text for markup, and says so when nothing was observed', () => {
    const hostile = page([{ ...run(7, 1), run: HOSTILE }]);
    expect(hostile).not.to.include('<script>');
    expect(page([])).to.include('Outside drills no request was observed.').and.not.include('NaN');
  });
});

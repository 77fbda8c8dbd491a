import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { JudgedRun } from '../../../harness/core/record/run.ts';
import type { Burn } from '../../../harness/core/sla/burn.ts';
import { renderVerdict } from '../../../harness/reporters/console/verdict.ts';
import { burnTable } from '../../../harness/reporters/html/burn-table.ts';
import markdown from '../../../harness/reporters/markdown.ts';
import { burnText, percent, saturdayText } from '../../../harness/reporters/wording/burn.ts';
import { bookedText, highPercent, lengthText } from '../../../harness/reporters/wording/sla.ts';
import { notReadyRun, sampleRun } from '../../helpers/samples/run.ts';

const PROMISED = { objective_percent: 99.9, month_days: 30, saturday_per_s: 278 };
const judged = sampleRun({ outageS: 12 });
const burnIn = ({ document }: JudgedRun): Burn => {
  const burn = document.sla?.faults[0];
  if (burn === undefined) throw new Error('the sample has a fault');
  return burn;
};
const burn = burnIn(judged);
const PLAIN = { isTTY: false, columns: 100, color: false, write: () => undefined };

describe('what a fault burnt, in reports', () => {
  it('is said with its population, its bound, and the objective', () => {
    const text = burnText({ ...burn, requests: 3_400, errors: 340, observed_s: 34, burnt_percent: 3.14 }, PROMISED);
    expect(text).to.match(
      /^this fault burnt 3\.1 % of a 30-day budget at 99\.9 % \(at most [\d.]+ %\): 340 of 3,400 requests failed in 34\.0 s$/,
    );
  });

  it('is said when it is nothing, and when it is not known', () => {
    const none = { ...burn, errors: 0, burnt_percent: 0, burnt_at_most_percent: 0.004, saturday_errors: 0 };
    expect(burnText(none, PROMISED)).to.match(
      /^this fault burnt nothing of a 30-day budget at 99\.9 % \(at most 0\.004 %\): 0 of/,
    );
    expect(saturdayText(none, PROMISED)).to.match(/^on a Saturday of 278 requests\/s: none of [\d,]+ requests$/);
    const unseen = { ...burn, requests: 0, burnt_percent: null, burnt_at_most_percent: null, saturday_errors: null };
    expect(burnText(unseen, PROMISED)).to.include('what it burnt is not known');
    expect(saturdayText(unseen, PROMISED)).to.equal('');
  });

  it('names the faults of the same time', () => {
    expect(burnText({ ...burn, together_with: ['latency-2'] }, PROMISED)).to.match(/, together with latency-2$/);
  });

  it('is in the page, in summary.md and on the console, the same figure', () => {
    const said = burnText(burn, PROMISED);
    expect(burnTable(judged)?.text).to.include(said);
    expect(markdown.render(judged)).to.include(said).and.to.include('What did it cost of the error budget?');
    expect(renderVerdict(judged.document, PLAIN)).to.include(`$ kill-1: ${said}`);
  });

  it('is left out of a run that broke nothing', () => {
    expect(burnTable(notReadyRun())).to.equal(undefined);
    expect(markdown.render(notReadyRun())).not.to.include('error budget');
  });
});

describe('figures of an SLA', () => {
  it('have as many digits as they need', () => {
    expect([0, 0.00423, 0.31, 3.14, 31.46].map(percent)).to.deep.equal([
      '0 %',
      '0.0042 %',
      '0.31 %',
      '3.1 %',
      '31.5 %',
    ]);
    expect([100, 99.99874, 99.5, 12.3, null].map(highPercent)).to.deep.equal([
      '100 %',
      '99.9987 %',
      '99.50 %',
      '12.3 %',
      '–',
    ]);
    expect([0, 3.21, 34, 2_592, 16_200].map(lengthText)).to.deep.equal([
      '0 s',
      '3.2 s',
      '34 s',
      '43 min 12 s',
      '4 h 30 min',
    ]);
  });

  it('are no zero when nothing was seen', () => {
    const nothing = {
      requests: 0,
      errors: 0,
      down_s: 0,
      availability_percent: null,
      uptime_percent: null,
      burnt_percent: null,
    };
    expect(bookedText({ ...nothing, observed_s: 0 })).to.equal('no time at all');
    expect(bookedText({ ...nothing, observed_s: 60 })).to.equal('not one request in 1 min 0 s');
  });
});

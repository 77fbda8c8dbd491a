import { expect } from 'chai';
import { describe, it } from 'mocha';
import { runbooksDocument } from '../../../../harness/core/runbook/many.ts';
import { renderRunbooks } from '../../../../harness/reporters/console/runbook.ts';
import { runbookPage } from '../../../../harness/reporters/html/runbook-page.ts';
import { gainText } from '../../../../harness/reporters/wording/runbook.ts';
import { armRow, runbookSample } from '../../../helpers/samples/runbook.ts';

const SINK = { write: () => undefined, isTTY: false, columns: 100, color: false };

describe('the table of several runbooks', () => {
  it('has a line for each, with verdict, gain and its interval, and commit, and those that were not begun', () => {
    const text = renderRunbooks(
      runbooksDocument({
        documents: [
          runbookSample(),
          runbookSample({
            runbook: 'bad-release',
            verdict: 'broken',
            why: 'it came back 1 of 3 times only',
            gained_s: { estimate: 3, low: -1, high: 7.5 },
            commit: '',
          }),
        ],
        notBegun: [{ runbook: 'overload', reason: 'no time is left' }],
        commit: '349d87d',
        seed: 1,
        took_s: 125,
      }),
      SINK,
    );
    const lines = text.split('\n');
    expect(lines.find((line) => line.includes('redis-full'))).to.match(
      /✓ proven .* at least 24\.1 s .* 349d87d {2}it came/,
    );
    expect(lines.find((line) => line.includes('bad-release'))).to.match(
      /✗ broken .* 3\.0 s \(90 % bounds -1\.0 to 7\.5 s\)/,
    );
    expect(lines.find((line) => line.includes('overload'))).to.match(/\? not begun .*no time is left/);
    expect(text).to.include('1 of 3 runbooks proven, in 2 min 05 s');
  });
});

describe('the page of a validation', () => {
  it('says of hands off what the arms with hands off showed (one of five came back, and it said that none did)', () => {
    const gained = (...recoveries: readonly (number | null)[]): string =>
      gainText({
        gained_s: { estimate: 20, low: 19.8, high: null },
        arms: [
          ...recoveries.map((recovery) => armRow('control', recovery)),
          { ...armRow('control', 9), recovered: null },
        ],
      });
    expect(gained(null, null)).to.equal('at least 19.8 s (the system did not come back with hands off)');
    expect(gained(null, 29.9, null, null, null)).to.equal(
      'at least 19.8 s (with hands off the system came back in 1 of 5 arms)',
    );
  });

  it('says the verdict, why, each arm, and asks nobody for anything', () => {
    const html = runbookPage(runbookSample(), '0');
    expect(html).to.include('<header class="banner verdict-pass">').and.to.include('with hands off never');
    expect(html.split('still broken after 33.0 s')).to.have.lengthOf(4);
    expect(html).to.not.match(/<(?:link|script)[^>]+(?:href|src)=/);
  });
});

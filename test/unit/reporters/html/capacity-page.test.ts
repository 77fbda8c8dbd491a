import { expect } from 'chai';
import { describe, it } from 'mocha';
import { renderCapacitySignOff } from '../../../../harness/reporters/console/capacity-sign-off.ts';
import { capacityPage } from '../../../../harness/reporters/html/capacity/page.ts';
import { capacitySentence, keptText } from '../../../../harness/reporters/wording/capacity.ts';
import { capacityDocument as document, capacityRow as row } from '../../../helpers/samples/capacity.ts';

const SINK = { write: () => undefined, isTTY: false, columns: 100, color: false };

describe('the page for whoever signs', () => {
  it('says the sentence, what is left, what is not shown, and what it rests on', () => {
    const page = capacityPage(document({ forecast: { first: '2027-06-05', last: null } }), '1.0.0');
    for (const text of [
      'GO WITH CONDITIONS',
      'The system carries 412/s (398 to 421): the lower end is 1.43 times the wanted 278/s, which 2,198 users make. Latency breaks first.',
      'For Grace Hopper to sign.',
      '73 % (70 to 76)',
      'processors',
      'without redis: no time was left',
      'Growth uses the margin up between 2027-06-05 and a later day than anybody can say',
      'Nobody declares this environment to be like production',
      '24 GiB',
      'runs/20261130-peak/report.html',
      'a'.repeat(64),
    ])
      expect(page).to.include(text);
    expect(page).to.include('Ada &lt;b&gt;Lovelace&lt;/b&gt; waives');
    // Only the steps without any fault are in the curve.
    expect(page).to.include('800/s offered, 40/s in time: not carried').and.not.to.include('333/s offered');
    expect(page).not.to.match(/<script|https?:\/\//);
  });

  it('is a page too when nothing is known', () => {
    const empty = document({
      verdict: 'INCONCLUSIVE',
      knees: [],
      margins: [],
      curve: [],
      certificate: null,
      not_after: null,
      reason: 'the full capacity is not known: its run ended ABORTED',
    });
    const page = capacityPage(empty, '1.0.0');
    expect(page).to.include('Nothing is certified.').and.to.include('its run ended ABORTED');
    expect(renderCapacitySignOff(empty, SINK)).to.include('INCONCLUSIVE').and.to.include('certificate  none');
  });

  it("names the generator's limit as such, and a lower end as one", () => {
    const generator = row('full', 300, 300, null, { limit: 'generator', generator_per_s: 350, limits: [] });
    const text = capacitySentence(document({ knees: [generator] }));
    expect(text).to.include('at least 300/s').and.to.include('The load generator failed before the system, at 350/s');
    expect(keptText(row('without app', 290, 280, 300), generator)).to.equal('at most 100 %');
  });

  it('is a table for a terminal too', () => {
    const text = renderCapacitySignOff(document(), SINK);
    expect(text).to.match(/without app +301\/s \(290 to 309\) +73 % \(70 to 76\) +processors/);
    expect(text).to.include('○ not shown     without redis: no time was left');
    expect(renderCapacitySignOff(document({ signed: false }), SINK)).to.include('not signed: there was no key');
  });
});

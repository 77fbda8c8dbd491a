import { expect } from 'chai';
import { describe, it } from 'mocha';
import { runbookTable } from '../../evidence/runbook-table.ts';
import { runbookSample } from '../../helpers/samples/runbook.ts';

describe('the table of the shipped runbooks', () => {
  it('says what is proven, why not, and what was not begun, each row with as many cells as the head', () => {
    const [sample] = runbookSample().arms;
    const table = runbookTable({
      runbooks: [
        runbookSample(),
        runbookSample({
          runbook: 'slow-link',
          verdict: 'broken',
          why: 'clear-the-way: a | b\nfailed',
          gained_s: { estimate: null, low: null, high: null },
          arms: sample === undefined ? [] : [{ ...sample, void: 'the host was busy', recovered: null }],
        }),
      ],
      not_begun: [{ runbook: 'overload', reason: 'no time is left' }],
    });
    const lines = table.split('\n');
    expect(lines).to.have.lengthOf(5);
    for (const line of lines) expect(line.split('|')).to.have.lengthOf(8);
    expect(lines[2]).to.include('| proven | at least 24.1 s');
    expect(lines[3]).to.include('**broken**: clear-the-way: a / b failed | not known | 1 | 1 |');
    expect(lines[4]).to.include('**not begun**: no time is left');
  });
});

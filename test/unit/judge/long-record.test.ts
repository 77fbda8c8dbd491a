import { expect } from 'chai';
import { describe, it } from 'mocha';
import { judgeFolder } from '../../../harness/judge/folder.ts';
import { known } from '../../helpers/known.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';
import { writeLongRecord } from '../../helpers/samples/long-record.ts';

describe('a record of 100,000 requests', function () {
  // A hang guard: writing the record takes some seconds.
  this.timeout(60_000);

  it('is judged whole, from many blocks of samples and several pieces of events', async () => {
    const dir = await writeLongRecord(temporaryFolder(), { run: 'long', seconds: 360, ratePerS: 278 });
    const { history, document } = judgeFolder(dir, known);
    expect(document.invalid).to.deep.equal([]);
    // Six seconds without a primary are too long for the p95 of a fault phase of two minutes.
    expect(document.checks.filter(({ verdict }) => verdict !== 'PASS').map(({ during }) => during)).to.deep.equal([
      ['fault'],
    ]);
    expect(document.faults[0]?.effective).to.equal('effective');
    expect(history).to.include({ seal: 'sealed' }).and.to.have.deep.property('torn', []);
    expect(history.requests.length).to.be.greaterThan(100_000);
    const judged = document.checks.filter(({ name }) => name === 'errors').map(({ samples }) => samples);
    expect(judged).to.have.lengthOf(2);
    for (const samples of judged) expect(samples).to.be.closeTo(278 * 115.2, 5);
  });
});

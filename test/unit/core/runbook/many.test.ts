import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type NotBegun, runbooksDocument, stillHolds } from '../../../../harness/core/runbook/many.ts';
import type { RunbookDocument } from '../../../../harness/core/runbook/document.ts';
import { runbookSample } from '../../../helpers/samples/runbook.ts';

const documentOf = (documents: readonly RunbookDocument[], notBegun: readonly NotBegun[] = []) =>
  runbooksDocument({ documents, notBegun, commit: '349d87d', seed: 1, took_s: 60 });

const broken = runbookSample({ runbook: 'slow-link', verdict: 'broken', exit_code: 1 });
const unclear = runbookSample({ runbook: 'overload', verdict: 'INCONCLUSIVE', exit_code: 4 });

describe('the document of several runbooks', () => {
  it('lists them by their names, and ends as the worst of them', () => {
    const { runbooks, exit_code } = documentOf([broken, runbookSample(), unclear]);
    expect(runbooks.map(({ runbook }) => runbook)).to.deep.equal(['overload', 'redis-full', 'slow-link']);
    expect(exit_code).to.equal(1);
    expect(documentOf([runbookSample()]).exit_code).to.equal(0);
    const left = runbookSample({ verdict: 'NOT RESTORED', exit_code: 6 });
    expect(documentOf([broken, left]).exit_code).to.equal(6);
  });

  it('never ends with 0 when a runbook was not begun: nothing is proven about it', () => {
    const ends = (reason: NotBegun['reason']): number =>
      documentOf([runbookSample()], [{ runbook: 'overload', reason }]).exit_code;
    expect(ends('no time is left')).to.equal(4);
    expect(ends('it was ended early')).to.equal(130);
    expect(ends('something before it could not be put back')).to.equal(6);
  });
});

describe('a validation that still holds', () => {
  const asked = { digest: 'a'.repeat(64), commit: '349d87d' };

  it('is the newest of the same text and the same commit that decided something', () => {
    const newer = runbookSample({ run: 'newer' });
    const undecided = runbookSample({ run: 'newest', verdict: 'INCONCLUSIVE' });
    expect(stillHolds(asked, [runbookSample(), newer, undecided])).to.equal(newer);
    expect(stillHolds(asked, [broken])).to.equal(broken);
  });

  it('is none when the text or the commit is another, when it decided nothing, or when files were changed', () => {
    expect(stillHolds({ ...asked, digest: 'b'.repeat(64) }, [runbookSample()])).to.equal(undefined);
    expect(stillHolds({ ...asked, commit: '1111111' }, [runbookSample()])).to.equal(undefined);
    for (const verdict of ['INCONCLUSIVE', 'INTERRUPTED', 'NOT RESTORED'] as const)
      expect(stillHolds(asked, [runbookSample({ verdict })])).to.equal(undefined);
    for (const commit of ['349d87d + changes', ''])
      expect(stillHolds({ ...asked, commit }, [runbookSample({ commit })])).to.equal(undefined);
  });
});

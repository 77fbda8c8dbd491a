import { expect } from 'chai';
import { describe, it } from 'mocha';
import { tooOld } from '../../../harness/library/node-version.ts';

describe('the version of Node that imports the library', () => {
  it('is refused before 24, with a code, what to do, and no lines of ours', () => {
    for (const version of ['18.20.8', '20.20.2', 'v23.11.1', 'unknown']) {
      const error = tooOld(version);
      expect(error, version).to.include({ code: 'CHAOS_NODE', exit: 'not-ready' });
      expect(error?.stack)
        .to.include(version)
        .and.include('install it')
        .and.not.match(/^\s+at /m);
    }
  });

  it('is fine from 24 on', () => {
    for (const version of ['24.0.0', 'v24.21.0', '26.1.0', '100.0.0'])
      expect(tooOld(version), version).to.equal(undefined);
  });
});

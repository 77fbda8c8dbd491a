import { expect } from 'chai';
import { describe, it } from 'mocha';
import { isLost } from '../../../harness/store/lost.ts';

const coded = (code: string): Error => Object.assign(new Error('x'), { code });

describe('an error of the results database', () => {
  it('is a lost connection when the server ended, restarts, was replaced, or cannot be reached', () => {
    for (const code of ['57P01', '57P02', '57P03', '08006', '08P01', '25006', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE'])
      expect(isLost(coded(code)), code).to.equal(true);
    for (const text of [
      'Connection terminated unexpectedly',
      'Client has encountered a connection error and is not queryable',
      'timeout exceeded when trying to connect',
    ])
      expect(isLost(new Error(text)), text).to.equal(true);
  });

  it('is none when the same statement would fail again: a full disk, a bad value, no right, a statement given up', () => {
    for (const code of ['53100', '22P02', '42501', '57014', '23505']) expect(isLost(coded(code)), code).to.equal(false);
    expect(isLost(new Error('Query read timeout'))).to.equal(false);
    expect(isLost('57P01')).to.equal(false);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readTarget } from '../../../../topology/app/target.ts';

describe('the request target of the app', () => {
  for (const [target, path, query] of [
    ['/api/dashboard?vendor_id=7', '/api/dashboard', 'vendor_id=7'],
    ['/', '/', ''],
    ['', '/', ''],
    ['//', '//', ''],
    ['//[', '//[', ''],
    ['http://[', '/', ''],
    ['http://wedsync/photos/1?a=b', '/photos/1', 'a=b'],
    ['HTTPS://wedsync?a=b', '/', 'a=b'],
    ['/a/../b', '/a/../b', ''],
    ['/a?b?c#d?e', '/a', 'b%3Fc='],
    ['*', '*', ''],
  ] as const) {
    it(`is read as it was written: ${target === '' ? 'nothing' : target} (case A1)`, () => {
      const read = readTarget(target);
      expect([read.path, read.query.toString()]).to.deep.equal([path, query]);
    });
  }
});

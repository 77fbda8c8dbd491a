import { describe, it } from 'mocha';
import { expect } from 'chai';
import { assertStoreApart } from '../../../harness/store/under-test.ts';

const DATABASE = 'postgres://wedsync:pw@127.0.0.1:15432/wedsync';

const codeOf = (url: string, database: string | undefined = DATABASE): unknown => {
  try {
    assertStoreApart(url, database);
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

describe('assertStoreApart', () => {
  for (const host of [
    '127.0.0.1',
    'localhost',
    'LOCALHOST.',
    '[::1]',
    '0.0.0.0',
    '127.0.1.1',
    '[::ffff:127.0.0.1]',
    'db.localhost',
  ]) {
    it(`refuses the database under test when the URL names it as ${host}`, () => {
      expect(codeOf(`postgresql://other:pw@${host}:15432/results`)).to.equal('CHAOS_STORE_UNDER_TEST');
    });
  }

  it('refuses the database under test when its address is in the query of the URL', () => {
    expect(codeOf('postgres://u@elsewhere/results?host=localhost&port=15432')).to.equal('CHAOS_STORE_UNDER_TEST');
    expect(codeOf('postgres:///results?port=15432')).to.equal('CHAOS_STORE_UNDER_TEST');
  });

  it('knows the default port of Postgres', () => {
    expect(codeOf('postgres://u@db.example/results', 'postgres://u@DB.example:5432/x')).to.equal(
      'CHAOS_STORE_UNDER_TEST',
    );
  });

  it('accepts another port, another host, and any database when none is known to be under test', () => {
    expect(codeOf('postgres://u@localhost:5432/wedsync')).to.equal(undefined);
    expect(codeOf('postgres://u@results.example:15432/wedsync')).to.equal(undefined);
    expect(codeOf(DATABASE, 'not a URL')).to.equal(undefined);
  });

  it('refuses a URL that is not for Postgres, and does not repeat it because it may hold a password', () => {
    expect(codeOf('mysql://u:secret@h/x')).to.equal('CHAOS_STORE_URL');
    expect(() => assertStoreApart('u:secret@h', undefined))
      .to.throw()
      .with.property('message')
      .that.does.not.include('secret');
  });
});

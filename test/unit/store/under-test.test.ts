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
    it(`refuses the database under test as ${host}`, () => {
      expect(codeOf(`postgresql://other:pw@${host}:15432/results`)).to.equal('CHAOS_STORE_UNDER_TEST');
    });
  }

  it('sees through an address given in the query', () => {
    expect(codeOf('postgres://u@elsewhere/results?host=localhost&port=15432')).to.equal('CHAOS_STORE_UNDER_TEST');
    expect(codeOf('postgres:///results?port=15432')).to.equal('CHAOS_STORE_UNDER_TEST');
  });

  it('knows the default port', () => {
    expect(codeOf('postgres://u@db.example/results', 'postgres://u@DB.example:5432/x')).to.equal(
      'CHAOS_STORE_UNDER_TEST',
    );
  });

  it('accepts another port, another host, and any where nothing is under test', () => {
    expect(codeOf('postgres://u@localhost:5432/wedsync')).to.equal(undefined);
    expect(codeOf('postgres://u@results.example:15432/wedsync')).to.equal(undefined);
    expect(codeOf(DATABASE, 'not a URL')).to.equal(undefined);
  });

  it('refuses what is no Postgres, without repeating it: it may hold a password', () => {
    expect(codeOf('mysql://u:secret@h/x')).to.equal('CHAOS_STORE_URL');
    expect(() => assertStoreApart('u:secret@h', undefined))
      .to.throw()
      .with.property('message')
      .that.does.not.include('secret');
  });
});

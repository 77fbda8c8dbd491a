import { expect } from 'chai';
import { describe, it } from 'mocha';
import { secretsOf } from '../../../../harness/core/text/secrets.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';

describe('secretsOf', () => {
  it('masks the values of variables that are named like secrets, but no switch like "on"', () => {
    const clean = secretsOf({
      CHAOS_DB_PASSWORD: 'kiwi7Zq',
      GITHUB_TOKEN: 'lime8Yx',
      USE_TOKEN: 'on',
      HOME: '/home/kiwi',
    });
    expect(clean('kiwi7Zq lime8Yx on /home/kiwi')).to.equal('*** *** on /home/kiwi');
  });

  for (const [how, url] of Object.entries({
    'as it is': 'postgres://u:kiwi7Zq@h/db',
    encoded: 'postgres://u:kiwi%37Zq@h/db',
    'in the query': 'postgres://h/db?user=u&password=kiwi7Zq',
  })) {
    it(`masks the password of the results database, written ${how}`, () => {
      expect(secretsOf({ CHAOS_RESULTS_URL: url })('role u, password kiwi7Zq.')).not.to.include('kiwi7Zq');
    });
  }

  it('masks the address of a webhook, whose path is the secret, but no address without a path', () => {
    const clean = secretsOf({
      CHAOS_SLACK_WEBHOOK_URL: 'https://hooks.example/T0/kiwi7Zq',
      CHAOS_WEBHOOK_URL: 'http://127.0.0.1:19094',
    });
    expect(clean('at https://hooks.example/T0/kiwi7Zq.')).to.equal('at ***.');
    expect(clean('the pager at http://127.0.0.1:19094')).to.equal('the pager at http://127.0.0.1:19094');
  });

  it('takes a stray % in a password literally', () => {
    expect(secretsOf({ CHAOS_RESULTS_URL: 'postgres://u:kiwi%zz7@h/db' })('<kiwi%zz7>')).to.equal('<***>');
  });

  it('masks the passwords of the topology, but not a name in the topology that is the same as a password', () => {
    const clean = (password: string) => secretsOf({}, { ...SPEC, database: `postgres://u:${password}@127.0.0.1/x` });
    expect(clean('kiwi7Zq')('said kiwi7Zq')).to.equal('said ***');
    expect(clean('postgres')('failover of postgres at postgres://u:postgres@h')).to.equal(
      'failover of postgres at postgres://u:***@h',
    );
  });

  it('keeps figures that contain a password of digits', () => {
    const clean = secretsOf({}, { ...SPEC, database: 'postgres://u:1234@127.0.0.1/x' });
    expect(clean('1764123400 12.1234 and 1234')).to.equal('1764123400 12.1234 and ***');
  });
});

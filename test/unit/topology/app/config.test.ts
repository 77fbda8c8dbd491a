import { expect } from 'chai';
import { describe, it } from 'mocha';
import { loadConfig } from '../../../../topology/app/config.ts';

describe('the configuration of the app', () => {
  const required = { PRIMARY_URL: 'postgres://primary', REDIS_URL: 'redis://redis' };
  const load = (env: Record<string, string> = {}) => loadConfig({ ...required, ...env }, { port: 3000 });

  it('is sound by default, and with variables that are empty', () => {
    const { switches } = load();
    expect(switches).to.deep.equal({
      retry: true,
      timeout: true,
      fallback: true,
      idempotency: true,
      stampedeProtection: true,
      cache: true,
      acknowledge: 'committed',
      admission: true,
      jobs: 'outbox',
      dbPoolSize: 20,
      dbPoolShared: 40,
      release: 'good',
    });
    expect(load({ RETRY: '', DB_POOL_SIZE: '', ACKNOWLEDGE: '' }).switches).to.deep.equal(switches);
  });

  it('nests its time limits: a statement within an attempt, within a request, within the 4 s of nginx', () => {
    const { limits } = load();
    expect(limits.readStatementMs).to.be.below(limits.readMs);
    expect(limits.lockMs).to.be.below(limits.writeStatementMs);
    expect(limits.writeStatementMs).to.be.below(limits.writeMs);
    expect(limits.readFirstMs + limits.readMs).to.be.below(limits.requestMs);
    expect(limits.writeMs).to.be.below(limits.requestMs);
    expect(limits.requestMs).to.be.below(4000);
  });

  it('has no time limits at all with TIMEOUT=off', () => {
    expect(new Set(Object.values(load({ TIMEOUT: 'off' }).limits))).to.deep.equal(new Set([Infinity]));
  });

  it('has pools that replicas do not share with DB_POOL_SHARED=off', () => {
    expect(load({ DB_POOL_SHARED: 'off' }).switches.dbPoolShared).to.equal(undefined);
  });

  const refused: readonly Record<string, string>[] = [
    { RETRY: 'no' },
    { ACKNOWLEDGE: 'on' },
    { JOBS: 'redis' },
    { DB_POOL_SIZE: '0' },
    { DB_POOL_SHARED: '0' },
    { DB_POOL_SHARED: 'on' },
    { PORT: 'x' },
    { RELEASE: 'bad' },
  ];
  for (const env of refused) {
    it(`refuses ${JSON.stringify(env)}`, () => {
      expect(() => load(env)).to.throw(Object.keys(env)[0]);
    });
  }

  it('names a variable that is missing', () => {
    expect(() => loadConfig({ REDIS_URL: 'redis://redis' }, { port: 1 })).to.throw('PRIMARY_URL');
  });
});

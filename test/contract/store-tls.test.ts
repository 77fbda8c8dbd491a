import { expect } from 'chai';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { openPostgres } from '../../harness/store/postgres.ts';
import { makeSite, type Site } from '../helpers/certificates.ts';
import { LocalPostgres, postgresHere } from '../helpers/local-postgres.ts';

const here = postgresHere();

/** This machine too: the whole network 127.0.0.0/8 is. */
const OTHER_NAME = '127.0.0.2';

/** A server that speaks TLS must be a real one. The certificate is for localhost and 127.0.0.1. */
describe('a results database that speaks TLS', function () {
  this.timeout(60_000);
  if (here === undefined) {
    it('is tried where the programs of PostgreSQL are installed');
    return;
  }
  let site: Site;
  let other: Site;
  let server: LocalPostgres;

  before(async () => {
    [site, other] = [makeSite(), makeSite()];
    server = await LocalPostgres.start(here, { site });
  });
  after(() => server[Symbol.asyncDispose]());

  /** Resolves to whether the server sees TLS, or to the code of the error. */
  async function tls(words: string, host = '127.0.0.1'): Promise<unknown> {
    try {
      await using sql = await openPostgres(`${server.url.replace('127.0.0.1', host)}?${words}`);
      const [row] = await sql.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
      return row?.['ssl'];
    } catch (error) {
      return (error as { readonly code?: unknown }).code;
    }
  }
  const authority = (of: Site): string => `sslrootcert=${encodeURIComponent(join(of.folder, 'ca.crt'))}`;

  it('is reached over TLS when nothing is asked, and without when that is asked', async () => {
    expect(await tls('')).to.equal(true);
    expect(await tls('sslmode=require')).to.equal(true);
    expect(await tls('sslmode=disable')).to.equal(false);
  });

  it('is trusted by its authority and name', async () => {
    expect(await tls(`sslmode=verify-full&${authority(site)}`)).to.equal(true);
    expect(await tls(`sslmode=verify-full&${authority(site)}`, 'localhost')).to.equal(true);
  });

  it('is refused with the certificate of another authority, and when nobody named its authority', async () => {
    for (const words of [
      `sslmode=verify-full&${authority(other)}`,
      `sslmode=verify-ca&${authority(other)}`,
      `sslmode=require&${authority(other)}`,
      'sslmode=verify-full',
    ])
      expect(await tls(words), words).to.equal('CHAOS_STORE_TLS');
  });

  it('is refused under another name, unless only the authority counts', async () => {
    expect(await tls(`sslmode=verify-ca&${authority(site)}`, OTHER_NAME)).to.equal(true);
    expect(await tls(`sslmode=verify-full&${authority(site)}`, OTHER_NAME)).to.equal('CHAOS_STORE_TLS');
  });
});

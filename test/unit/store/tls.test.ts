import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { reachOf, speaksNoTls, tlsFailure } from '../../../harness/store/tls.ts';
import { openPostgres } from '../../../harness/store/postgres.ts';
import { startPostgres } from '../../helpers/doubles/postgres.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';

const BASE = 'postgres://u:p%40q@db.example:5433/results';
const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;

function problemOf(url: string): Record<string, unknown> {
  try {
    reachOf(url);
  } catch (error) {
    return error as Record<string, unknown>;
  }
  return {};
}

describe('the words about TLS in the address of the results database', () => {
  const folder = temporaryFolder();
  const ca = join(folder, 'ca.crt');
  writeFileSync(ca, 'the authority');

  it('are taken out, and the rest stays as it is', () => {
    const { url } = reachOf(`${BASE}?sslmode=require&options=-csearch_path%3Dx&sslrootcert=${ca}`);
    expect(url).to.equal(`${BASE}?options=-csearch_path%3Dx`);
    expect(reachOf(BASE).url).to.equal(BASE);
  });

  it('mean what they mean to psql', () => {
    const open = { rejectUnauthorized: false };
    for (const [words, ways] of [
      ['', [open, false]],
      ['sslmode=prefer', [open, false]],
      ['sslmode=allow', [open, false]],
      ['sslmode=disable', [false]],
      ['sslmode=require', [open]],
      ['sslmode=no-verify', [open]],
      ['sslmode=verify-full', [{}]],
      ['sslmode=verify-full&sslrootcert=system', [{}]],
      [`sslmode=verify-full&sslrootcert=${ca}`, [{ ca: 'the authority' }]],
      [`sslmode=verify-full&sslcert=${ca}&sslkey=${ca}`, [{ cert: 'the authority', key: 'the authority' }]],
    ] as const)
      expect(reachOf(`${BASE}?${words}`).ways, words).to.deep.equal(ways);
  });

  it('may take a certificate for any name, but only of the named authority', () => {
    for (const mode of ['require', 'verify-ca']) {
      const [way] = reachOf(`${BASE}?sslmode=${mode}&sslrootcert=${ca}`).ways;
      expect(way, mode).to.include({ ca: 'the authority' }).and.not.have.property('rejectUnauthorized');
      expect(way).to.have.property('checkServerIdentity').that.is.a('function');
    }
  });

  it('are refused when they are unknown, without an authority, or name a file that cannot be read', () => {
    for (const words of ['sslmode=full', 'sslmode=verify-ca', `sslrootcert=${join(folder, 'none')}`]) {
      const problem = problemOf(`${BASE}?${words}`);
      expect(problem, words).to.include({ code: 'CHAOS_STORE_TLS', exit: 'bad-input' });
      expect(String(problem['message'])).not.to.include('p%40q');
    }
  });
});

describe('a results database without TLS', function () {
  // A hang guard: the double takes some seconds to begin.
  this.timeout(30_000);
  it('is used when nothing is asked, and refused when TLS is asked for', async () => {
    await using server = await startPostgres();
    await using sql = await openPostgres(server.url);
    expect(await sql.query('SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    const problem: unknown = await openPostgres(`${server.url}?sslmode=require`).catch((error: unknown) => error);
    expect(codeOf(problem)).to.equal('CHAOS_STORE_TLS');
  });

  it('is told from one that does not answer', () => {
    expect(speaksNoTls(new Error('The server does not support SSL connections'))).to.equal(true);
    for (const code of ['SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_HAS_EXPIRED'])
      expect(tlsFailure(Object.assign(new Error('x'), { code }), 'there'), code).to.include({
        code: 'CHAOS_STORE_TLS',
      });
    expect(tlsFailure(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'there')).to.equal(undefined);
  });
});

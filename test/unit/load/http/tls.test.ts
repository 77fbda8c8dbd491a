import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { ERROR_CODES, type Trust } from '../../../../harness/core/load/load.ts';
import { SocketTransport } from '../../../../harness/load/http/socket-transport.ts';
import { DAY_S, makeSite, type Site } from '../../../helpers/certificates.ts';
import { serve, serveTls, type TlsServer } from '../../../helpers/web-server.ts';
import { type Ended, exchange } from '../exchanged.ts';
import { recordLoad } from '../recorded.ts';

/** No test waits for this timeout. Milliseconds. */
const HANG_MS = 60_000;
const NAME = 'wedsync.test';

describe('the socket transport over TLS', function () {
  // A hang guard: OpenSSL makes a few certificates.
  this.timeout(20_000);
  let site: Site;
  let seen: (string | undefined)[];

  before(() => void (site = makeSite()));

  const start = (pem = site.pem): Promise<TlsServer> => {
    seen = [];
    return serveTls(pem, (request, response) => {
      seen.push(request.headers.host);
      response.setHeader('content-type', 'application/json').end('{"id":1,"version":1}');
    });
  };
  const open = (url: string, trust: Trust = {}, alone?: { share: number; random: () => number }): SocketTransport =>
    new SocketTransport(url, { connectTimeoutMs: HANG_MS, now: () => performance.now(), trust, alone });
  const toName = ({ port }: TlsServer, alone?: { share: number; random: () => number }): SocketTransport =>
    open(`https://${NAME}:${port}`, { authorities: site.authorities, address: '127.0.0.1' }, alone);
  const told = ({ outcome, status, told: steps }: Ended): string =>
    outcome === 'answered' ? `${status}` : `${outcome} ${ERROR_CODES[status - 1]} after ${steps.join()}`;

  it('asks for the name, connects to the address, and uses a connection again', async () => {
    await using server = await start();
    const transport = toName(server);
    for (let i = 0; i < 5; i += 1) expect(told(await exchange(transport))).to.equal('200');
    transport.close();
    expect(server.handshakes).to.deep.equal([{ name: NAME, resumed: false }]);
    expect(new Set(seen)).to.deep.equal(new Set([`${NAME}:${server.port}`]));
  });

  it('makes a whole handshake for each connection, and reads answers that arrive together', async () => {
    await using server = await start();
    const transport = toName(server);
    await transport.connect(10);
    const all = await Promise.all(Array.from({ length: 50 }, () => exchange(transport)));
    transport.close();
    expect(new Set(all.map(told))).to.deep.equal(new Set(['200']));
    expect(server.handshakes.length).to.be.within(10, 50);
    expect(server.handshakes.some(({ resumed }) => resumed)).to.equal(false);
  });

  it('compares the certificate with the address when the URL has no name', async () => {
    await using server = await start();
    const transport = open(`https://127.0.0.1:${server.port}`, { authorities: site.authorities });
    expect(told(await exchange(transport))).to.equal('200');
    transport.close();
    expect(server.handshakes).to.deep.equal([{ name: false, resumed: false }]);
    server.show(site.issue(NAME, 0, DAY_S));
    const again = open(`https://127.0.0.1:${server.port}`, { authorities: site.authorities });
    expect(told(await exchange(again))).to.equal('tls ERR_TLS_CERT_ALTNAME_INVALID after sent');
    again.close();
  });

  for (const [what, code, pem] of [
    ['has expired', 'CERT_HAS_EXPIRED', () => site.issue(NAME, -90 * DAY_S, -DAY_S)],
    ['is not valid yet', 'CERT_NOT_YET_VALID', () => site.issue(NAME, DAY_S, 2 * DAY_S)],
    ['is for another name', 'ERR_TLS_CERT_ALTNAME_INVALID', () => site.issue('other.test', 0, DAY_S)],
    ['is of an unknown authority', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', () => makeSite().pem],
  ] as const) {
    it(`sends nothing over a connection whose certificate ${what}`, async () => {
      await using server = await start(pem());
      const transport = toName(server);
      await transport.connect(2);
      const all = await Promise.all(Array.from({ length: 5 }, () => exchange(transport)));
      transport.close();
      expect(all.map(told)).to.deep.equal(Array(5).fill(`tls ${code} after sent`));
      expect(seen).to.deep.equal([]);
    });
  }

  it('trusts the authorities that Node knows when it is told nobody, and those have not signed this', async () => {
    await using server = await start();
    const transport = open(`https://localhost:${server.port}`);
    expect(told(await exchange(transport))).to.equal('tls UNABLE_TO_VERIFY_LEAF_SIGNATURE after sent');
    transport.close();
  });

  it('says that a server speaks no TLS', async () => {
    await using server = await serve((_, response) => response.end('{}'));
    const transport = open(server.url.replace('http:', 'https:'), { authorities: site.authorities });
    expect(told(await exchange(transport))).to.equal('tls EPROTO after sent');
    transport.close();
  });

  it('goes on over open connections when the certificate expires, and over new ones when it is sound again', async () => {
    await using server = await start();
    const kept = toName(server);
    expect(told(await exchange(kept))).to.equal('200');
    server.show(site.issue(NAME, -90 * DAY_S, -DAY_S));
    const late = toName(server);
    for (let i = 0; i < 3; i += 1) expect(told(await exchange(kept))).to.equal('200');
    expect(told(await exchange(late))).to.equal('tls CERT_HAS_EXPIRED after sent');
    server.show(site.pem);
    expect(told(await exchange(late))).to.equal('200');
    for (const transport of [kept, late]) transport.close();
    expect(server.handshakes).to.have.lengthOf.at.least(2);
  });

  it('gives some requests a connection of their own, and no other request takes it or goes without for it', async () => {
    await using server = await start();
    const draws = [0.9, 0.1, 0.9, 0.1, 0.9];
    const transport = toName(server, { share: 0.5, random: () => draws.shift() ?? 0.9 });
    for (let i = 0; i < 3; i += 1) expect(told(await exchange(transport))).to.equal('200');
    expect(server.handshakes, 'one that is kept, one for the second request').to.have.lengthOf(2);
    server.show(site.issue(NAME, -90 * DAY_S, -DAY_S));
    const both = await Promise.all([exchange(transport), exchange(transport)]);
    expect(both.map(told), 'a new connection fails, the kept one does not').to.deep.equal([
      'tls CERT_HAS_EXPIRED after sent',
      '200',
    ]);
    transport.close();
  });

  it('records the outcomes of a load, and of its pressure, whose certificate expires on the way', async () => {
    await using server = await start();
    const { outcomes, totals, table } = await recordLoad({
      url: `https://${NAME}:${server.port}`,
      trust: { authorities: site.authorities, address: '127.0.0.1' },
      ratePerS: 100,
      newConnections: 0.2,
      durationMs: 1_500,
      pressure: { virtualUsers: 5, ratePerS: 50 },
      meanwhile: async () => {
        await new Promise((resolve) => setTimeout(resolve, 700));
        server.show(site.issue(NAME, -90 * DAY_S, -DAY_S));
      },
    });
    expect(outcomes).to.have.all.keys('ok', 'tls');
    expect(totals.failed, 'a fifth of the second half').to.be.within(5, 40);
    expect(Object.values(outcomes).reduce((sum, n) => sum + n, 0)).to.equal(table.length);
  });

  it('counts users of autocannon that meet a certificate which Node would refuse', async () => {
    await using server = await start(site.issue(NAME, -90 * DAY_S, -DAY_S));
    const { outcomes } = await recordLoad({
      url: `https://${NAME}:${server.port}`,
      trust: { authorities: site.authorities, address: '127.0.0.1' },
      ratePerS: 10,
      durationMs: 500,
      pressure: { virtualUsers: 5, ratePerS: 20 },
    });
    expect(outcomes).to.have.all.keys('tls');
    expect(outcomes['tls']).to.be.greaterThan(8);
  });
});

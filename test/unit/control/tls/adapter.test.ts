import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import type { HostReading, Sight } from '../../../../harness/control/adapter.ts';
import { tls } from '../../../../harness/control/tls/adapter.ts';
import { pemOf, whatIsWrong } from '../../../../harness/control/tls/certificate.ts';
import { type Command, describeCommand } from '../../../../harness/core/topology/command.ts';
import { servedBy } from '../../../../harness/kit/acts/certificate.ts';
import { DAY_S, makeSite, type Site } from '../../../helpers/certificates.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';

const NAME = 'wedsync.test';
const NGINX = 'chaos-nginx-1';
const PROPERTY = 'certificate /etc/nginx/tls/site.pem';
/** As look.pl prints it: in one line, without the key. */
const inOneLine = (pem: string): string =>
  /-----BEGIN CERTIFICATE-----([^-]*)/.exec(pem)?.[1]?.replaceAll(/\s/g, '') ?? '';

describe('the certificate of the entry over TLS', function () {
  // A hang guard: OpenSSL makes a few certificates.
  this.timeout(20_000);
  let site: Site;
  before(() => void (site = makeSite()));

  const acts: Command[] = [];
  const adapter = tls(servedBy(SPEC, 'nginx'), async (command) => void acts.push(command));
  const sight = (values: HostReading['values']): Sight =>
    ({
      containers: [
        { name: NGINX, service: 'nginx' },
        { name: 'chaos-app-1', service: 'app' },
      ],
      states: [],
      host: Promise.resolve({ left: [], values, settings: {} }),
    }) as unknown as Sight;

  it('is sound when it is valid now and has the name', () => {
    expect(whatIsWrong(inOneLine(site.pem), NAME)).to.equal(undefined);
    expect(whatIsWrong(inOneLine(site.issue(NAME, -2 * DAY_S, -DAY_S)), NAME)).to.match(/^expired at 20/);
    expect(whatIsWrong(inOneLine(site.issue(NAME, DAY_S, 2 * DAY_S)), NAME)).to.match(/^is valid from 20.* on$/);
    expect(whatIsWrong(inOneLine(site.issue('other.test', 0, DAY_S)), NAME)).to.equal(
      'is for DNS:other.test, not wedsync.test',
    );
    expect(whatIsWrong('bm8=', NAME)).to.equal('is no certificate');
  });

  it('is residue while it is not sound, and then a sound one is issued', async () => {
    const bad = inOneLine(site.issue('other.test', 0, DAY_S));
    const left = await adapter.left?.(sight({ [NGINX]: { [PROPERTY]: bad } }));
    expect(left?.map(({ kind, target }) => `${kind}: ${target}`)).to.deep.equal([
      'bad certificate: /etc/nginx/tls/site.pem in chaos-nginx-1 is for DNS:other.test, not wedsync.test',
    ]);
    expect(left?.map(({ command }) => describeCommand(command))).to.deep.equal([
      'put-certificate /etc/nginx/tls/site.pem issue-certificate wedsync.test 0 315360000 (in chaos-nginx-1)',
    ]);
    expect(await adapter.left?.(sight({ [NGINX]: { [PROPERTY]: inOneLine(site.pem) } }))).to.deep.equal([]);
    expect(await adapter.left?.(sight({ 'chaos-app-1': { [PROPERTY]: bad } })), 'of another').to.deep.equal([]);
    expect(await adapter.left?.(sight({})), 'nginx does not run').to.deep.equal([]);
  });

  it('is given back byte for byte, from the snapshot alone', async () => {
    const [first = ''] = site.pem.split('-----BEGIN PRIVATE KEY-----');
    expect(pemOf(inOneLine(site.pem))).to.equal(first.trim());
    await adapter.giveBack?.({ [NGINX]: { [PROPERTY]: inOneLine(site.pem) } }, await sight({}));
    expect(acts).to.have.lengthOf(1);
    expect(acts[0]).to.deep.include({ in: NGINX });
    const [put] = acts;
    expect(put !== undefined && 'run' in put ? put.run.at(-1) : '').to.equal(first.trim());
  });
});

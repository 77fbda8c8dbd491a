import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import { type Command, describeCommand } from '../../../../harness/core/topology/command.ts';
import type { CertificateSpec } from '../../../../harness/core/topology/spec.ts';
import { issueCertificate, putBack, servedBy } from '../../../../harness/kit/acts/certificate.ts';
import { DAY_S, makeSite, type Site } from '../../../helpers/certificates.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';

describe('the replacement of a certificate, with the scripts of the topology', function () {
  // A hang guard: OpenSSL makes a few certificates.
  this.timeout(20_000);
  let site: Site;
  let spec: CertificateSpec;

  beforeEach(() => {
    site = makeSite();
    spec = { file: join(site.folder, 'site.pem'), issue: ['issue-certificate', '{{name}}', '{{from}}', '{{to}}'] };
  });

  /** Runs a command of a container here. */
  const run = (command: Command): string => {
    if (!('in' in command)) throw new TypeError('the command is for a container');
    const [program = '', ...words] = command.run;
    return execFileSync(program, words, { encoding: 'utf8', env: site.env, stdio: ['ignore', 'pipe', 'pipe'] });
  };
  const text = (): string => readFileSync(spec.file, 'utf8');
  const shown = (): X509Certificate => new X509Certificate(text());
  const pem = (): string => shown().toString().trim();

  it('changes the certificate and nothing else, and puts every byte back, twice', () => {
    const [before, mode, was] = [text(), statSync(spec.file).mode, pem()];
    run(issueCertificate('c', spec, { name: 'other.test', from: -2 * DAY_S, to: -DAY_S }));
    expect(shown().subjectAltName).to.equal('DNS:other.test');
    expect(shown().validToDate.getTime()).to.be.within(Date.now() - (DAY_S + 60) * 1_000, Date.now() - DAY_S * 1_000);
    expect(text().split('-----BEGIN PRIVATE KEY-----')[1]).to.equal(before.split('-----BEGIN PRIVATE KEY-----')[1]);
    for (let n = 0; n < 2; n += 1) {
      run(putBack('c', spec, was));
      expect(text()).to.equal(before);
    }
    expect(statSync(spec.file).mode).to.equal(mode);
    expect(readdirSync(site.folder)).to.have.members(['ca.crt', 'ca.key', 'site.key', 'site.pem']);
  });

  it('never puts a certificate beside the key of another: an old one is left out, a new one is an error', () => {
    const before = text();
    const stranger = makeSite();
    run(putBack('c', spec, new X509Certificate(stranger.pem).toString().trim()));
    expect(text()).to.equal(before);
    const wrong = { ...spec, issue: ['cat', join(stranger.folder, 'site.pem')] };
    expect(() => run(issueCertificate('c', wrong, { name: 'a.test', from: 0, to: 1 }))).to.throw('is not for the key');
    expect(() =>
      run(issueCertificate('c', { ...spec, issue: ['false'] }, { name: 'a.test', from: 0, to: 1 })),
    ).to.throw();
    expect(text()).to.equal(before);
  });

  it('is rotated by the topology for the same key and the same authority', () => {
    const before = shown();
    site.rotate();
    expect(shown().serialNumber).not.to.equal(before.serialNumber);
    expect(shown().publicKey.equals(before.publicKey)).to.equal(true);
    expect(readFileSync(join(site.folder, 'ca.crt'), 'utf8')).to.equal(site.authorities);
    expect(shown().verify(new X509Certificate(site.authorities).publicKey)).to.equal(true);
  });

  it('shows people no whole certificate', () => {
    const line = describeCommand(putBack('chaos-nginx-1', spec, pem()));
    expect(line).to.include('put-certificate ').and.to.include('(in chaos-nginx-1)');
    expect(line.length).to.be.lessThan(pem().length);
  });
});

describe('the service that serves a certificate', () => {
  it('must be the one that is named, and its certificate must be replaceable', () => {
    expect(servedBy(SPEC, 'nginx').name).to.equal('wedsync.test');
    expect(() => servedBy(SPEC, 'app')).to.throw('app has no certificate: nginx serves the entry over TLS');
    expect(() => servedBy({ ...SPEC, tls: undefined }, 'nginx')).to.throw('needs the capability "certificate"');
  });
});

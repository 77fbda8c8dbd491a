import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import type { Command } from '../../../../harness/core/topology/command.ts';
import type { CertificateSpec } from '../../../../harness/core/topology/spec.ts';
import { issueCertificate, putCertificateBack, servedBy } from '../../../../harness/kit/acts/certificate.ts';
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

  it('changes the certificate and nothing else, and puts every byte back, twice', () => {
    const [before, mode] = [text(), statSync(spec.file).mode];
    run(issueCertificate('c', spec, { name: 'first.test', from: -2 * DAY_S, to: DAY_S }));
    run(issueCertificate('c', spec, { name: 'other.test', from: -2 * DAY_S, to: -DAY_S }));
    expect(shown().subjectAltName).to.equal('DNS:other.test');
    expect(shown().validToDate.getTime()).to.be.within(Date.now() - (DAY_S + 60) * 1_000, Date.now() - DAY_S * 1_000);
    expect(text().split('-----BEGIN PRIVATE KEY-----')[1]).to.equal(before.split('-----BEGIN PRIVATE KEY-----')[1]);
    for (let n = 0; n < 2; n += 1) {
      run(putCertificateBack('c', spec.file));
      expect(text()).to.equal(before);
    }
    expect(statSync(spec.file).mode).to.equal(mode);
    expect(readdirSync(site.folder)).to.have.members(['ca.crt', 'ca.key', 'site.key', 'site.pem']);
  });

  it('leaves the file as it is when the certificate is for another key, or cannot be made', () => {
    const before = text();
    for (const issue of [['cat', join(makeSite().folder, 'site.pem')], ['false']]) {
      expect(() => run(issueCertificate('c', { ...spec, issue }, { name: 'a.test', from: 0, to: 1 }))).to.throw();
      expect(text()).to.equal(before);
    }
    expect(readdirSync(site.folder)).to.have.members(['ca.crt', 'ca.key', 'site.key', 'site.pem']);
  });

  it('refuses a file that is a link, or has no key, and leaves it alone', () => {
    const link = join(site.folder, 'link.pem');
    symlinkSync(spec.file, link);
    const bare = join(site.folder, 'bare.pem');
    writeFileSync(bare, text().split('-----BEGIN PRIVATE KEY-----')[0] ?? '');
    for (const file of [link, bare])
      expect(() => run(issueCertificate('c', { ...spec, file }, { name: 'a.test', from: 0, to: DAY_S }))).to.throw();
    expect(readdirSync(site.folder).filter((name) => name.includes('chaos'))).to.deep.equal([]);
  });

  it('gives the file back when the act was cut off at any moment', () => {
    const before = text();
    cpSync(spec.file, `${spec.file}.chaos-before`);
    writeFileSync(`${spec.file}.chaos-new`, 'half');
    run(putCertificateBack('c', spec.file));
    expect(text()).to.equal(before);
    writeFileSync(`${spec.file}.chaos-new`, 'half');
    run(putCertificateBack('c', spec.file));
    expect(text()).to.equal(before);
    expect(readdirSync(site.folder)).to.have.members(['ca.crt', 'ca.key', 'site.key', 'site.pem']);
  });

  it('is rotated by the topology for the same key and the same authority', () => {
    const before = shown();
    site.rotate();
    expect(shown().serialNumber).not.to.equal(before.serialNumber);
    expect(shown().publicKey.equals(before.publicKey)).to.equal(true);
    expect(readFileSync(join(site.folder, 'ca.crt'), 'utf8')).to.equal(site.authorities);
    expect(shown().verify(new X509Certificate(site.authorities).publicKey)).to.equal(true);
  });
});

describe('the service that serves a certificate', () => {
  it('must be the one that is named, and its certificate must be replaceable', () => {
    expect(servedBy(SPEC, 'nginx').name).to.equal('wedsync.test');
    expect(() => servedBy(SPEC, 'app')).to.throw('app has no certificate: nginx serves the entry over TLS');
    expect(() => servedBy({ ...SPEC, tls: undefined }, 'nginx')).to.throw('needs the capability "certificate"');
  });
});

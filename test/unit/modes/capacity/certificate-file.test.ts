import { expect } from 'chai';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'mocha';
import { keyIdOf } from '../../../../harness/core/certificate/envelope.ts';
import { verifyCertificate } from '../../../../harness/core/certificate/verify/verify.ts';
import { fileDigest, register } from '../../../../harness/modes/capacity/certificate-file.ts';
import { fileDigests } from '../../../../harness/modes/capacity/digests.ts';
import { makeKeys, signingKey, verifyKey } from '../../../../harness/modes/capacity/keys.ts';
import { EVIDENCE, ISSUED, OUTCOME, REGISTRATION } from '../../../helpers/samples/certificate.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chaos-certificate-'));
});

describe('a pair of keys', () => {
  it('is made once, and only its owner can read the private one', () => {
    const { privateKey, publicKey, id } = makeKeys(folder);
    expect(statSync(privateKey).mode & 0o777).to.equal(0o600);
    expect(keyIdOf(signingKey(privateKey, {}))).to.equal(id);
    expect(keyIdOf(verifyKey(publicKey, {}))).to.equal(id);
    expect(() => makeKeys(folder))
      .to.throw()
      .with.property('code', 'CHAOS_KEY_EXISTS');
  });

  it('can come from the environment, also with "\\n" in place of line ends', () => {
    const { privateKey, publicKey, id } = makeKeys(folder);
    const env = {
      CHAOS_SIGNING_KEY: readFileSync(privateKey, 'utf8').replaceAll('\n', '\\n'),
      CHAOS_VERIFY_KEY: readFileSync(publicKey, 'utf8'),
    };
    expect(keyIdOf(signingKey(undefined, env))).to.equal(id);
    expect(keyIdOf(verifyKey(undefined, env))).to.equal(id);
  });

  it('is refused when it is missing, of another kind, or private where the public one is needed', () => {
    const { privateKey } = makeKeys(folder);
    const other = join(folder, 'other.pem');
    writeFileSync(other, 'no key');
    for (const read of [
      () => signingKey(undefined, {}),
      () => signingKey(other, {}),
      () => verifyKey(join(folder, 'nowhere'), {}),
      () => verifyKey(privateKey, {}),
    ])
      expect(read).to.throw().with.property('code', 'CHAOS_KEY');
  });
});

describe('a certificate file', () => {
  it('has the registration on disk before anything is measured, and is valid when it is concluded', () => {
    const { privateKey, publicKey } = makeKeys(folder);
    const file = register(folder, REGISTRATION, signingKey(privateKey, {}));
    const lines = (): string[] =>
      readFileSync(file.path, 'utf8')
        .split('\n')
        .filter((line) => line !== '');
    expect(lines()).to.have.lengthOf(1);
    expect(file.registered).to.match(/^[0-9a-f]{64}$/);
    const certificate = file.conclude(OUTCOME);
    expect(lines()).to.have.lengthOf(3);
    expect(certificate).to.include({ verdict: 'GO WITH CONDITIONS', registration: file.registered });
    for (const [name, text] of Object.entries(EVIDENCE)) writeFileSync(join(folder, name.replaceAll('/', '_')), text);
    const { reasons, valid } = verifyCertificate({
      text: readFileSync(file.path, 'utf8'),
      key: verifyKey(publicKey, {}),
      now: ISSUED,
      evidence: (name) => fileDigest(join(folder, name.replaceAll('/', '_'))),
    });
    expect(reasons).to.deep.equal([]);
    expect(valid).to.equal(true);
    expect(readFileSync(file.path, 'utf8')).not.to.include('PRIVATE KEY');
  });

  it('is written once', () => {
    const key = signingKey(makeKeys(folder).privateKey, {});
    register(folder, REGISTRATION, key);
    expect(() => register(folder, REGISTRATION, key))
      .to.throw()
      .with.property('code', 'CHAOS_CERTIFICATE_TWICE');
  });

  it('is not made of facts without their form', () => {
    const key = signingKey(makeKeys(folder).privateKey, {});
    const file = register(folder, REGISTRATION, key);
    expect(() => file.conclude({ ...OUTCOME, evidence: [] })).to.throw(/evidence/);
    expect(readFileSync(file.path, 'utf8').trimEnd().split('\n')).to.have.lengthOf(1);
  });
});

describe('the digests of files', () => {
  it('name each file by its path, and change with one line', () => {
    writeFileSync(join(folder, 'nginx.conf'), 'worker_processes 2;\n');
    const before = fileDigests([folder], folder);
    expect(Object.keys(before)).to.deep.equal(['nginx.conf']);
    writeFileSync(join(folder, 'nginx.conf'), 'worker_processes 4;\n');
    expect(fileDigests([folder, join(folder, 'nowhere')], folder)['nginx.conf']).not.to.equal(before['nginx.conf']);
  });
});

import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { sha256 } from '../../../../harness/core/certificate/envelope.ts';
import { isOutdated } from '../../../../harness/core/certificate/verify/reason.ts';
import { type Verified, verifyCertificate } from '../../../../harness/core/certificate/verify/verify.ts';
import { ROOT } from '../../../helpers/chaos.ts';
import {
  certificateFile,
  DAY_MS,
  DIGESTS,
  EVIDENCE,
  HOUR_MS,
  ISSUED,
  KEYS,
} from '../../../helpers/samples/certificate.ts';
import { FORGERIES, type Forgery } from './forgeries.ts';

const verify = ({ text, now = ISSUED + HOUR_MS, evidence = EVIDENCE, deployed }: Partial<Forgery>): Verified =>
  verifyCertificate({
    text: text ?? certificateFile(),
    key: KEYS.publicKey,
    now,
    evidence: (name) => (evidence[name] === undefined ? undefined : sha256(evidence[name])),
    deployed: deployed === undefined ? undefined : () => deployed,
  });

/** A hang guard, milliseconds. docs/capacity.md has the measured time, which is far below. */
const HANGS_MS = 1_000;

describe('a certificate', () => {
  it('is valid, and about what is there, until its last day', () => {
    const found = verify({ deployed: DIGESTS, now: ISSUED + 90 * DAY_MS });
    expect(found.reasons).to.deep.equal([]);
    expect(found).to.include({ valid: true });
    expect(found.certificate).to.include({ verdict: 'GO WITH CONDITIONS', signs: 'rates', title: 'Saturdays in June' });
  });

  it('is valid whatever the order of its lines', () => {
    const lines = certificateFile().trimEnd().split('\n');
    expect(verify({ text: lines.toReversed().join('\n') }).valid).to.equal(true);
  });

  it('is valid where nobody can compare data and machine', () => {
    const { data: _data, machine: _machine, ...now } = DIGESTS;
    expect(verify({ deployed: now }).valid).to.equal(true);
  });

  it('is outdated, and not unsound, when it has expired or something else is deployed', () => {
    const outdated = FORGERIES.filter(({ code }) => /_(?:EXPIRED|VOID|UNCLEAR)$/.test(code));
    expect(outdated).to.have.lengthOf(5);
    for (const forgery of FORGERIES)
      expect(isOutdated(verify(forgery).reasons), forgery.name).to.equal(outdated.includes(forgery));
    expect(isOutdated([])).to.equal(false);
  });

  it('gives every reason, and not only the first', () => {
    const codes = verify({ now: ISSUED + 91 * DAY_MS, evidence: {} }).reasons.map(({ code }) => code);
    expect(codes).to.deep.equal([
      'CHAOS_CERTIFICATE_EXPIRED',
      'CHAOS_CERTIFICATE_EVIDENCE_MISSING',
      'CHAOS_CERTIFICATE_EVIDENCE_MISSING',
    ]);
  });

  it('never throws, whatever the file is', () => {
    const text = certificateFile();
    for (let cut = 0; cut < text.length; cut += 97) expect(verify({ text: text.slice(0, cut) }).valid).to.equal(false);
    for (const odd of ['', '\n', 'x', '[]', 'null', '{"payload":1}', '\u0000', `${text}null\n`])
      expect(verify({ text: odd }).valid, odd).to.equal(false);
  });
});

describe('a forgery', () => {
  it('is one of at least 25, and every reason but the form of a file has a forgery', () => {
    expect(FORGERIES.length).to.be.at.least(25);
    expect(new Set(FORGERIES.map(({ name }) => name)).size).to.equal(FORGERIES.length);
  });

  for (const forgery of FORGERIES) {
    it(`is refused when ${forgery.name}`, () => {
      const begun = performance.now();
      const { valid, reasons } = verify(forgery);
      expect(performance.now() - begun).to.be.below(HANGS_MS);
      expect(valid).to.equal(false);
      const own = reasons.filter(({ code }) => code === forgery.code).map(({ message }) => message);
      expect(
        own.some((message) => forgery.says.test(message)),
        JSON.stringify(reasons, null, 2),
      ).to.equal(true);
      for (const { code } of reasons)
        expect(existsSync(join(ROOT, 'runbooks', 'errors', `${code}.md`)), code).to.equal(true);
    });
  }
});

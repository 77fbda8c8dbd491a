import type { KeyObject } from 'node:crypto';
import { certifiedFreshness, type CertifiedNow } from '../../freshness/certified.ts';
import type { Certificate } from '../statements.ts';
import { disagreements, type Whole } from './agree.ts';
import { openStatements, type Statements } from './opened.ts';
import type { Reason } from './reason.ts';
import { brokenRules } from './rules.ts';
import { wrongTimes } from './times.ts';

export interface VerifyOptions {
  /** The content of a certificate file. */
  readonly text: string;
  /** The public key of whoever may sign. */
  readonly key: KeyObject;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Returns the SHA-256 of a file of the evidence, by its name in the certificate. Undefined when it is not there. */
  readonly evidence: (name: string) => string | undefined;
  /** Returns what is deployed now. Undefined: nobody asks. */
  readonly deployed?: ((certificate: Certificate) => CertifiedNow) | undefined;
}

export interface Verified {
  readonly valid: boolean;
  /** Every reason against the certificate, not only the first. Empty when it is valid. */
  readonly reasons: readonly Reason[];
  /** Undefined when it cannot be read. When there are reasons, nothing in it may be believed. */
  readonly certificate: Certificate | undefined;
}

/**
 * Checks a certificate without asking anybody: signatures, the form and the agreement of its statements, the rules by which
 * a verdict is made, times, evidence, and what is deployed.
 */
export function verifyCertificate({ text, key, now, evidence, deployed }: VerifyOptions): Verified {
  const { statements, reasons: form } = openStatements(text, key);
  const certificate = statements.certificate?.predicate;
  const reasons = [
    ...form,
    ...(isWhole(statements) ? disagreements(statements) : []),
    ...(isWhole(statements) ? ofCertificate(statements, now) : []),
    ...(certificate === undefined ? [] : ofEvidence(certificate, evidence)),
    ...(certificate === undefined || deployed === undefined ? [] : ofDeployed(certificate, deployed)),
  ];
  return { valid: reasons.length === 0, reasons, certificate };
}

const isWhole = (statements: Statements): statements is Whole =>
  Object.values(statements).every((one) => one !== undefined);

const ofCertificate = ({ certificate, registration }: Whole, now: number): readonly Reason[] => [
  ...brokenRules(certificate.predicate, registration.predicate),
  ...wrongTimes(certificate.predicate, registration.predicate, now),
];

const ofEvidence = ({ evidence }: Certificate, digestOf: VerifyOptions['evidence']): readonly Reason[] =>
  evidence.flatMap(({ name, sha256 }): Reason[] => {
    const found = digestOf(name);
    if (found === sha256) return [];
    return [
      found === undefined
        ? { code: 'CHAOS_CERTIFICATE_EVIDENCE_MISSING', message: `${name} is missing` }
        : { code: 'CHAOS_CERTIFICATE_EVIDENCE_CHANGED', message: `${name} was changed` },
    ];
  });

function ofDeployed(certificate: Certificate, deployed: (certificate: Certificate) => CertifiedNow): readonly Reason[] {
  const freshness = certifiedFreshness(certificate.digests, deployed(certificate));
  switch (freshness.is) {
    case 'fresh':
      return [];
    case 'stale':
      return freshness.changed.map((message) => ({ code: 'CHAOS_CERTIFICATE_VOID', message }));
    case 'unclear':
      return [{ code: 'CHAOS_CERTIFICATE_UNCLEAR', message: freshness.why }];
  }
}

import type { ErrorCode } from '../errors.ts';
import { digestOf } from '../freshness/digest.ts';
import type { Certificate } from './statements.ts';

interface Section {
  readonly keys: readonly (keyof Certificate)[];
  /** The reason that a verifier gives when somebody edited it. */
  readonly code: ErrorCode;
  /** In words, as the subject of a sentence in the singular. */
  readonly what: string;
}

/**
 * The parts of a certificate. The test result has a digest of each, and is signed by itself. So a verifier can say which
 * part of a certificate was edited, although a broken signature alone does not tell.
 */
export const SECTIONS = {
  verdict: { keys: ['verdict', 'signs', 'conditions'], code: 'CHAOS_CERTIFICATE_VERDICT', what: 'the verdict' },
  targets: { keys: ['targets'], code: 'CHAOS_CERTIFICATE_TARGETS', what: 'a target' },
  plan: { keys: ['title', 'plan'], code: 'CHAOS_CERTIFICATE_PLAN', what: 'the plan' },
  figures: {
    keys: ['capacities', 'margins', 'notRun', 'experiments'],
    code: 'CHAOS_CERTIFICATE_FIGURES',
    what: 'a figure',
  },
  waivers: { keys: ['waivers'], code: 'CHAOS_CERTIFICATE_WAIVERS', what: 'a waiver' },
  environment: {
    keys: ['productionLike'],
    code: 'CHAOS_CERTIFICATE_ENVIRONMENT',
    what: 'the declaration about the environment',
  },
  validity: {
    keys: ['measured', 'issuedOn', 'notAfter'],
    code: 'CHAOS_CERTIFICATE_VALIDITY',
    what: 'a time',
  },
  digests: { keys: ['digests'], code: 'CHAOS_CERTIFICATE_DIGESTS', what: 'a digest' },
  evidence: { keys: ['evidence'], code: 'CHAOS_CERTIFICATE_EVIDENCE', what: 'the list of evidence' },
} as const satisfies Readonly<Record<string, Section>>;

export type SectionName = keyof typeof SECTIONS;
export const SECTION_NAMES = Object.keys(SECTIONS) as SectionName[];

export const sectionDigest = (name: SectionName, certificate: Certificate): string =>
  digestOf(SECTIONS[name].keys.map((key) => certificate[key]));

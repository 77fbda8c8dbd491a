import { z } from 'zod';
import { digestOf } from '../freshness/digest.ts';
import type { ByName } from '../freshness/fingerprint.ts';

/** The types of the three statements of a certificate file, in their order. */
export const TYPES = {
  registration: 'urn:chaos:capacity-registration:v1',
  result: 'https://in-toto.io/attestation/test-result/v0.1',
  certificate: 'urn:chaos:capacity-certificate:v1',
} as const;

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';

const name = z.string().trim().min(1);
const moment = z.iso.datetime();
const digest = z.string().regex(/^[0-9a-f]{64}$/, { error: 'a SHA-256 has 64 hexadecimal digits' });
const byName = z.record(z.string(), z.string());
const share = z.number().gt(0).lt(1);

const topology = z.strictObject({
  imageNames: byName,
  images: byName.exactOptional(),
  services: byName,
  links: byName,
});

const certified = z.strictObject({
  topology,
  experiments: byName,
  workloads: byName,
  configuration: byName,
  data: byName,
  machine: byName,
});

/** The condition under which nothing is gone and no fault is in force. */
export const FULL = 'full';

const targets = z.strictObject({
  /** 95 % of the requests of a class are answered within this time, milliseconds. */
  latency: z.array(z.strictObject({ of: name, p95Ms: z.number().positive() })).min(1),
  /** Less than this share of the requests fails. */
  errors: share,
  /** The shares of processors and connections above which a rate is not carried either. Absent: only latency and errors count. */
  limits: z
    .strictObject({
      /** By service: the share of one core that one of its containers may use on average. */
      cpu: z.record(name, z.number().positive()).exactOptional(),
      /** The share of the connections of each server that may be open on average. */
      connections: share.exactOptional(),
    })
    .exactOptional(),
  /** What each condition must carry: requests a second, a share of the full capacity, or both. */
  needs: z
    .array(
      z
        .strictObject({
          condition: name,
          ratePerS: z.number().positive().exactOptional(),
          keeps: z.number().gt(0).max(1).exactOptional(),
        })
        .refine(({ ratePerS, keeps }) => ratePerS !== undefined || keeps !== undefined, {
          error: 'write ratePerS, keeps, or both',
        }),
    )
    .min(1)
    .refine((needs) => needs.some(({ condition }) => condition === FULL), { error: `a need for "${FULL}" is missing` }),
  /** Experiments that must end PASS. */
  experiments: z.array(name),
});

const plan = z.strictObject({
  /** The path of the file that asked for the measurement. */
  file: name,
  /** The project's name of the topology. */
  project: name,
  seed: z.int().min(0),
  mostMinutes: z.number().positive(),
  /** The certificate is valid for at most so many days. */
  validDays: z.number().positive().max(400),
  /** Who signs, in words. The key is what proves it. */
  signer: name.exactOptional(),
});

const registration = z.strictObject({
  title: name,
  registeredOn: moment,
  targets,
  plan,
  digests: certified,
});

const capacity = z.strictObject({
  condition: name,
  /** What broke first. Null: nothing did, up to `ratePerS`. */
  limit: z.enum(['latency', 'errors', 'cpu', 'pool', 'generator', 'unknown']).nullable(),
  ratePerS: z.number().positive(),
  low: z.number().positive(),
  /** Null: nobody knows, because nothing broke, or the load generator did. */
  high: z.number().positive().nullable(),
  /** The interval from `low` to `high` holds the true rate with this probability. */
  confidence: share,
});

const margin = z.strictObject({
  condition: name,
  of: z.enum(['rate', 'full']),
  ratio: z.number(),
  low: z.number(),
  high: z.number().nullable(),
  needed: z.number(),
  is: z.enum(['met', 'missed', 'uncertain', 'not signed']),
});

const certificate = z.strictObject({
  title: name,
  /** The SHA-256 of the registration's text. */
  registration: digest,
  verdict: z.enum(['GO', 'GO WITH CONDITIONS', 'NO-GO']),
  /** Whether the requests a second are signed, or only how they compare with each other. */
  signs: z.enum(['rates', 'ratios']),
  /** In words: why it is no GO, or under which conditions it is one. */
  conditions: z.array(z.string()),
  targets,
  plan,
  capacities: z.array(capacity),
  notRun: z.array(z.strictObject({ what: name, reason: name })),
  margins: z.array(margin),
  experiments: z.array(
    z.strictObject({ experiment: name, verdict: z.enum(['PASS', 'FAIL', 'INCONCLUSIVE']), run: name.exactOptional() }),
  ),
  waivers: z.array(z.strictObject({ of: name, by: z.string(), reason: z.string() })),
  /** Who declares that the environment is like production, and why. Null: nobody does. */
  productionLike: z.strictObject({ by: z.string(), because: z.string() }).nullable(),
  measured: z.strictObject({ firstRequestOn: moment, lastRequestOn: moment }),
  issuedOn: moment,
  notAfter: moment,
  digests: certified,
  /** Files, with paths from the folder of the certificate. */
  evidence: z
    .array(
      z.strictObject({ name: name.refine(isInside, { error: 'the path leads out of the folder' }), sha256: digest }),
    )
    .min(1),
});

/** Says whether a path stays in its folder. */
function isInside(path: string): boolean {
  return !path.startsWith('/') && !/[\\\0]/.test(path) && !path.split('/').includes('..');
}

const testResult = z.object({
  result: z.enum(['PASSED', 'WARNED', 'FAILED']),
  configuration: z.array(z.object({ name, digest: z.object({ sha256: digest }) })),
  passedTests: z.array(z.string()),
  warnedTests: z.array(z.string()),
  failedTests: z.array(z.string()),
});

const statement = <T extends z.ZodType>(predicateType: string, predicate: T) =>
  z.strictObject({
    _type: z.literal(STATEMENT_TYPE),
    subject: z.array(z.object({ name, digest: z.object({ sha256: digest }) })).min(1),
    predicateType: z.literal(predicateType),
    predicate,
  });

/** The form of each statement. */
export const SHAPES = {
  registration: statement(TYPES.registration, registration),
  result: statement(TYPES.result, testResult),
  certificate: statement(TYPES.certificate, certificate),
} as const;

export type Kind = keyof typeof SHAPES;
export type Subject = readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
export type Targets = z.output<typeof targets>;
export type Need = Targets['needs'][number];
export type Registration = z.output<typeof registration>;
export type TestResult = z.output<typeof testResult>;
export type Certificate = z.output<typeof certificate>;
export type CertifiedCapacity = z.output<typeof capacity>;
export type Margin = z.output<typeof margin>;

/** A statement as it is signed. */
export interface Statement<P> {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: Subject;
  readonly predicateType: string;
  readonly predicate: P;
}

/**
 * Returns what the statements are about: each image that the engine named by a SHA-256, and the topology as a whole. So a
 * foreign tool finds the statements by the digest of an image.
 */
export function subjectOf({ plan, digests }: Pick<Registration, 'plan' | 'digests'>): Subject {
  const images: ByName = digests.topology.images ?? {};
  return [
    { name: plan.project, digest: { sha256: digestOf(digests.topology) } },
    ...Object.entries(images).flatMap(([service, id]) => {
      const [, sha256] = /^sha256:([0-9a-f]{64})$/.exec(id) ?? [];
      return sha256 === undefined ? [] : [{ name: service, digest: { sha256 } }];
    }),
  ];
}

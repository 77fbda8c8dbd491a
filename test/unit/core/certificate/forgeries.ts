import { type Envelope, seal, sha256, signedBytes } from '../../../../harness/core/certificate/envelope.ts';
import { sign } from 'node:crypto';
import type { Certificate, Registration } from '../../../../harness/core/certificate/statements.ts';
import type { ErrorCode } from '../../../../harness/core/errors.ts';
import type { CertifiedNow } from '../../../../harness/core/freshness/certified.ts';
import {
  DAY_MS,
  DIGESTS,
  edited,
  envelopes,
  EVIDENCE,
  fileOf,
  HOUR_MS,
  ISSUED,
  KEYS,
  OTHER_KEYS,
  OUTCOME,
  REGISTRATION,
  unsigned,
  withText,
} from '../../../helpers/samples/certificate.ts';

/** What a forger hands in, and the reason that must be given. */
export interface Forgery {
  readonly name: string;
  readonly code: ErrorCode;
  /** A part of the message. */
  readonly says: RegExp;
  readonly text: string;
  readonly now?: number;
  readonly evidence?: Readonly<Record<string, string>>;
  readonly deployed?: CertifiedNow;
}

const SOUND = unsigned();
const [REGISTERED, RESULT, CERTIFICATE] = envelopes(SOUND) as [Envelope, Envelope, Envelope];

type Change<P> = (predicate: P) => unknown;

/** Edits a statement without the key: its signature no longer fits. */
const certificate = (change: Change<Certificate>): string =>
  fileOf([REGISTERED, RESULT, withText(CERTIFICATE, edited(SOUND, 'certificate', change))]);
const registration = (change: Change<Registration>): string =>
  fileOf([withText(REGISTERED, edited(SOUND, 'registration', change)), RESULT, CERTIFICATE]);

/** Edits a statement and signs it again with the key, as an insider can. */
const insiderCertificate = (change: Change<Certificate>): string =>
  fileOf([REGISTERED, RESULT, seal(edited(SOUND, 'certificate', change), KEYS.privateKey)]);
const insiderRegistration = (change: Change<Registration>): string => {
  const text = edited(SOUND, 'registration', change);
  const bound = edited(SOUND, 'certificate', (one) => ({ ...one, registration: sha256(text) }));
  const result = edited(SOUND, 'result', (one) => ({
    ...one,
    configuration: one.configuration.map((c) =>
      c.name === 'registration' ? { ...c, digest: { sha256: sha256(text) } } : c,
    ),
  }));
  return fileOf([text, result, bound].map((statement) => seal(statement, KEYS.privateKey)));
};

/** Signs the whole again, with the test result that belongs to it, as `chaos` itself would. */
const insider = (outcome: Parameters<typeof unsigned>[1], registration?: Registration): string =>
  fileOf(envelopes(unsigned(registration, outcome)));

const otherType = (payloadType: string): string => {
  const payload = Buffer.from(SOUND.certificate);
  const sig = sign(null, signedBytes(payloadType, payload), KEYS.privateKey).toString('base64');
  return fileOf([
    REGISTERED,
    RESULT,
    { ...CERTIFICATE, payloadType, signatures: [{ ...CERTIFICATE.signatures[0], sig }] },
  ]);
};

const flipped = (): string => {
  const bytes = Buffer.from(CERTIFICATE.payload, 'base64');
  const at = bytes.indexOf('"Saturdays') + 1;
  bytes[at] = (bytes[at] as number) ^ 1;
  return fileOf([REGISTERED, RESULT, { ...CERTIFICATE, payload: bytes.toString('base64') }]);
};

const { topology } = DIGESTS;
const deployed = (change: Partial<CertifiedNow>): CertifiedNow => ({ ...DIGESTS, ...change });

export const FORGERIES: readonly Forgery[] = [
  {
    name: 'one bit of the text is another one',
    code: 'CHAOS_CERTIFICATE_SIGNATURE',
    says: /^line 3: the certificate was changed after it was signed/,
    text: flipped(),
  },
  {
    name: 'the verdict is edited',
    code: 'CHAOS_CERTIFICATE_VERDICT',
    says: /its figures make it GO WITH CONDITIONS .*it says GO/,
    text: certificate((one) => ({ ...one, verdict: 'GO' })),
  },
  {
    name: 'the verdict is edited by an insider, with the test result',
    code: 'CHAOS_CERTIFICATE_VERDICT',
    says: /its figures make it GO WITH CONDITIONS/,
    text: fileOf([
      REGISTERED,
      seal(
        edited(SOUND, 'result', (one) => ({ ...one, result: 'PASSED' })),
        KEYS.privateKey,
      ),
      seal(
        edited(SOUND, 'certificate', (one) => ({ ...one, verdict: 'GO' })),
        KEYS.privateKey,
      ),
    ]),
  },
  {
    name: 'a condition is deleted',
    code: 'CHAOS_CERTIFICATE_VERDICT',
    says: /its conditions are not those/,
    text: certificate((one) => ({ ...one, conditions: [] })),
  },
  {
    name: 'a limit of processors that nobody registered',
    code: 'CHAOS_CERTIFICATE_TARGETS',
    says: /CPU of app: nothing, and 0\.9 in the certificate/,
    text: insiderCertificate((one) => ({ ...one, targets: { ...one.targets, limits: { cpu: { app: 0.9 } } } })),
  },
  {
    name: 'a threshold is edited in the certificate',
    code: 'CHAOS_CERTIFICATE_TARGETS',
    says: /p95 of reads: 200 ms, and 250 ms in the certificate/,
    text: certificate(({ targets, ...one }) => ({
      ...one,
      targets: { ...targets, latency: [{ of: 'reads', p95Ms: 250 }, ...targets.latency.slice(1)] },
    })),
  },
  {
    name: 'a threshold is edited by an insider, in the certificate alone',
    code: 'CHAOS_CERTIFICATE_TARGETS',
    says: /need "full": 278\/s, and 200\/s in the certificate/,
    text: insiderCertificate(({ targets, ...one }) => ({
      ...one,
      targets: {
        ...targets,
        needs: targets.needs.map((need) => (need.condition === 'full' ? { ...need, ratePerS: 200 } : need)),
      },
    })),
  },
  {
    name: 'a threshold is edited in the registration',
    code: 'CHAOS_CERTIFICATE_REGISTRATION',
    says: /the certificate is about another registration/,
    text: registration((one) => ({ ...one, targets: { ...one.targets, errors: 0.01 } })),
  },
  {
    name: 'the targets are registered after the first request',
    code: 'CHAOS_CERTIFICATE_REGISTERED_LATE',
    says: /the first request was on 2026-11-30T08:01:00\.000Z/,
    text: insiderRegistration((one) => ({ ...one, registeredOn: new Date(ISSUED - HOUR_MS).toISOString() })),
  },
  {
    name: 'another seed',
    code: 'CHAOS_CERTIFICATE_PLAN',
    says: /"seed":42.*"seed":7/,
    text: certificate((one) => ({ ...one, plan: { ...one.plan, seed: 7 } })),
  },
  {
    name: 'a capacity is edited',
    code: 'CHAOS_CERTIFICATE_FIGURES',
    says: /its margins do not follow/,
    text: certificate((one) => ({
      ...one,
      capacities: one.capacities.map((c) =>
        c.condition === 'full' ? { ...c, low: 498, ratePerS: 512, high: 521 } : c,
      ),
    })),
  },
  {
    name: 'a margin is edited',
    code: 'CHAOS_CERTIFICATE_FIGURES',
    says: /a figure was edited/,
    text: certificate((one) => ({ ...one, margins: one.margins.map((m) => ({ ...m, is: 'met' })) })),
  },
  {
    name: "the generator's limit is taken for the system's",
    code: 'CHAOS_CERTIFICATE_FIGURES',
    says: /nothing but the generator broke under "full"/,
    text: insider({
      capacities: OUTCOME.capacities.map((c) => (c.condition === 'full' ? { ...c, limit: 'generator' as const } : c)),
    }),
  },
  {
    name: 'a condition that went badly is left out',
    code: 'CHAOS_CERTIFICATE_LEFT_OUT',
    says: /"without redis" was registered, and nothing is said about it/,
    text: insider({ capacities: OUTCOME.capacities.slice(0, 2) }),
  },
  {
    name: 'a waiver gets another name',
    code: 'CHAOS_CERTIFICATE_WAIVERS',
    says: /a waiver was edited/,
    text: certificate((one) => ({ ...one, waivers: one.waivers.map((w) => ({ ...w, by: 'Somebody Else' })) })),
  },
  {
    name: 'a waiver without a reason',
    code: 'CHAOS_CERTIFICATE_WAIVERS',
    says: /there is no reason why "without redis" is waived/,
    text: insider({ waivers: [{ of: 'without redis', by: 'Ada Lovelace', reason: ' ' }] }),
  },
  {
    name: 'an environment like production without a name',
    code: 'CHAOS_CERTIFICATE_ENVIRONMENT',
    says: /without a name/,
    text: insider({ productionLike: { by: '', because: 'it is' } }),
  },
  {
    name: 'a declaration is added later',
    code: 'CHAOS_CERTIFICATE_ENVIRONMENT',
    says: /the declaration about the environment was edited/,
    text: (() => {
      const without = unsigned(REGISTRATION, { productionLike: null });
      const [first, second, third] = envelopes(without) as [Envelope, Envelope, Envelope];
      const declared = edited(without, 'certificate', (one) => ({
        ...one,
        productionLike: OUTCOME.productionLike,
      }));
      return fileOf([first, second, withText(third, declared)]);
    })(),
  },
  {
    name: 'it has expired',
    code: 'CHAOS_CERTIFICATE_EXPIRED',
    says: /it was valid until 2027-02-28T12:00:00\.000Z/,
    text: fileOf(envelopes(SOUND)),
    now: ISSUED + 91 * DAY_MS,
  },
  {
    name: 'its end is put off',
    code: 'CHAOS_CERTIFICATE_VALIDITY',
    says: /registered were 90 days/,
    text: certificate((one) => ({ ...one, notAfter: '2028-01-01T00:00:00.000Z' })),
    now: ISSUED + 91 * DAY_MS,
  },
  {
    name: 'it was issued in the future',
    code: 'CHAOS_CERTIFICATE_FUTURE',
    says: /it was issued on 2026-11-30/,
    text: fileOf(envelopes(SOUND)),
    now: ISSUED - DAY_MS,
  },
  {
    name: 'a piece of evidence is missing',
    code: 'CHAOS_CERTIFICATE_EVIDENCE_MISSING',
    says: /^knees\.json is missing$/,
    text: fileOf(envelopes(SOUND)),
    evidence: Object.fromEntries(Object.entries(EVIDENCE).slice(1)),
  },
  {
    name: 'a piece of evidence is another one',
    code: 'CHAOS_CERTIFICATE_EVIDENCE_CHANGED',
    says: /^knees\.json was changed$/,
    text: fileOf(envelopes(SOUND)),
    evidence: { ...EVIDENCE, 'knees.json': '{"full":512}\n' },
  },
  {
    name: 'a piece of evidence is struck off the list',
    code: 'CHAOS_CERTIFICATE_EVIDENCE',
    says: /the list of evidence was edited/,
    text: insiderCertificate((one) => ({ ...one, evidence: one.evidence.slice(1) })),
  },
  {
    name: 'another key signed it all',
    code: 'CHAOS_CERTIFICATE_OTHER_KEY',
    says: /^line 1: another key signed the registration: [0-9a-f]{16}/,
    text: fileOf(envelopes(SOUND, OTHER_KEYS.privateKey)),
  },
  {
    name: "another key signed it, under our key's id",
    code: 'CHAOS_CERTIFICATE_SIGNATURE',
    says: /^line 3: /,
    text: fileOf([
      REGISTERED,
      RESULT,
      {
        ...CERTIFICATE,
        signatures: [
          { ...CERTIFICATE.signatures[0], sig: seal(SOUND.certificate, OTHER_KEYS.privateKey).signatures[0]?.sig },
        ],
      },
    ]),
  },
  {
    name: 'nobody signed it',
    code: 'CHAOS_CERTIFICATE_UNSIGNED',
    says: /nobody signed the certificate/,
    text: fileOf([REGISTERED, RESULT, { ...CERTIFICATE, signatures: [] }]),
  },
  {
    name: 'the payload has another type',
    code: 'CHAOS_CERTIFICATE_PAYLOAD_TYPE',
    says: /the payload type is "application\/json"/,
    text: otherType('application/json'),
  },
  {
    name: 'the registration is missing',
    code: 'CHAOS_CERTIFICATE_INCOMPLETE',
    says: /the registration is missing/,
    text: fileOf([RESULT, CERTIFICATE]),
  },
  {
    name: 'there are two certificates',
    code: 'CHAOS_CERTIFICATE_TWICE',
    says: /the certificate is there twice \(line 4\)/,
    text: fileOf([REGISTERED, RESULT, CERTIFICATE, CERTIFICATE]),
  },
  {
    name: 'the registration of another measurement',
    code: 'CHAOS_CERTIFICATE_REGISTRATION',
    says: /the test result is about another registration/,
    text: fileOf([envelopes(unsigned({ ...REGISTRATION, title: 'Sundays in May' }))[0], RESULT, CERTIFICATE]),
  },
  {
    name: 'the test result of another measurement',
    code: 'CHAOS_CERTIFICATE_RESULT',
    says: /the test result says PASSED, and the certificate GO WITH CONDITIONS/,
    text: fileOf([
      REGISTERED,
      seal(
        edited(SOUND, 'result', (one) => ({ ...one, result: 'PASSED', warnedTests: [] })),
        KEYS.privateKey,
      ),
      CERTIFICATE,
    ]),
  },
  {
    name: 'the system was changed while it was measured',
    code: 'CHAOS_CERTIFICATE_DIGESTS',
    says: /the file topology\/nginx\/nginx\.conf was changed/,
    text: insider({
      digests: {
        ...DIGESTS,
        configuration: { ...DIGESTS.configuration, 'topology/nginx/nginx.conf': sha256('other') },
      },
    }),
  },
  {
    name: 'the statements are made about another image',
    code: 'CHAOS_CERTIFICATE_SUBJECT',
    says: /the certificate names other images/,
    text: (() => {
      const statement = JSON.parse(SOUND.certificate) as object;
      const subject = [{ name: 'app', digest: { sha256: sha256('another image') } }];
      return fileOf([REGISTERED, RESULT, seal(JSON.stringify({ ...statement, subject }), KEYS.privateKey)]);
    })(),
  },
  {
    name: 'a certificate of another version',
    code: 'CHAOS_CERTIFICATE_VERSION',
    says: /"urn:chaos:capacity-certificate:v2"/,
    text: fileOf([
      REGISTERED,
      RESULT,
      seal(SOUND.certificate.replace('certificate:v1', 'certificate:v2'), KEYS.privateKey),
    ]),
  },
  {
    name: 'evidence outside its folder',
    code: 'CHAOS_CERTIFICATE_FORM',
    says: /the path leads out of the folder/,
    text: insiderCertificate((one) => ({ ...one, evidence: [{ name: '../secrets', sha256: sha256('') }] })),
  },
  {
    name: 'another image of the app is deployed',
    code: 'CHAOS_CERTIFICATE_VOID',
    says: /^the image of app \(chaos\/app:dev\) is another one$/,
    text: fileOf(envelopes(SOUND)),
    deployed: deployed({ topology: { ...topology, images: { ...topology.images, app: `sha256:${sha256('new')}` } } }),
  },
  {
    name: 'a line of nginx is another one',
    code: 'CHAOS_CERTIFICATE_VOID',
    says: /^the file topology\/nginx\/nginx\.conf was changed$/,
    text: fileOf(envelopes(SOUND)),
    deployed: deployed({ configuration: { ...DIGESTS.configuration, 'topology/nginx/nginx.conf': sha256('other') } }),
  },
  {
    name: 'the workload is another one',
    code: 'CHAOS_CERTIFICATE_VOID',
    says: /^the workload experiments\/workloads\/saturday\.yaml was changed$/,
    text: fileOf(envelopes(SOUND)),
    deployed: deployed({ workloads: { 'experiments/workloads/saturday.yaml': sha256('other') } }),
  },
  {
    name: 'nobody can say which image is deployed',
    code: 'CHAOS_CERTIFICATE_UNCLEAR',
    says: /does not say which image app had/,
    text: (() => {
      const { app: _app, ...images } = topology.images ?? {};
      const digests = { ...DIGESTS, topology: { ...topology, images } };
      return insider({ digests }, { ...REGISTRATION, digests });
    })(),
    deployed: deployed({}),
  },
];

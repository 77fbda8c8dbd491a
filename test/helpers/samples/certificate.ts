import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Envelope, seal, sha256 } from '../../../harness/core/certificate/envelope.ts';
import { type CapacityOutcome, conclusionTexts, registrationText } from '../../../harness/core/certificate/make.ts';
import type {
  Certificate,
  Kind,
  Registration,
  Statement,
  TestResult,
} from '../../../harness/core/certificate/statements.ts';
import { digestOf } from '../../../harness/core/freshness/digest.ts';
import type { Certified } from '../../../harness/core/freshness/certified.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** When the sample was issued: 2026-11-30, noon. */
export const ISSUED = Date.UTC(2026, 10, 30, 12);

/** The evidence of the sample, by name. */
export const EVIDENCE: Readonly<Record<string, string>> = {
  'knees.json': '{"full":412}\n',
  'runs/20261130T090000Z-saturday-peak/run.json': '{"verdict":"PASS"}\n',
};

const names = ['nginx', 'app', 'postgres-a', 'redis'];

export const DIGESTS: Certified = {
  topology: {
    imageNames: Object.fromEntries(names.map((name) => [name, `chaos/${name}:dev`])),
    images: Object.fromEntries(names.map((name) => [name, `sha256:${sha256(`image ${name}`)}`])),
    services: Object.fromEntries(names.map((name) => [name, digestOf(name)])),
    links: { 'app-to-redis': digestOf('app-to-redis') },
  },
  experiments: { 'experiments/saturday-peak.yaml': digestOf('saturday-peak') },
  workloads: { 'experiments/workloads/saturday.yaml': digestOf('saturday') },
  configuration: {
    'topology/nginx/nginx.conf': digestOf('nginx.conf'),
    'docker-compose.chaos.yml': digestOf('compose'),
  },
  data: { vendors: '10000 rows' },
  machine: { cores: '2', memory: '24 GiB' },
};

export const REGISTRATION: Registration = {
  title: 'Saturdays in June',
  registeredOn: new Date(ISSUED - 4 * HOUR_MS).toISOString(),
  targets: {
    latency: [
      { of: 'reads', p95Ms: 200 },
      { of: 'writes', p95Ms: 400 },
    ],
    errors: 0.001,
    needs: [
      { condition: 'full', ratePerS: 278 },
      { condition: 'without one app', ratePerS: 278, keeps: 0.6 },
      { condition: 'without redis', keeps: 0.5 },
    ],
    experiments: ['experiments/saturday-peak.yaml'],
  },
  plan: { file: 'experiments/capacity/june.yaml', project: 'wedsync', seed: 42, mostMinutes: 75, validDays: 90 },
  digests: DIGESTS,
};

export const OUTCOME: CapacityOutcome = {
  capacities: [
    { condition: 'full', limit: 'latency', ratePerS: 412, low: 398, high: 421, confidence: 0.9 },
    { condition: 'without one app', limit: 'cpu', ratePerS: 301, low: 290, high: 309, confidence: 0.9 },
    { condition: 'without redis', limit: 'pool', ratePerS: 180, low: 171, high: 188, confidence: 0.9 },
  ],
  notRun: [],
  experiments: [
    { experiment: 'experiments/saturday-peak.yaml', verdict: 'PASS', run: '20261130T090000Z-saturday-peak' },
  ],
  waivers: [
    { of: 'without redis', by: 'Ada Lovelace', reason: 'Redis has a standby from January on; the peak is in June.' },
  ],
  productionLike: { by: 'Grace Hopper', because: 'the same machines and the same compose file' },
  evidence: Object.entries(EVIDENCE).map(([name, text]) => ({ name, sha256: sha256(text) })),
  digests: DIGESTS,
  firstRequestAt: ISSUED - 4 * HOUR_MS + 60_000,
  lastRequestAt: ISSUED - 60_000,
  issuedAt: ISSUED,
};

export const KEYS = generateKeyPairSync('ed25519');
export const OTHER_KEYS = generateKeyPairSync('ed25519');

/** The three statements of a certificate before they are signed. */
export interface Unsigned {
  readonly registration: string;
  readonly result: string;
  readonly certificate: string;
}

export function unsigned(registration: Registration = REGISTRATION, outcome: Partial<CapacityOutcome> = {}): Unsigned {
  const text = registrationText(registration);
  const { result, certificate } = conclusionTexts({ text, registration }, { ...OUTCOME, ...outcome });
  return { registration: text, result, certificate };
}

export const envelopes = (
  { registration, result, certificate }: Unsigned,
  key: KeyObject = KEYS.privateKey,
): Envelope[] => [registration, result, certificate].map((text) => seal(text, key));

export const fileOf = (lines: readonly unknown[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/** The content of a valid certificate file. */
export const certificateFile = (
  outcome: Partial<CapacityOutcome> = {},
  registration: Registration = REGISTRATION,
): string => fileOf(envelopes(unsigned(registration, outcome)));

/** What each statement says. */
interface Predicates {
  readonly registration: Registration;
  readonly result: TestResult;
  readonly certificate: Certificate;
}

/** Returns one of the statements with another predicate. */
export function edited<K extends Kind>(all: Unsigned, kind: K, change: (predicate: Predicates[K]) => unknown): string {
  const statement = JSON.parse(all[kind]) as Statement<Predicates[K]>;
  return JSON.stringify({ ...statement, predicate: change(statement.predicate) });
}

/** Returns the envelope with another text and the old signature, as someone without the key makes it. */
export const withText = (envelope: Envelope, text: string): Envelope => ({
  ...envelope,
  payload: Buffer.from(text).toString('base64'),
});

import { iso } from '../clock.ts';
import { sha256 } from './envelope.ts';
import { judgeCapacity } from './judge.ts';
import { SECTION_NAMES, sectionDigest } from './sections.ts';
import {
  type Certificate,
  type Kind,
  type Registration,
  SHAPES,
  type Statement,
  STATEMENT_TYPE,
  subjectOf,
  type TestResult,
  TYPES,
} from './statements.ts';

const DAY_MS = 86_400_000;

/** What is known when everything is measured. Times in epoch milliseconds. */
export type CapacityOutcome = Pick<
  Certificate,
  'capacities' | 'notRun' | 'experiments' | 'waivers' | 'productionLike' | 'evidence' | 'digests'
> & {
  readonly firstRequestAt: number;
  readonly lastRequestAt: number;
  readonly issuedAt: number;
};

/** Returns the text of a registration, to be signed before the first request. Throws when it has not its form. */
export const registrationText = (registration: Registration): string =>
  text('registration', subjectOf(registration), registration);

/**
 * Returns the texts of the test result and of the certificate. `registered`: the text that was signed before the first
 * request, and what it says. Throws when a fact has not its form.
 */
export function conclusionTexts(
  registered: { readonly text: string; readonly registration: Registration },
  outcome: CapacityOutcome,
): { readonly result: string; readonly certificate: string; readonly is: Certificate } {
  const { title, targets, plan } = registered.registration;
  const { firstRequestAt, lastRequestAt, issuedAt, ...facts } = outcome;
  const certificate: Certificate = {
    title,
    registration: sha256(registered.text),
    targets,
    plan,
    ...facts,
    ...judgeCapacity({ targets, ...facts }),
    measured: { firstRequestOn: iso(firstRequestAt), lastRequestOn: iso(lastRequestAt) },
    issuedOn: iso(issuedAt),
    notAfter: iso(issuedAt + plan.validDays * DAY_MS),
  };
  const subject = subjectOf(certificate);
  return {
    result: text('result', subject, resultOf(certificate)),
    certificate: text('certificate', subject, certificate),
    is: certificate,
  };
}

const RESULTS = { GO: 'PASSED', 'GO WITH CONDITIONS': 'WARNED', 'NO-GO': 'FAILED' } as const;

/** Returns the same verdict as a test result (in-toto test-result/v0.1), for tools that know nothing of ours. */
export function resultOf(certificate: Certificate): TestResult {
  const { verdict, margins, targets, waivers, experiments, registration } = certificate;
  const waived = new Set(waivers.map(({ of }) => of));
  const tests = [
    ...targets.needs.map(({ condition }) => {
      const own = margins.filter((margin) => margin.condition === condition);
      const missed = own.length === 0 || own.some(({ is }) => is === 'missed' || is === 'uncertain');
      const open = own.some(({ is }) => is === 'not signed');
      return { name: `capacity: ${condition}`, of: condition, missed, open };
    }),
    ...targets.experiments.map((name) => {
      const missed = experiments.find(({ experiment }) => experiment === name)?.verdict !== 'PASS';
      return { name: `experiment: ${name}`, of: name, missed, open: false };
    }),
  ];
  const sorted = Map.groupBy(tests, ({ missed, open, of }) =>
    missed ? (waived.has(of) ? 'warned' : 'failed') : open ? 'warned' : 'passed',
  );
  const names = (how: 'passed' | 'warned' | 'failed'): string[] => (sorted.get(how) ?? []).map(({ name }) => name);
  return {
    result: RESULTS[verdict],
    configuration: [
      { name: 'registration', digest: { sha256: registration } },
      ...SECTION_NAMES.map((name) => ({
        name: `certificate/${name}`,
        digest: { sha256: sectionDigest(name, certificate) },
      })),
    ],
    passedTests: names('passed'),
    warnedTests: names('warned'),
    failedTests: names('failed'),
  };
}

function text<P>(kind: Kind, subject: Statement<P>['subject'], predicate: P): string {
  const statement: Statement<P> = { _type: STATEMENT_TYPE, subject, predicateType: TYPES[kind], predicate };
  SHAPES[kind].parse(statement);
  return JSON.stringify(statement);
}

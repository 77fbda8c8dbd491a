import { digestOf } from '../../freshness/digest.ts';
import { certifiedFreshness } from '../../freshness/certified.ts';
import { resultOf } from '../make.ts';
import { SECTION_NAMES, SECTIONS, sectionDigest } from '../sections.ts';
import { subjectOf, type Targets } from '../statements.ts';
import type { Statements } from './opened.ts';
import type { Reason } from './reason.ts';

export type Whole = { readonly [K in keyof Statements]-?: NonNullable<Statements[K]> };

/** Returns where the three statements contradict each other. */
export const disagreements = (all: Whole): readonly Reason[] => [...withRegistration(all), ...withResult(all)];

function withRegistration({ registration, result, certificate }: Whole): readonly Reason[] {
  const [was, is] = [registration.predicate, certificate.predicate];
  const reasons: Reason[] = [];
  const named = result.predicate.configuration.find(({ name }) => name === 'registration')?.digest.sha256;
  for (const [what, digest] of [
    ['certificate', is.registration],
    ['test result', named],
  ] as const)
    if (digest !== registration.digest)
      reasons.push({
        code: 'CHAOS_CERTIFICATE_REGISTRATION',
        message: `the ${what} is about another registration than the one in this file`,
      });
  const targets = differentTargets(was.targets, is.targets);
  if (targets.length > 0)
    reasons.push({ code: 'CHAOS_CERTIFICATE_TARGETS', message: `not as registered: ${targets.join('; ')}` });
  if (digestOf([was.title, was.plan]) !== digestOf([is.title, is.plan]))
    reasons.push({
      code: 'CHAOS_CERTIFICATE_PLAN',
      message: `registered was ${JSON.stringify(was.plan)}, and the certificate has ${JSON.stringify(is.plan)}`,
    });
  const freshness = certifiedFreshness(was.digests, is.digests);
  if (freshness.is === 'stale')
    reasons.push({
      code: 'CHAOS_CERTIFICATE_DIGESTS',
      message: `changed while it was measured: ${freshness.changed.join('; ')}`,
    });
  const subject = digestOf(subjectOf(was));
  for (const [what, one] of [
    ['registration', registration],
    ['test result', result],
    ['certificate', certificate],
  ] as const)
    if (digestOf(one.subject) !== subject)
      reasons.push({
        code: 'CHAOS_CERTIFICATE_SUBJECT',
        message: `the ${what} names other images or another topology than the registered digests`,
      });
  return reasons;
}

/** Returns what differs, as "latency of all: 200 ms, and 250 ms in the certificate". */
function differentTargets(was: Targets, is: Targets): readonly string[] {
  const [before, after] = [wordsOf(was), wordsOf(is)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name) => {
    const [one, other] = [before.get(name) ?? 'nothing', after.get(name) ?? 'nothing'];
    return one === other ? [] : [`${name}: ${one}, and ${other} in the certificate`];
  });
}

const wordsOf = ({ latency, errors, limits = {}, needs, experiments }: Targets): ReadonlyMap<string, string> =>
  new Map([
    ['errors', `less than ${errors}`],
    ...latency.map(({ of, p95Ms }) => [`p95 of ${of}`, `${p95Ms} ms`] as const),
    ...Object.entries(limits.cpu ?? {}).map(([service, share]) => [`CPU of ${service}`, `${share}`] as const),
    ...(limits.connections === undefined ? [] : [['connections', `${limits.connections}`] as const]),
    ...needs.map(
      ({ condition, ratePerS, keeps }) =>
        [
          `need "${condition}"`,
          [ratePerS && `${ratePerS}/s`, keeps && `keeps ${keeps}`].filter(Boolean).join(', '),
        ] as const,
    ),
    ...experiments.map((name) => [`experiment ${name}`, 'must pass'] as const),
  ]);

function withResult({ result, certificate }: Whole): readonly Reason[] {
  const named = new Map(result.predicate.configuration.map(({ name, digest }) => [name, digest.sha256]));
  const edited = SECTION_NAMES.filter(
    (name) => named.get(`certificate/${name}`) !== sectionDigest(name, certificate.predicate),
  );
  const { configuration: _own, ...said } = result.predicate;
  const { configuration: _made, ...should } = resultOf(certificate.predicate);
  return [
    ...edited.map((name): Reason => {
      const { code, what } = SECTIONS[name];
      return { code, message: `${what} was edited: the test result has another digest of this part` };
    }),
    ...(digestOf(said) === digestOf(should)
      ? []
      : [
          {
            code: 'CHAOS_CERTIFICATE_RESULT' as const,
            message: `the test result says ${said.result}, and the certificate ${certificate.predicate.verdict}, or other tests passed`,
          },
        ]),
  ];
}

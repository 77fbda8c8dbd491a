import { digestOf } from '../../freshness/digest.ts';
import { judgeCapacity } from '../judge.ts';
import { type Certificate, FULL, type Registration } from '../statements.ts';
import type { Reason } from './reason.ts';

/** Returns where a certificate breaks the rules by which every certificate is made. */
export const brokenRules = (certificate: Certificate, registration: Registration): readonly Reason[] => [
  ...verdict(certificate),
  ...figures(certificate, registration),
  ...people(certificate),
];

function verdict(certificate: Certificate): readonly Reason[] {
  const judged = judgeCapacity(certificate);
  const reasons: Reason[] = [];
  if (judged.verdict !== certificate.verdict || judged.signs !== certificate.signs)
    reasons.push({
      code: 'CHAOS_CERTIFICATE_VERDICT',
      message: `its figures make it ${judged.verdict} (${judged.signs}), and it says ${certificate.verdict} (${certificate.signs})`,
    });
  else if (digestOf(judged.conditions) !== digestOf(certificate.conditions))
    reasons.push({ code: 'CHAOS_CERTIFICATE_VERDICT', message: 'its conditions are not those that its figures make' });
  if (digestOf(judged.margins) !== digestOf(certificate.margins))
    reasons.push({
      code: 'CHAOS_CERTIFICATE_FIGURES',
      message: 'its margins do not follow from its capacities and targets',
    });
  return reasons;
}

function figures(certificate: Certificate, { targets }: Registration): readonly Reason[] {
  const { capacities, experiments, notRun } = certificate;
  const wrong = (message: string): Reason => ({ code: 'CHAOS_CERTIFICATE_FIGURES', message });
  const conditions = capacities.map(({ condition }) => condition);
  const done = new Set([
    ...conditions,
    ...experiments.map(({ experiment }) => experiment),
    ...notRun.map(({ what }) => what),
  ]);
  const asked = [...targets.needs.map(({ condition }) => condition), ...targets.experiments];
  return [
    ...capacities.flatMap(({ condition, ratePerS, low, high, limit }) => [
      ...(low <= ratePerS && (high === null || ratePerS <= high)
        ? []
        : [
            wrong(`the interval of "${condition}" (${low} to ${high ?? 'unknown'}) does not hold its rate ${ratePerS}`),
          ]),
      ...((limit === null || limit === 'generator') && high !== null
        ? [wrong(`nothing but the generator broke under "${condition}", so the system's limit has no upper end`)]
        : []),
    ]),
    ...conditions.flatMap((name, i) => (conditions.indexOf(name) === i ? [] : [wrong(`"${name}" was measured twice`)])),
    ...conditions.flatMap((name) => (asked.includes(name) ? [] : [wrong(`"${name}" was measured and not registered`)])),
    ...asked.flatMap((name): Reason[] =>
      done.has(name)
        ? []
        : [{ code: 'CHAOS_CERTIFICATE_LEFT_OUT', message: `"${name}" was registered, and nothing is said about it` }],
    ),
  ];
}

function people({ waivers, productionLike, targets }: Certificate): readonly Reason[] {
  const waivable = [...targets.needs.map(({ condition }) => condition), ...targets.experiments];
  const wrong = (message: string): Reason => ({ code: 'CHAOS_CERTIFICATE_WAIVERS', message });
  const isBlank = (text: string): boolean => text.trim() === '';
  return [
    ...waivers.flatMap(({ of, by, reason }) => [
      ...(isBlank(by) ? [wrong(`nobody is named who waives "${of}"`)] : []),
      ...(isBlank(reason) ? [wrong(`there is no reason why "${of}" is waived`)] : []),
      ...(waivable.includes(of) ? [] : [wrong(`"${of}" was not asked for and cannot be waived`)]),
      ...(of === FULL ? [wrong('the full capacity cannot be waived')] : []),
    ]),
    ...(productionLike !== null && (isBlank(productionLike.by) || isBlank(productionLike.because))
      ? [
          {
            code: 'CHAOS_CERTIFICATE_ENVIRONMENT' as const,
            message: 'the environment is declared to be like production, without a name or without a reason',
          },
        ]
      : []),
  ];
}

import { differenceBounds } from '../stats.ts';
import { type Certificate, type CertifiedCapacity, FULL, type Margin, type Need, type Targets } from './statements.ts';

/** What was measured, and what people have declared. */
export type CapacityFacts = { readonly targets: Targets } & Pick<
  Certificate,
  'capacities' | 'notRun' | 'experiments' | 'waivers' | 'productionLike'
>;

export type CapacityJudged = Pick<Certificate, 'verdict' | 'signs' | 'conditions' | 'margins'>;

/** Something that was asked for and is not shown. */
interface Open {
  /** A condition or an experiment. */
  readonly what: string;
  readonly why: string;
}

/**
 * Returns the verdict about measured capacities. It follows from the facts alone, so everybody can compute it again.
 *
 * NO-GO: something that was asked for is not shown, and nobody waived it. The full capacity cannot be waived. GO WITH
 * CONDITIONS: everything is shown or waived, but something is waived, or nobody declared that the environment is like
 * production. Then requests a second are not signed, and only ratios are. GO: everything is shown, and on an environment
 * that a named person declared to be like production.
 */
export function judgeCapacity(facts: CapacityFacts): CapacityJudged {
  const { waivers, productionLike } = facts;
  const signs = productionLike === null ? 'ratios' : 'rates';
  const margins = facts.targets.needs.flatMap((need) => marginsOf(need, facts));
  const open = openIn(facts, margins);
  const waiverOf = (what: string) => (what === FULL ? undefined : waivers.find((waiver) => waiver.of === what));
  const blocking = open.filter(({ what }) => waiverOf(what) === undefined);
  const unsigned = margins.filter(({ is }) => is === 'not signed');
  const nothing = margins.every(({ is }) => is === 'not signed');
  const conditions = [
    ...open.map(({ what, why }) => {
      const waiver = waiverOf(what);
      return waiver === undefined ? `${what}: ${why}` : `${what}: ${why}; waived by ${waiver.by}: ${waiver.reason}`;
    }),
    ...(signs === 'rates' ? [] : ['nobody declared the environment to be like production: only ratios are signed']),
    ...unsigned.map(({ condition, needed }) => `${condition}: whether it carries ${needed}/s is not signed`),
    ...(nothing
      ? [
          `no ratio ${facts.targets.needs.some(({ keeps }) => keeps !== undefined) ? 'that was asked for was measured' : 'was asked for'}, so nothing is signed`,
        ]
      : []),
  ];
  const verdict = blocking.length > 0 || nothing ? 'NO-GO' : conditions.length > 0 ? 'GO WITH CONDITIONS' : 'GO';
  return { verdict, signs, margins, conditions };
}

function openIn({ targets, notRun, experiments }: CapacityFacts, margins: readonly Margin[]): readonly Open[] {
  const why = (what: string): string => notRun.find((one) => one.what === what)?.reason ?? 'it was left out';
  const unmeasured = targets.needs.filter(({ condition }) => !margins.some((margin) => margin.condition === condition));
  return [
    ...unmeasured.map(({ condition }) => ({ what: condition, why: `not measured: ${why(condition)}` })),
    ...margins.flatMap((margin) =>
      margin.is === 'missed' || margin.is === 'uncertain' ? [{ what: margin.condition, why: shortfall(margin) }] : [],
    ),
    ...targets.experiments.flatMap((name) => {
      const verdict = experiments.find(({ experiment }) => experiment === name)?.verdict;
      if (verdict === 'PASS') return [];
      return [{ what: name, why: verdict === undefined ? `not run: ${why(name)}` : `it ended ${verdict}` }];
    }),
  ];
}

function shortfall({ of, ratio, low, high, needed, is }: Margin): string {
  const range = `${ratio} (${low} to ${high ?? 'unknown'})`;
  const what = of === 'full' ? `keeps ${range} of the full capacity` : `carries ${range} of what is needed`;
  const asked = of === 'full' ? `, and ${needed} is needed` : `, ${needed}/s`;
  return `${what}${asked}${is === 'uncertain' ? ': not certain' : ''}`;
}

/** Digits of a ratio: the same everywhere, whatever the last bit of a logarithm is. */
const DIGITS = 4;
const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

function marginsOf({ condition, ratePerS, keeps }: Need, { capacities, productionLike }: CapacityFacts): Margin[] {
  const found = capacities.find((one) => one.condition === condition);
  const full = capacities.find((one) => one.condition === FULL);
  if (found === undefined) return [];
  const margins: Margin[] = [];
  if (ratePerS !== undefined) {
    const { low, high } = found;
    const is = productionLike === null ? 'not signed' : isMet(low, high, ratePerS);
    margins.push({
      condition,
      of: 'rate',
      ratio: rounded(found.ratePerS / ratePerS),
      low: rounded(low / ratePerS),
      high: high === null ? null : rounded(high / ratePerS),
      needed: ratePerS,
      is,
    });
  }
  if (keeps !== undefined && full !== undefined) {
    const kept = ratioOf(found, full);
    margins.push({ condition, of: 'full', ...kept, needed: keeps, is: isMet(kept.low, kept.high, keeps) });
  }
  return margins;
}

function isMet(low: number, high: number | null, needed: number): 'met' | 'missed' | 'uncertain' {
  if (low >= needed) return 'met';
  return high !== null && high < needed ? 'missed' : 'uncertain';
}

/** Returns the ratio of two rates with its interval: the difference of their logarithms (see `differenceBounds`). */
export function ratioOf(
  one: Pick<CertifiedCapacity, 'ratePerS' | 'low' | 'high'>,
  full: Pick<CertifiedCapacity, 'ratePerS' | 'low' | 'high'>,
): { readonly ratio: number; readonly low: number; readonly high: number | null } {
  const logs = ({ ratePerS, low, high }: Pick<CertifiedCapacity, 'ratePerS' | 'low' | 'high'>) => ({
    value: Math.log(ratePerS),
    lower: Math.log(low),
    upper: Math.log(high ?? Infinity),
  });
  const { value, lower, upper } = differenceBounds(logs(full), logs(one));
  return {
    ratio: rounded(Math.exp(value)),
    low: rounded(Math.exp(lower)),
    high: Number.isFinite(upper) ? rounded(Math.exp(upper)) : null,
  };
}

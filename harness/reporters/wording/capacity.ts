import type { CapacityRow, CapacitySignOff, CapacityVerdict } from '../../core/capacity/document.ts';
import { ratioOf } from '../../core/certificate/judge.ts';
import { FULL } from '../../core/certificate/statements.ts';
import { NONE } from './figures.ts';

/** The sign before a verdict: never colour alone. */
export const capacitySign = (verdict: CapacityVerdict): string =>
  verdict === 'GO' || verdict === 'GO WITH CONDITIONS'
    ? '✓'
    : verdict === 'NO-GO' || verdict === 'NOT RESTORED'
      ? '✗'
      : '?';

/** The verdict of a run that a verdict about a capacity is coloured like. */
export function capacityClass(verdict: CapacityVerdict): string {
  if (verdict === 'GO') return 'pass';
  return verdict === 'NO-GO' || verdict === 'NOT RESTORED' ? 'fail' : 'inconclusive';
}

const LIMITS: Readonly<Record<NonNullable<CapacityRow['limit']>, string>> = {
  latency: 'latency',
  errors: 'errors',
  cpu: 'processors',
  pool: 'connections',
  generator: 'the load generator, and not the system',
  unknown: 'not certain',
};

export const limitText = (limit: CapacityRow['limit']): string => (limit === null ? 'nothing' : LIMITS[limit]);

export const rateText = (perS: number): string => `${Number(perS.toPrecision(4))}/s`;

/** "412/s (398 to 421)", "at least 500/s" */
export const carriedText = ({
  rate_per_s: rate,
  low,
  high,
}: Pick<CapacityRow, 'rate_per_s' | 'low' | 'high'>): string =>
  high === null
    ? `at least ${rateText(low)}`
    : `${rateText(rate)} (${Number(low.toPrecision(4))} to ${Number(high.toPrecision(4))})`;

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** "73 % (70 to 76)" of the full capacity, "at least 90 %". Undefined for the full capacity, and when it is not known. */
export function keptText(row: CapacityRow, full: CapacityRow | undefined): string | undefined {
  if (full === undefined || full === row) return undefined;
  const rates = ({ rate_per_s: ratePerS, low, high }: CapacityRow) => ({ ratePerS, low, high });
  const { ratio, low, high } = ratioOf(rates(row), rates(full));
  // The full capacity may be any higher, so only the other end is known.
  if (full.high === null) return high === null ? NONE : `at most ${percent(high)}`;
  if (high === null) return low > 0 ? `at least ${percent(low)}` : NONE;
  return `${percent(ratio)} (${(100 * low).toFixed(0)} to ${(100 * high).toFixed(0)})`;
}

export const fullRow = ({ knees }: Pick<CapacitySignOff, 'knees'>): CapacityRow | undefined =>
  knees.find(({ condition }) => condition === FULL);

/** Returns the sentence for whoever signs. */
export function capacitySentence(document: CapacitySignOff): string {
  const { wanted, reason, verdict, users } = { ...document, users: document.wanted.users };
  const full = fullRow(document);
  const who = users === null ? '' : `, which ${users.toLocaleString('en-US')} users make`;
  if (full === undefined)
    return `${reason ?? 'The full capacity is not known'}. Wanted: ${rateText(wanted.rate_per_s)}${who}.`;
  const times = full.low / wanted.rate_per_s;
  const margin = `the lower end is ${times.toFixed(2)} times the wanted ${rateText(wanted.rate_per_s)}${who}`;
  const breaks =
    full.limit === 'generator'
      ? `The load generator failed before the system, at ${rateText(full.generator_per_s ?? full.low)}`
      : full.limit === null
        ? 'Nothing broke at any rate that was tried for long enough'
        : `${limitText(full.limit)} breaks first`;
  const end = verdict === 'INTERRUPTED' ? ' The measurement was ended early: `--resume` goes on.' : '';
  return `The system carries ${carriedText(full)}: ${margin}. ${breaks.charAt(0).toUpperCase()}${breaks.slice(1)}.${end}`;
}

/** What the machine means for the reader's own. */
export const machineText = ({ production_like: like }: Pick<CapacitySignOff, 'production_like'>): string =>
  like === null
    ? 'Nobody declares this environment to be like production, so requests a second do not carry over: the load generator, the system and the engine shared this machine. What may carry over: which limit breaks first, and which share is left when something is gone.'
    : `${like.by} declares this environment to be like production: ${like.because}.`;

export function forecastText({ forecast }: Pick<CapacitySignOff, 'forecast'>): string | undefined {
  if (forecast === undefined) return undefined;
  if ('refused' in forecast) return `Nobody can say when growth uses the margin up: ${forecast.refused}.`;
  return `Growth uses the margin up between ${forecast.first} and ${forecast.last ?? 'a later day than anybody can say'}, with 90 % probability.`;
}

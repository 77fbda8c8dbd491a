import { mean } from '../../../harness/core/stats.ts';
import { type Found, findKnee } from '../../helpers/knees/search.ts';
import { STUBS } from '../../helpers/knees/stubs.ts';
import { row, say } from '../figures.ts';

/** What many searches of one stub have found. */
interface Searched {
  readonly name: string;
  readonly within5: number;
  readonly holds: number;
  readonly worst: number;
  readonly width: number;
  readonly steps: number;
  readonly minutes: number;
}

const holds = ({ knee: { interval }, truth }: Found): boolean =>
  interval !== undefined && interval.low <= truth && truth <= interval.high;

/** The distance of the found knee from the true one, as a share of the true one. */
const offBy = ({ knee: { interval }, truth }: Found): number =>
  interval === undefined ? Infinity : Math.abs(interval.ratePerS / truth - 1);

function searched(name: string, seeds: number): Searched {
  const all = Array.from({ length: seeds }, (_, i) => findKnee(name, i + 1));
  const result = {
    name,
    within5: all.filter((found) => offBy(found) <= 0.05).length,
    holds: all.filter(holds).length,
    worst: Math.max(...all.map(offBy)),
    width: mean(all.map(({ knee: { interval } }) => (interval === undefined ? NaN : interval.high / interval.low - 1))),
    steps: mean(all.map(({ steps }) => steps)),
    minutes: mean(all.map(({ tookS }) => tookS / 60)),
  };
  say(JSON.stringify(result));
  return result;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Searches each of these stubs with the seeds from 1 to `seeds`. */
export const kneeTable = (seeds: number, stubs: readonly string[] = Object.keys(STUBS)): string =>
  [
    row(
      'system',
      'knee within 5 %',
      'interval holds the truth',
      'worst',
      'width of the interval',
      'steps',
      'virtual minutes',
    ),
    row('---', '--:', '--:', '--:', '--:', '--:', '--:'),
    ...stubs.map((name) => {
      const { within5, holds, worst, width, steps, minutes } = searched(name, seeds);
      return row(
        name,
        `${within5} of ${seeds}`,
        `${holds} of ${seeds}`,
        percent(worst),
        percent(width),
        steps.toFixed(1),
        minutes.toFixed(1),
      );
    }),
  ].join('\n');

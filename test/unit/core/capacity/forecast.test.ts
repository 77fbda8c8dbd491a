import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  type Demand,
  type Forecast,
  forecast,
  type ForecastOptions,
} from '../../../../harness/core/capacity/forecast.ts';
import { isRefusal } from '../../../../harness/core/capacity/refusal.ts';
import { foretold, holdsDate } from '../../../helpers/histories.ts';

const DAY_MS = 86_400_000;
const BEGIN = Date.UTC(2026, 0, 1);
const OPTIONS: ForecastOptions = { capacity: 400, confidence: 0.9 };
/** One value a week. */
const weekly = (values: readonly number[]): Demand[] =>
  values.map((value, week) => ({ t: BEGIN + week * 7 * DAY_MS, value }));
/** Values about a line: alternately a little above and below it. */
const line = (weeks: number, from = 200, perWeek = 5, off = 3): number[] =>
  Array.from({ length: weeks }, (_, week) => from + perWeek * week + (week % 2 === 0 ? off : -off));
const told = (history: readonly Demand[], more: Partial<ForecastOptions> = {}): Forecast => {
  const found = forecast(history, { ...OPTIONS, ...more });
  if (isRefusal(found)) throw new Error(found.message);
  return found;
};
const weeks = (t: number): number => (t - BEGIN) / (7 * DAY_MS);

describe('a forecast', () => {
  it('says between which dates growth reaches the capacity', () => {
    const { growth, perDay, first, expected, last, margin } = told(weekly(line(30)));
    expect(growth).to.equal('linear');
    expect(perDay).to.be.closeTo(5 / 7, 0.02);
    expect(weeks(expected!)).to.be.closeTo(40, 2);
    expect(first).to.be.below(expected!);
    expect(last!).to.be.above(expected!);
    expect(margin).to.be.closeTo(400 / 345, 0.02);
  });

  it('finds exponential growth, which ends a margin sooner', () => {
    const values = Array.from({ length: 40 }, (_, week) => 100 * 1.03 ** week * (week % 2 === 0 ? 1.01 : 0.99));
    const found = told(weekly(values));
    expect(found.growth).to.equal('exponential');
    expect(weeks(found.expected!)).to.be.closeTo(Math.log(4) / Math.log(1.03), 1);
    const asLine = told(weekly(values), { growth: 'linear' });
    expect(asLine.expected!).to.be.above(found.expected!);
  });

  it('is less certain when values vary more', () => {
    const width = ({ first, last }: Forecast): number => last! - first;
    expect(width(told(weekly(line(40, 200, 5, 20))))).to.be.above(2 * width(told(weekly(line(40)))));
  });

  it('does not depend on the order of the points', () => {
    const history = weekly(line(20));
    expect(told(history.toReversed())).to.deep.equal(told(history));
  });

  it('says that the last date is later than it can see, when it is', () => {
    const { first, last, until } = told(weekly(line(10, 200, 5, 7)), { capacity: 300 });
    expect(weeks(until)).to.be.closeTo(27, 0.01);
    expect(weeks(first)).to.be.below(27);
    expect(last).to.equal(undefined);
  });

  it('says that growth has reached the capacity already', () => {
    const { first, margin } = told(weekly(line(30)), { capacity: 300 });
    expect(weeks(first)).to.be.below(29);
    expect(margin).to.be.below(1);
  });

  const refused: readonly (readonly [why: string, history: readonly Demand[], capacity: number, code: string])[] = [
    ['fewer than 8 points', weekly(line(7)), 400, 'CHAOS_FORECAST_TOO_FEW'],
    ['8 values at 7 times', [...weekly(line(7)), ...weekly(line(1))], 400, 'CHAOS_FORECAST_TOO_FEW'],
    ['a flat history', weekly(line(30, 200, 0)), 400, 'CHAOS_FORECAST_FLAT'],
    ['equal values', weekly(Array.from({ length: 20 }, () => 200)), 400, 'CHAOS_FORECAST_FLAT'],
    ['a history that falls', weekly(line(30, 400, -5)), 500, 'CHAOS_FORECAST_FLAT'],
    ['a rise that may be chance', weekly(line(9, 200, 1, 20)), 400, 'CHAOS_FORECAST_FLAT'],
    ['a margin that ends too far ahead', weekly(line(30)), 4_000, 'CHAOS_FORECAST_FAR'],
  ];
  for (const [why, history, capacity, code] of refused)
    it(`refuses ${why}`, () => {
      expect(forecast(history, { ...OPTIONS, capacity, growth: 'linear' })).to.have.property('code', code);
    });

  it('holds the true date of made-up histories about as often as it says', () => {
    const all = Array.from({ length: 200 }, (_, i) => holdsDate(foretold(i + 1))).filter((held) => held !== undefined);
    expect(all).to.have.lengthOf.at.least(180);
    expect(all.filter(Boolean).length / all.length).to.be.within(0.85, 0.95);
  });
});

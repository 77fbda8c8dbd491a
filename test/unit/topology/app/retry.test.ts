import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  backoffMs,
  BusyError,
  classify,
  RetryBudget,
  SlowError,
  UnreplicatedError,
} from '../../../../topology/app/retry.ts';
import type { Failure } from '../../../../topology/app/retry.ts';

const coded = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code });

describe('the retry of the app', () => {
  const cases: readonly [Failure, readonly unknown[]][] = [
    [
      'down',
      [
        ...['57P01', '57P02', '57P03', '25006', '53300', '08006', 'ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN'].map((c) =>
          coded(c),
        ),
        new Error('Connection terminated unexpectedly'),
        new Error('Connection terminated due to connection timeout'),
        new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]),
      ],
    ],
    ['slow', [new SlowError('x'), coded('57014')]],
    ['busy', [new BusyError('x'), new Error('timeout exceeded when trying to connect')]],
    ['again', [new UnreplicatedError('x'), coded('40001'), coded('40P01'), coded('55P03')]],
    ['fatal', [coded('23505'), coded('42P01'), coded('22008'), new TypeError('x'), 'x', undefined]],
  ];
  for (const [failure, errors] of cases) {
    it(`knows which errors are "${failure}"`, () => {
      for (const error of errors) expect(classify(error), String(error)).to.equal(failure);
    });
  }

  it('backs off in growing steps with an upper bound, never at once', () => {
    const steps = [1, 2, 3, 4, 5, 6, 20].map((attempt) => [backoffMs(attempt, () => 0), backoffMs(attempt, () => 1)]);
    expect(steps).to.deep.equal([
      [12.5, 25],
      [25, 50],
      [50, 100],
      [100, 200],
      [200, 400],
      [200, 400],
      [200, 400],
    ]);
  });

  it('grants a burst of repetitions, and then one for ten requests', () => {
    const budget = new RetryBudget(5);
    let granted = 0;
    for (let request = 0; request < 1000; request += 1) {
      budget.deposit();
      if (budget.withdraw()) granted += 1;
    }
    expect(granted).to.be.within(104, 106);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setImmediate as turn } from 'node:timers/promises';
import { eachInTurns } from '../../../harness/core/settled.ts';

describe('work in turns', () => {
  it('is done for every item, and for so many at the same time at most', async () => {
    const done: number[] = [];
    let [now, most] = [0, 0];
    await eachInTurns([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      now += 1;
      most = Math.max(most, now);
      await turn();
      now -= 1;
      done.push(item);
    });
    expect([done, most]).to.deep.equal([[1, 2, 3, 4, 5, 6, 7], 3]);
  });

  it('begins nothing after an error, waits for what has begun, and throws the error', async () => {
    const [begun, ended]: [number[], number[]] = [[], []];
    const failure = await eachInTurns([1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item);
      if (item === 1) throw new Error('the first');
      await turn();
      await turn();
      ended.push(item);
    }).catch((error: unknown) => error);
    expect(failure).to.be.an('error').with.property('message', 'the first');
    expect([begun, ended]).to.deep.equal([[1, 2], [2]]);
  });

  it('is nothing without items', async () => {
    await eachInTurns([], 3, () => Promise.reject(new Error('never')));
  });
});

import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { mock } from 'node:test';
import { Batches } from '../../../../harness/control/witness/datagrams.ts';
import type { DatagramBatch } from '../../../../harness/core/topology/witness.ts';

const A = { from: 'a-1', to: 'b-1' };
const B = { from: 'b-1', to: 'a-1' };

describe('the reports of two ends about datagrams', () => {
  let told: DatagramBatch[];
  let batches: Batches;
  const say = (end: string, line: object): void => batches.read(JSON.stringify(line), end);

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    told = [];
    batches = new Batches([A, B], (batch) => told.push(batch));
    say('a-1', { listening: 500 });
    say('b-1', { listening: 1_000 });
  });
  afterEach(() => mock.timers.reset());

  it('are joined into one batch, in which datagrams that did not arrive in time are lost', () => {
    say('b-1', { way: 0, batch: 0, arrived: 20, repeated: 1, late: 0 });
    say('a-1', { way: 0, batch: 0, t: 1_200, sent: 50 });
    say('b-1', { way: 0, batch: 0, arrived: 25, repeated: 0, late: 2 });
    expect(told).to.deep.equal([]);
    mock.timers.tick(1_500);
    expect(told).to.deep.equal([{ ...A, t: 1_200, sent: 50, arrived: 45, repeated: 1, late: 2 }]);
  });

  it('are joined for each direction alone, also when nothing of a batch arrived', () => {
    say('b-1', { way: 1, batch: 3, t: 2_000, sent: 50 });
    say('b-1', { way: 0, batch: 3, arrived: 50, repeated: 0, late: 0 });
    mock.timers.tick(1_500);
    expect(told).to.deep.equal([{ ...B, t: 2_000, sent: 50, arrived: 0, repeated: 0, late: 0 }]);
  });

  it('do not count for datagrams that were sent before the other end listened or are under way at the end', () => {
    say('a-1', { way: 0, batch: 0, t: 900, sent: 50 });
    mock.timers.tick(1_500);
    say('a-1', { way: 0, batch: 1, t: 1_400, sent: 50 });
    batches.end();
    mock.timers.tick(1_500);
    expect(told).to.deep.equal([]);
  });

  it('may contain a line that was cut off, and this line is dropped', () => {
    expect(() => batches.read('{"way":0,"ba', 'a-1')).not.to.throw();
  });
});

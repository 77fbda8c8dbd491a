import { expect } from 'chai';
import { describe, it } from 'mocha';
import { decodeBlocks, requestTable, SampleColumns, type RequestRow } from '../../../../harness/core/load/samples.ts';

const NAMES = { endpoints: ['a', 'b'], scenarios: ['s'] };

const row = (i: number): RequestRow => ({
  planned: 1_795_494_383_817.591 + i,
  sent: i % 2 === 0 ? 1_795_494_383_818.25 + i : NaN,
  firstByte: NaN,
  done: 1_795_494_383_900.125 + i,
  endpoint: i % 2,
  scenario: 0,
  outcome: i % 10,
  status: i % 2 === 0 ? 200 : 503,
  source: i % 2,
  number: 4_000_000_000 + i,
});
const rows = (from: number, to: number): RequestRow[] => Array.from({ length: to - from }, (_, i) => row(from + i));

function encodeBlock(added: readonly RequestRow[], columns = new SampleColumns(2)): Uint8Array {
  for (const one of added) columns.add(one);
  return columns.takeBlock();
}

/** Joins blocks into a Buffer, as a file is read. This Buffer begins at an odd address. */
function asFile(...blocks: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.of(0), ...blocks]).subarray(1);
}

describe('the file of samples', () => {
  const first = encodeBlock(rows(0, 3));
  const second = encodeBlock(rows(3, 8));

  it('gives back every column of every block', () => {
    expect(decodeBlocks(asFile(first, second), NAMES)).to.deep.equal(requestTable(rows(0, 8), NAMES));
  });

  it('begins each block with empty columns', () => {
    const columns = new SampleColumns();
    expect(encodeBlock(rows(0, 3), columns)).to.deep.equal(first);
    expect(columns.length).to.equal(0);
    expect(encodeBlock(rows(3, 8), columns)).to.deep.equal(second);
  });

  it('leaves out a last block that a crash cut off, wherever the cut is', () => {
    const whole = requestTable(rows(0, 3), NAMES);
    for (let cut = 0; cut < second.length; cut += 1) {
      expect(decodeBlocks(asFile(first, second.subarray(0, cut)), NAMES), `cut at ${cut}`).to.deep.equal(whole);
    }
  });

  it('leaves out a last block whose bytes never reached the disk', () => {
    const hollow = second.map((byte, at) => (at < 60 ? byte : 0));
    expect(decodeBlocks(asFile(first, hollow), NAMES).length).to.equal(3);
  });

  it('refuses a file that is damaged before its end', () => {
    const bent = first.map((byte, at) => (at === 40 ? byte ^ 1 : byte));
    expect(() => decodeBlocks(asFile(bent, second), NAMES))
      .to.throw()
      .with.property('code', 'CHAOS_RECORD_DAMAGED');
  });
});

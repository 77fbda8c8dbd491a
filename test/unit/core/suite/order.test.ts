import { expect } from 'chai';
import { describe, it } from 'mocha';
import { groupOf, seededOrder } from '../../../../harness/core/suite/order.ts';

const entry = (key: string, environment: Readonly<Record<string, string>> = {}) => ({ key, environment });
const plain = 'abcdefgh'.split('').map((key) => entry(key));
const keys = (entries: readonly { readonly key: string }[]): string => entries.map(({ key }) => key).join('');

describe('the order of a suite', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(keys(seededOrder(plain, 1))).to.equal(keys(seededOrder(plain, 1)));
    expect(keys(seededOrder(plain, 1))).not.to.equal(keys(seededOrder(plain, 2)));
  });

  it('keeps every entry, once', () => {
    for (let seed = 0; seed < 50; seed += 1)
      expect(keys(seededOrder(plain, seed).toSorted((a, b) => a.key.localeCompare(b.key)))).to.equal('abcdefgh');
  });

  it('keeps those together that share a topology, the shipped topology first', () => {
    const mixed = [entry('x', { A: '1' }), entry('a'), entry('y', { B: '2' }), entry('b'), entry('z', { A: '1' })];
    for (let seed = 0; seed < 50; seed += 1) {
      const groups = seededOrder(mixed, seed).map(groupOf);
      expect(groups[0]).to.equal('[]');
      const changes = groups.filter((group, i) => i > 0 && group !== groups[i - 1]).length;
      expect(changes).to.equal(2);
    }
  });

  it('puts each entry first now and then', () => {
    const first = new Set(Array.from({ length: 100 }, (_, seed) => seededOrder(plain, seed)[0]?.key));
    expect(first.size).to.equal(8);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { byteRate, size } from '../../../harness/kit/schema.ts';

describe('sizes and rates', () => {
  it('are bytes and bytes a second; a KB is 1,000 bytes', () => {
    expect(size.parse('1.001KB')).to.equal(1_001);
    expect(['500B', '64KB', '1.5MB'].map((text) => size.parse(text))).to.deep.equal([500, 64_000, 1_500_000]);
    expect(['1KB/s', '100KB/s', '2.5MB/s'].map((text) => byteRate.parse(text))).to.deep.equal([
      1_000, 100_000, 2_500_000,
    ]);
  });

  it('need a unit and a whole number of bytes or of KB/s', () => {
    for (const text of ['500', '64kb', '64 KB', '0B', '0.5B', '1.0005KB', '-1KB', '1GB', 64]) {
      expect(size.safeParse(text).success, String(text)).to.equal(false);
    }
    for (const text of ['100', '100KB', '500B/s', '0.5KB/s', '0KB/s', '1.5KB/s', '-1KB/s']) {
      expect(byteRate.safeParse(text).success, text).to.equal(false);
    }
  });
});

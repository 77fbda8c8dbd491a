import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Figure } from '../../harness/modes/calibrate/figure.ts';
import { chaos } from '../helpers/chaos.ts';

/**
 * Compares the figures of the load instrument with the log of a server that misbehaves in known ways. `chaos calibrate`
 * prints the same figures as a table.
 */
describe('the load instrument', function () {
  // A hang guard: the cases take about 45 s.
  this.timeout(150_000);

  it('is right in every figure of the self-test', async () => {
    const { code, stdout, stderr } = await chaos(['calibrate', '--json']);
    const { ok, figures } = JSON.parse(stdout) as { ok: boolean; figures: Figure[] };
    const told = (f: Figure): string =>
      `${f.case}, ${f.figure}: ${f.measured} ${f.unit}, truth ${f.truth}, tolerance ${f.tolerance}`;
    expect(figures.filter((f) => !f.ok).map(told), stderr).to.deep.equal([]);
    expect({ ok, code }).to.deep.equal({ ok: true, code: 0 });
    expect(figures.map((f) => `${f.case}: ${f.figure}`)).to.include.members([
      'freeze: p95, by arithmetic',
      'freeze: p99, by arithmetic',
      "freeze: p95, by the server's log",
      'outage: failed',
      'closed: counted as closed',
      'closed: sent twice',
      'arrivals: fullest 10 ms of a second',
      'arrivals: late, p99',
    ]);
  });
});

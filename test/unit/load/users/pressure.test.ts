import { expect } from 'chai';
import { describe, it } from 'mocha';
import { OUTCOMES, SOURCES } from '../../../../harness/core/load/load.ts';
import { count, recordLoad } from '../recorded.ts';
import { deedsOf, repeatedIn, startStub } from '../../../../harness/modes/calibrate/stub.ts';

/** autocannon beside the open load: 40 users who think for 500 ms. During one second every connection is refused. */
describe('the pressure', function () {
  this.timeout(20_000);

  it('records every request of autocannon once, and sends no burst during an outage', async () => {
    await using stub = await startStub({ latencyMs: 5, closeEvery: 11, truncateEvery: 17 });
    const { totals, table, writes, ticks } = await recordLoad({
      url: stub.url,
      ratePerS: 10,
      durationMs: 2_500,
      pressure: { virtualUsers: 40, ratePerS: 80 },
      meanwhile: () => void setTimeout(() => stub.refuse(1_000), 700),
    });
    const log = await stub.log();
    const served = deedsOf(log);
    const rows = Array.from(table.source, (source, i) => ({
      source: SOURCES[source],
      outcome: OUTCOMES[table.outcome[i] ?? 0] ?? '?',
      planned: table.planned[i] ?? NaN,
    }));
    const pressed = rows.filter(({ source }) => source === 'pressure');
    const outcomes = count(rows.map(({ outcome }) => outcome));

    expect(pressed.length).to.be.within(100, 200);
    expect(totals.planned).to.equal(25);
    // The beginning of the outage cuts off a few more requests, which are counted too.
    const closed = (outcomes['closed'] ?? 0) + (outcomes['reused_closed'] ?? 0);
    expect(closed, 'closed without an answer, both sources').to.be.within(
      served.closed,
      // The outage begins with a reset of every connection, and each user may have a request on its own.
      served.closed + 40,
    );
    expect(outcomes['truncated']).to.be.within(served.truncated, served.truncated + 10);
    expect(outcomes['refused']).to.be.within(50, 120);
    expect(repeatedIn(log)).to.equal(0);
    expect(log.requests.length + (outcomes['refused'] ?? 0)).to.be.within(rows.length - 10, rows.length);

    const writing = writes.filter(({ source }) => source === 'pressure');
    expect(writing.length).to.be.greaterThan(10);
    expect(writing.every(({ key }) => key.startsWith('self-p'))).to.equal(true);
    expect(ticks.reduce((total, tick) => total + tick.pressure_ok + tick.pressure_failed, 0)).to.equal(pressed.length);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { systemClock } from '../../../../harness/core/clock.ts';
import { OUTCOMES, SOURCES } from '../../../../harness/core/load/load.ts';
import { count, outage, recordLoad } from '../recorded.ts';
import { deedsOf, repeatedIn, startStub } from '../../../../harness/modes/calibrate/stub.ts';

const RATE_PER_S = 10;
const USERS = 40;
const THINK_MS = 500;
/** The most requests that the users together send in this time: none sends another before it has thought. */
const most = (ms: number): number => USERS * (1 + ms / THINK_MS);
/** The most requests that the beginning of an outage cuts off: one of each user, and some of the open load. */
const CUT_OFF = USERS + 10;

/** autocannon beside the open load: 40 users who think for 500 ms. For a second or more every connection is refused. */
describe('the pressure', function () {
  this.timeout(20_000);

  it('records every request of autocannon once, and sends no burst during an outage', async () => {
    await using stub = await startStub({ latencyMs: 5, closeEvery: 11, truncateEvery: 17, turnAwayEvery: 13 });
    const { totals, table, writes, ticks } = await recordLoad({
      url: stub.url,
      ratePerS: RATE_PER_S,
      durationMs: 600_000,
      pressure: { virtualUsers: USERS, ratePerS: (USERS * 1_000) / THINK_MS },
      meanwhile: async () => {
        await systemClock.sleep(700);
        await outage(stub, 1_000);
      },
      stopAfterMs: 800,
    });
    const log = await stub.log();
    const served = deedsOf(log);
    const { from, until } = log.spans[0]!;
    const rows = Array.from(table.source, (source, i) => ({
      source: SOURCES[source],
      outcome: OUTCOMES[table.outcome[i] ?? 0] ?? '?',
      planned: table.planned[i] ?? NaN,
    }));
    const pressed = rows.filter(({ source }) => source === 'pressure');
    const outcomes = count(rows.map(({ outcome }) => outcome));

    const moments = pressed.map(({ planned }) => planned);
    expect(pressed.length).to.be.within(2 * USERS, most(Math.max(...moments) - Math.min(...moments)));
    expect(totals.planned).to.equal(rows.length - pressed.length);
    const closed = (outcomes['closed'] ?? 0) + (outcomes['reused_closed'] ?? 0);
    expect(closed, 'closed without an answer, both sources').to.be.within(served.closed, served.closed + CUT_OFF);
    expect(outcomes['truncated']).to.be.within(served.truncated, served.truncated + 10);
    expect(served['turned away']).to.be.greaterThan(0);
    expect(outcomes['turned_away']).to.be.within(served['turned away'] - CUT_OFF, served['turned away']);
    const openMeanwhile = ((until - from) * RATE_PER_S) / 1_000;
    expect(outcomes['refused']).to.be.within(10, most(until - from) + openMeanwhile + 10);
    expect(repeatedIn(log)).to.equal(0);
    const seen = log.requests.length + (outcomes['refused'] ?? 0);
    expect(seen, 'served or refused').to.be.within(rows.length - CUT_OFF, rows.length);

    const writing = writes.filter(({ source }) => source === 'pressure');
    expect(writing.length).to.be.greaterThan(10);
    expect(writing.every(({ key }) => key.startsWith('self-p'))).to.equal(true);
    expect(ticks.reduce((total, tick) => total + tick.pressure_ok + tick.pressure_failed, 0)).to.equal(pressed.length);
  });
});

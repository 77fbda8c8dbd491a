import { expect } from 'chai';
import { once } from 'node:events';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { systemClock } from '../../../harness/core/clock.ts';
import { constantLoad } from '../../../harness/core/load/plan.ts';
import { OUTCOMES, type RequestTable } from '../../../harness/core/load/load.ts';
import { openLoad } from '../../../harness/load/engine.ts';
import { count, outage, recordLoad } from './recorded.ts';
import { deedsOf, repeatedIn, startStub } from '../../../harness/modes/calibrate/stub.ts';
import { WORKLOAD } from './workload.ts';

const latencies = (table: RequestTable): number[] =>
  Array.from(table.done, (done, i) => done - (table.planned[i] ?? NaN));

interface Row {
  readonly planned: number;
  readonly sent: number;
  readonly done: number;
  readonly outcome: string;
}
const rowsOf = ({ planned, sent, done, outcome }: RequestTable): Row[] =>
  Array.from(planned, (at, i) => ({
    planned: at,
    sent: sent[i] ?? NaN,
    done: done[i] ?? NaN,
    outcome: OUTCOMES[outcome[i] ?? 0] ?? '?',
  }));
/** The clocks of two processes on one machine differ by less than this, milliseconds. */
const CLOCKS_MS = 10;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/**
 * The open load against a stub server that logs what it did with each request. The counts must agree exactly with that
 * log. The times must keep bounds that follow from what the stub does.
 */
describe('the open load', function () {
  this.timeout(20_000);

  it('counts every answer, closed connection, truncated body, error status, refusal and wrong body exactly once', async () => {
    await using stub = await startStub({
      latencyMs: 20,
      closeEvery: 20,
      truncateEvery: 33,
      rejectEvery: 50,
      turnAwayEvery: 45,
      wrongEvery: 70,
    });
    const { totals, ticks, table, writes, outcomes } = await recordLoad({
      url: stub.url,
      ratePerS: 200,
      durationMs: 1_500,
    });
    const log = await stub.log();
    const served = deedsOf(log);

    expect(totals).to.include({ planned: 300, sent: 300, dropped: 0 });
    expect(table.length).to.equal(300);
    expect(log.requests.length).to.equal(300);
    expect(repeatedIn(log)).to.equal(0);
    const { closed = 0, reused_closed: reused = 0, ...others } = outcomes;
    // A request on a new connection may meet the close too, when the connection before it was used up.
    expect(closed + reused).to.equal(served.closed);
    expect(reused).to.be.greaterThan(0);
    expect(others).to.deep.equal({
      ok: served.answered,
      truncated: served.truncated,
      http_error: served.rejected,
      turned_away: served['turned away'],
      wrong_body: served.wrong,
    });
    expect(totals.ok).to.equal(served.answered);
    expect(totals.ok + totals.failed).to.equal(300);
    expect(sum(ticks.map((tick) => tick.planned))).to.equal(300);
    expect(sum(ticks.map((tick) => tick.ok + tick.failed))).to.equal(300);
    expect(Math.min(...latencies(table))).to.be.at.least(19);

    const write = table.endpoints.indexOf('write');
    const rows = Array.from(table.outcome, (code, i) => ({
      outcome: OUTCOMES[code] ?? '?',
      endpoint: table.endpoint[i],
    }));
    const written = count(rows.filter(({ endpoint }) => endpoint === write).map(({ outcome }) => outcome));
    expect(sum(ticks.map((tick) => tick.writes?.ok ?? 0))).to.equal(written['ok']);
    expect(sum(ticks.map((tick) => tick.writes?.failed ?? 0))).to.equal(
      sum(Object.values(written)) - (written['ok'] ?? 0),
    );
    const doubtful = ['closed', 'reused_closed', 'truncated', 'wrong_body', 'turned_away'];
    const unknown = sum(doubtful.map((outcome) => written[outcome] ?? 0));
    expect(count(writes.map(({ outcome }) => outcome))).to.deep.equal({
      acknowledged: written['ok'],
      unknown,
      ...(written['http_error'] === undefined ? {} : { rejected: written['http_error'] }),
    });
    expect(writes.find(({ outcome }) => outcome === 'acknowledged')).to.include({
      entity: '7',
      version: 3,
      source: 'open',
    });
    expect(new Set(writes.map(({ key }) => key)).size).to.equal(writes.length);
  });

  it('shows a freeze of the server in the latency of every request that was due during the freeze', async () => {
    await using stub = await startStub({ latencyMs: 5 });
    const { table, outcomes } = await recordLoad({
      url: stub.url,
      ratePerS: 100,
      durationMs: 2_600,
      meanwhile: () => stub.freeze(2_000),
    });
    expect(outcomes).to.deep.equal({ ok: 260 });
    const log = await stub.log();
    const { from, until } = log.spans[0]!;
    // The stub says when it was frozen. A busy machine may freeze it later, or for longer.
    const due = rowsOf(table).filter(({ planned }) => planned >= from && planned < until);
    expect(due.length).to.be.greaterThan(100);
    for (const { done } of due) expect(done).to.be.greaterThan(until - CLOCKS_MS);
    expect(log.requests.length).to.equal(260);
    expect(repeatedIn(log)).to.equal(0);
  });

  it('counts each refused request once, plans no extra request, and goes on at once after the outage', async () => {
    await using stub = await startStub({ latencyMs: 5 });
    const { totals, table, outcomes, writes } = await recordLoad({
      url: stub.url,
      ratePerS: 100,
      durationMs: 600_000,
      meanwhile: () => outage(stub, 1_000),
      stopAfterMs: 500,
    });
    const { from, until } = (await stub.log()).spans[0]!;
    const rows = rowsOf(table);
    expect(table.length).to.equal(totals.planned);
    expect(Math.max(...table.planned) - Math.min(...table.planned)).to.be.closeTo((table.length - 1) * 10, 0.1);
    const sentMeanwhile = ({ sent }: Row): boolean => sent > from + CLOCKS_MS && sent < until - CLOCKS_MS;
    expect(rows.filter((row) => row.outcome === 'ok' && sentMeanwhile(row))).to.deep.equal([]);
    expect(outcomes['refused']).to.be.greaterThan(10);
    const refused = rows.filter(({ outcome }) => outcome === 'refused');
    expect(
      refused.every(({ sent }) => Number.isNaN(sent)),
      'never sent',
    ).to.equal(true);
    expect(writes.some(({ outcome, sent: at }) => outcome === 'rejected' && at === 0)).to.equal(true);
    const after = rows.filter(({ planned }) => planned > until + CLOCKS_MS);
    expect(after.length).to.be.greaterThan(20);
    expect(count(after.map(({ outcome }) => outcome))).to.deep.equal({ ok: after.length });
    expect(repeatedIn(await stub.log())).to.equal(0);
  });

  it('stops on request, and gives up each request that has no answer when its timeout is over', async () => {
    await using stub = await startStub({ latencyMs: 5 });
    const { totals, table, writes } = await recordLoad({
      url: stub.url,
      ratePerS: 100,
      durationMs: 600_000,
      timeoutMs: 400,
      meanwhile: () => stub.freeze(60_000),
      stopAfterMs: 700,
    });
    expect(totals.planned).to.be.at.least(60);
    expect(totals.ok + totals.failed + totals.dropped).to.equal(totals.planned);
    expect(table.length).to.equal(totals.planned);
    const late = latencies(table).filter((_, i) => table.outcome[i] === OUTCOMES.indexOf('timeout'));
    expect(late.length).to.be.greaterThan(50);
    expect(Math.min(...late)).to.be.at.least(399);
    expect(writes.filter(({ outcome }) => outcome === 'unknown').length).to.be.greaterThan(5);
  });

  it('sends nothing before it is told to begin, and nothing at all when it is told not to', async () => {
    await using stub = await startStub({ latencyMs: 1 });
    const plan = constantLoad(WORKLOAD, 200, 600_000);
    const start = (begin: Promise<void>): ReturnType<typeof openLoad.start> => {
      const dir = mkdtempSync(join(tmpdir(), 'begin-'));
      const spec = { plan, baseUrl: stub.url, seed: 1, dir, run: 'x', maxDurationMs: 600_000 };
      return openLoad.start(spec, () => undefined, systemClock, begin);
    };
    const [begin, never] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const [loads, refused] = [start(begin.promise), start(never.promise).catch((error: unknown) => error)];
    never.reject(new Error('the run ended'));
    expect(await refused).to.have.property('message', 'the run ended');
    // The generator is ready long before that, and asks nothing.
    await systemClock.sleep(1_500);
    const early = (await stub.log()).requests;
    begin.resolve();
    const load = await loads;
    try {
      while ((await stub.log()).requests.length === 0) await systemClock.sleep(20);
    } finally {
      expect((await load.stop()).failed).to.equal(0);
    }
    expect(early).to.have.lengthOf(0);
  });

  it('says that its samples cannot be written, and that the disk is full (cases C3, H10)', async () => {
    await using stub = await startStub({ latencyMs: 1 });
    const full = mkdtempSync(join(tmpdir(), 'full-'));
    symlinkSync('/dev/full', join(full, 'requests.bin'));
    const plan = constantLoad(WORKLOAD, 200, 600_000);
    const start = async (dir: string): Promise<unknown> => {
      const spec = { plan, baseUrl: stub.url, seed: 1, dir, run: 'x', maxDurationMs: 600_000 };
      const run = await openLoad.start(spec, () => undefined, systemClock);
      const { failed } = run;
      if (failed === undefined) throw new TypeError('this load tells when it dies');
      if (!failed.aborted) await once(failed, 'abort');
      await run.stop().catch(() => undefined);
      throw failed.reason;
    };
    const failure = (dir: string): Promise<unknown> => start(dir).catch((error: unknown) => error);
    expect(await failure(`${import.meta.filename}/x`)).to.include({ code: 'CHAOS_NOT_WRITABLE', exit: 'not-ready' });
    expect(await failure(full)).to.include({ code: 'CHAOS_DISK_FULL', exit: 'not-ready' });
  });
});

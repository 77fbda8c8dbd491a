import { expect } from 'chai';
import { describe, it } from 'mocha';
import { OUTCOMES, type RequestTable, SOURCES } from '../../../../harness/core/load/load.ts';
import { type RequestRow, requestTable } from '../../../../harness/core/load/samples.ts';
import { exponential, seededRandom } from '../../../../harness/core/random.ts';
import { againstLedger } from '../../../../harness/core/sla/against-ledger.ts';
import { ScrapedService } from '../../../helpers/doubles/scraped-service.ts';

const START = Date.UTC(2026, 10, 30, 12);
const SECONDS = 120;
const REPLICAS = 3;

interface Simulated {
  readonly service: ScrapedService;
  readonly ledger: RequestTable;
}

const row = (t: number, status: number): RequestRow => ({
  planned: t - 5,
  sent: t - 5,
  firstByte: t,
  done: t,
  endpoint: 0,
  scenario: 0,
  outcome: OUTCOMES.indexOf(status < 500 ? 'ok' : 'http_error'),
  status,
  source: SOURCES.indexOf('open'),
});

/**
 * Two minutes at 50 requests a second on three replicas, scraped each second at times of their own. Two replicas are
 * stopped and start again. `drained`: nothing is answered between a replica's last scrape and its end.
 */
function simulate(seed: number, drained: boolean): Simulated {
  const random = seededRandom(seed);
  const service = new ScrapedService(REPLICAS, START - 3_600_000);
  const rows: RequestRow[] = [];
  const acts: { t: number; act: () => void }[] = [];
  const ended = new Set<number>();
  const offsets = Array.from({ length: REPLICAS }, () => random() * 1_000);
  // Before the run, so that the counters are not at 0 when it begins.
  for (let i = 0; i < 500; i += 1) service.answer(Math.floor(random() * REPLICAS), random() < 0.02 ? 503 : 200);
  for (let second = -5; second < SECONDS + 5; second += 1)
    for (let replica = 0; replica < REPLICAS; replica += 1) {
      const t = START + second * 1_000 + (offsets[replica] ?? 0);
      acts.push({ t, act: () => service.scrape(replica, t) });
    }
  for (const replica of [0, 1]) {
    const down = START + (20 + replica * 40 + random() * 10) * 1_000;
    const up = down + 2_000 + random() * 3_000;
    const lastScrape = Math.max(
      ...acts.map(({ t }) => t).filter((t) => t < down && (t - START - (offsets[replica] ?? 0)) % 1_000 === 0),
    );
    if (drained) acts.push({ t: lastScrape - 0.001, act: () => void ended.add(replica) });
    acts.push({ t: down, act: () => (ended.add(replica), service.stop(replica)) });
    acts.push({ t: up, act: () => (ended.delete(replica), service.start(replica, Math.floor(up / 1_000) * 1_000)) });
  }
  for (let t = START; t < START + SECONDS * 1_000; t += exponential(random()) * 20) {
    const at = t;
    const [place, bad] = [random(), random() < 0.03];
    acts.push({
      t: at,
      act: () => {
        const up = [0, 1, 2].filter((replica) => !ended.has(replica));
        const replica = up[Math.floor(place * up.length)] ?? 2;
        const status = bad ? 503 : 200;
        if (service.answer(replica, status)) rows.push(row(at, status));
      },
    });
  }
  for (const { act } of acts.sort((a, b) => a.t - b.t)) act();
  return { service, ledger: requestTable(rows, { endpoints: ['GET /'], scenarios: ['all'] }) };
}

const SPAN = { started: START - 6_000, ended: START + (SECONDS + 6) * 1_000 };

/** What most people compute: the last value less the first, or the whole last value after a drop. */
const naive = (service: ScrapedService): number =>
  service
    .raw(SPAN)
    .requests.reduce((sum, { samples }) => sum + (samples.at(-1)?.value ?? 0) - (samples[0]?.value ?? 0), 0);

describe('the counters of a monitoring system beside the request ledger', () => {
  for (const seed of [1, 2, 3, 4, 5])
    it(`are equal over a run with two resets, when each process was scraped after its last answer (seed ${seed})`, () => {
      const { service, ledger } = simulate(seed, true);
      const told = againstLedger(service.raw(SPAN), ledger);
      expect(told.resets).to.equal(2);
      expect(told.late).to.equal(0);
      expect(told.requests, 'requests').to.include({ counted: ledger.length, ledger: ledger.length, equal: true });
      expect(told.errors, 'errors').to.include({ equal: true, consistent: true });
      expect(told.errors.counted).to.be.greaterThan(50);
      expect(naive(service), 'without the resets').not.to.equal(ledger.length);
    });

  it('never have more than the ledger, and miss no more than was answered between a last scrape and a kill', () => {
    let missed = 0;
    for (let seed = 10; seed < 20; seed += 1) {
      const { service, ledger } = simulate(seed, false);
      const { requests, errors } = againstLedger(service.raw(SPAN), ledger);
      expect(requests.consistent, `requests, seed ${seed}`).to.equal(true);
      expect(errors.consistent, `errors, seed ${seed}`).to.equal(true);
      missed += requests.ledger - requests.counted;
    }
    expect(missed, 'kills do hide answers').to.be.greaterThan(0);
  });

  it('contradict the ledger when one counts what the other did not see', () => {
    const { service, ledger } = simulate(1, true);
    service.answer(2, 200);
    service.scrape(2, SPAN.ended - 1);
    const { requests } = againstLedger(service.raw(SPAN), ledger);
    expect(requests).to.include({ equal: false, consistent: false, counted: ledger.length + 1 });
  });
});

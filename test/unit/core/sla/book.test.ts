import { expect } from 'chai';
import { describe, it } from 'mocha';
import { bookCounters } from '../../../../harness/core/sla/book-counters.ts';
import { bookRuns, type SlaRun } from '../../../../harness/core/sla/book-runs.ts';
import type { SlaDocument } from '../../../../harness/core/sla/document.ts';
import { OBJECTIVE } from '../../../../harness/core/sla/objective.ts';
import { POPULATION } from '../../../../harness/core/sla/run-sla.ts';
import { seededRandom } from '../../../../harness/core/random.ts';
import { ScrapedService } from '../../../helpers/doubles/scraped-service.ts';

const START = Date.UTC(2026, 10, 28, 12);
const MINUTE = 60_000;

interface Told {
  readonly document: SlaDocument;
  readonly requests: number;
  readonly errors: number;
}

/**
 * Two hours of 2 requests a second, scraped every 15 s. An incident in the tenth minute, a drill in the fortieth with a
 * restart in it, and a restart without errors in the seventieth.
 */
function twoHours(seed: number): Told {
  const random = seededRandom(seed);
  const service = new ScrapedService(1, START - 86_400_000);
  let [requests, errors] = [0, 0];
  service.answer(0, 200);
  service.scrape(0, START);
  for (let t = START + 500; t < START + 120 * MINUTE; t += 500) {
    const minute = (t - START) / MINUTE;
    const share = minute > 10 && minute < 11 ? 0.5 : minute >= 40 && minute < 42 ? 0.9 : 0;
    if (minute === 41 || minute === 70) {
      service.scrape(0, t - 1);
      service.start(0, t);
    }
    const bad = random() < share;
    service.answer(0, bad ? 500 : 200);
    requests += 1;
    errors += bad ? 1 : 0;
    if ((t - START) % 15_000 === 0) service.scrape(0, t);
  }
  service.scrape(0, START + 120 * MINUTE - 1);
  const document = bookCounters({
    raw: service.raw({ started: START - 1, ended: START + 120 * MINUTE }),
    drills: [{ started: START + 40 * MINUTE, ended: START + 42 * MINUTE }],
    objective: OBJECTIVE,
    faults: [],
    population: 'all',
  });
  return { document, requests, errors };
}

describe('booking the counters of a Prometheus', () => {
  it('books each request and each error once, as drill or as incident, over restarts', () => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const { document, requests, errors } = twoHours(seed);
      const { outside, drills } = document;
      expect(outside.requests + drills.requests, `requests, seed ${seed}`).to.equal(requests);
      expect(outside.errors + drills.errors, `errors, seed ${seed}`).to.equal(errors);
      expect(document.counters).to.include({ resets: 2, late_series: 0 });
      expect(outside.errors).to.be.within(30, 90);
      expect(drills.errors).to.be.within(180, 240);
      expect(drills.observed_s).to.equal(120);
      expect(document.incidents, JSON.stringify(document.incidents)).to.have.length(1);
      expect(document.incidents[0]?.from).to.equal(new Date(START + 10 * MINUTE).toISOString());
    }
  });

  it('keeps what drills burn out of the availability, and says what is left with them and without', () => {
    const { outside, drills, budget, met } = twoHours(1).document;
    expect(outside.availability_percent).to.be.closeTo(100 - (outside.errors / outside.requests) * 100, 1e-3);
    expect(budget.left_percent).to.be.closeTo(100 - (outside.burnt_percent ?? NaN), 1e-3);
    expect(budget.left_with_drills_percent).to.be.closeTo(
      100 - (outside.burnt_percent ?? NaN) - (drills.burnt_percent ?? NaN),
      1e-3,
    );
    expect(met).to.equal(false);
    expect(budget.month_s).to.equal(2_592);
  });

  it('books what was counted across the edge of a drill as drill, and says how much that is', () => {
    const service = new ScrapedService(1, START - MINUTE);
    service.answer(0, 500);
    for (const [t, answers] of [
      [0, 0],
      [15, 4],
      [30, 6],
      [45, 8],
    ] as const) {
      for (let i = 0; i < answers; i += 1) service.answer(0, 500);
      service.scrape(0, START + t * 1_000);
    }
    const { outside, drills, counters } = bookCounters({
      raw: service.raw({ started: START - 1, ended: START + MINUTE }),
      // In the second of the three stretches the drill begins, and in the third it ends.
      drills: [{ started: START + 20_000, ended: START + 40_000 }],
      objective: OBJECTIVE,
      faults: [],
      population: 'all',
    });
    expect([outside.errors, drills.errors]).to.deep.equal([4, 14]);
    expect(counters?.at_edges).to.deep.equal({ requests: 14, errors: 14 });
  });

  it('says how long nothing was scraped, and calls no objective met without a request', () => {
    const service = new ScrapedService(1, START - MINUTE);
    service.scrape(0, START + 30_000);
    const document = bookCounters({
      raw: service.raw({ started: START, ended: START + 10 * MINUTE }),
      drills: [],
      objective: OBJECTIVE,
      faults: [],
      population: 'all',
    });
    expect(document.counters?.unobserved_s).to.equal(540);
    expect(document.met).to.equal(null);
    expect(document.budget.left_percent).to.equal(null);
  });
});

const run = (name: string, started: string, outsideErrors: number, drillErrors: number): SlaRun => ({
  run: name,
  experiment: 'redis-loss',
  started,
  ended: started,
  sla: {
    population: POPULATION,
    outside: { observed_s: 40, requests: 4_000, errors: outsideErrors, down_s: 0 },
    drill: { observed_s: 30, requests: 3_000, errors: drillErrors, down_s: 10 },
    drill_from: started,
    drill_to: started,
    faults: [
      {
        id: 'kill-1',
        fault: 'kill',
        from: started,
        to: started,
        together_with: [],
        observed_s: 30,
        requests: 3_000,
        errors: drillErrors,
        down_s: 10,
        error_share_at_most: 0.5,
      },
    ],
  },
});

describe('booking recorded runs', () => {
  const runs = [
    run('a', '2026-11-27T02:00:00.000Z', 0, 300),
    run('b', '2026-11-28T02:00:00.000Z', 4, 0),
    run('c', '2026-11-28T03:00:00.000Z', 40, 600),
    { run: 'd', experiment: 'x', started: '2026-11-29T02:00:00.000Z', ended: '', sla: undefined },
  ];

  it('sums up by day, lists the runs with errors outside their drills, and keeps drills apart', () => {
    const document = bookRuns(runs, OBJECTIVE);
    expect(document.days.map(({ day, outside, drills }) => [day, outside.errors, drills.errors])).to.deep.equal([
      ['2026-11-27', 0, 300],
      ['2026-11-28', 44, 600],
    ]);
    expect(document.incidents.map((one) => [one.run, one.errors])).to.deep.equal([
      ['c', 40],
      ['b', 4],
    ]);
    expect(document.met).to.equal(false);
    expect(document.faults.map((one) => [one.run, one.burnt_percent])).to.deep.equal([
      ['a', Number(((3 / 2_592) * 100).toPrecision(6))],
      ['b', 0],
      ['c', Number(((6 / 2_592) * 100).toPrecision(6))],
    ]);
    expect(document.notes.join(' ')).to.include('1 of 4 runs are left out');
  });

  it('asks with another objective than the runs were judged by', () => {
    expect(bookRuns(runs, { ...OBJECTIVE, share: 0.99 }).met).to.equal(true);
  });

  it('says nothing about an objective when nothing was observed', () => {
    const { met, budget, from } = bookRuns([], OBJECTIVE);
    expect({ met, from, left: budget.left_percent }).to.deep.equal({ met: null, from: null, left: null });
  });
});

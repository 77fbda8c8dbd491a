import { expect } from 'chai';
import { describe, it } from 'mocha';
import { OUTCOMES, type Outcome } from '../../../harness/core/load/load.ts';
import { requestTable } from '../../../harness/core/load/samples.ts';
import { atRates, figuresOf, type Step } from '../../evidence/goodput/figures.ts';
import { keptPastKnee, kneeOf, nextRate } from '../../evidence/goodput/knee.ts';
import { goodputSvg } from '../../evidence/goodput/plot.ts';
import { portsOf, subnetBeside } from '../../evidence/goodput/side.ts';
import { besideTable, kneeTable, profileTable, stepsTable } from '../../evidence/goodput/tables.ts';

const row = (planned: number, ms: number, outcome: Outcome = 'ok') => ({
  planned,
  sent: outcome === 'dropped' ? NaN : planned + 1,
  firstByte: NaN,
  done: planned + ms,
  endpoint: 0,
  scenario: 0,
  outcome: OUTCOMES.indexOf(outcome),
  status: 0,
  source: 0,
});

/** Ten seconds at a rate, of which a share was good and the rest was turned away. */
const step = (ratePerS: number, share: number, more: Partial<Step> = {}): Step => ({
  ratePerS,
  seconds: 10,
  offered: ratePerS * 10,
  right: ratePerS * 10 * share,
  good: ratePerS * 10 * share,
  turnedAway: ratePerS * 10 * (1 - share),
  failed: 0,
  dropped: 0,
  p50Ms: 12,
  p95Ms: 44,
  lagP99Ms: 2,
  cpu: { topology: 120, other: 15, generator: 20, elsewhere: 9 },
  services: { app: 80, 'postgres-a': 40 },
  invalid: [],
  ...more,
});

describe('goodput over offered load', () => {
  it('counts right answers in time, refusals and failures apart, and each request once', () => {
    const rows = [
      row(90, 5),
      row(100, 10),
      row(110, 200),
      row(120, 201),
      row(130, 3, 'turned_away'),
      row(140, 3, 'http_error'),
      row(150, 5_000, 'timeout'),
      row(160, 0, 'dropped'),
      row(1_100, 10),
    ];
    const figures = figuresOf(requestTable(rows, { endpoints: ['a'], scenarios: ['b'] }), {
      started: 100,
      ended: 1_100,
    });
    expect(figures).to.deep.equal({
      seconds: 1,
      offered: 7,
      right: 3,
      good: 2,
      turnedAway: 1,
      failed: 2,
      dropped: 1,
      p50Ms: 200,
      p95Ms: 201,
      lagP99Ms: 1,
    });
  });

  it('puts the steps of a rate together, the lowest rate first', () => {
    const [low, high] = atRates([step(400, 0.5), step(200, 1), step(400, 1)]);
    expect(low).to.include({ ratePerS: 200, goodput: 200, share: 1 });
    expect(high).to.include({ ratePerS: 400, goodput: 300, share: 0.75 });
  });

  it('finds the knee by halving the distance, in at most as many steps as there are', () => {
    const serves = 730;
    const steps = [200, 400, 600, 800, 1_200].map((rate) => step(rate, Math.min(1, serves / rate)));
    const asked: number[] = [];
    for (let rate = nextRate(kneeOf(atRates(steps))); rate !== undefined;) {
      asked.push(rate);
      steps.push(step(rate, Math.min(1, serves / rate)));
      rate = nextRate(kneeOf(atRates(steps)));
    }
    expect(asked).to.deep.equal([700, 750, 730]);
    expect(kneeOf(atRates(steps))).to.deep.equal({ good: 730, bad: 750 });
  });

  it('knows no knee above the highest or below the lowest rate, and looks below the lowest', () => {
    expect(kneeOf(atRates([step(200, 1), step(400, 0.995)]))).to.deep.equal({ good: 400, bad: undefined });
    expect(nextRate({ good: 400, bad: undefined })).to.equal(undefined);
    expect(kneeOf(atRates([step(200, 0.9), step(400, 0.5)]))).to.deep.equal({ good: undefined, bad: 200 });
    expect(nextRate({ good: undefined, bad: 200 })).to.equal(100);
    expect(kneeOf([])).to.deep.equal({ good: undefined, bad: undefined });
  });

  it('compares the goodput at twice the knee with the highest, and says nothing when it was not measured', () => {
    const rates = [step(200, 1), step(400, 1), step(600, 0.75)];
    expect(keptPastKnee(atRates(rates))).to.equal(undefined);
    expect(keptPastKnee(atRates([...rates, step(800, 0.45)]))).to.equal(360 / 450);
    expect(keptPastKnee(atRates([step(200, 0.5)]))).to.equal(undefined);
  });

  it('gives each side ports and a network of its own', () => {
    const file = 'x: ${CHAOS_HTTP_PORT:-18080}, ${CHAOS_SQL_PORT:-15432}:5000, ${CHAOS_DB_POOL_SIZE:-8}';
    expect(portsOf(file, 11_000)).to.deep.equal({ CHAOS_HTTP_PORT: '29080', CHAOS_SQL_PORT: '26432' });
    expect(subnetBeside('172.30.78.0/24', 2)).to.equal('172.30.80.0/24');
  });

  it('says where the processor time of a request goes, at the highest rate that both served well', () => {
    const sides = {
      before: [step(400, 1), step(600, 0.7)],
      after: [
        step(400, 1, { services: { app: 60, balancer: 10 } }),
        step(400, 1, { services: { app: 20, balancer: 10 } }),
        step(600, 1),
      ],
    };
    const table = profileTable(sides, 1);
    expect(table).to.include('at 400/s, milliseconds. The services have 1000 ms a second.');
    expect(table).to.include('| app | 2.00 | 1.00 |');
    expect(table).to.include('| balancer | 0.00 | 0.25 |');
    expect(table).to.include('| all services | 3.00 | 3.00 |');
    expect(profileTable({ before: [step(400, 0.5)], after: [step(400, 1)] }, 2)).to.equal(
      'No rate was served well by both.',
    );
  });

  it('is told in tables whose rows are whole, and marks steps whose generator was the limit', () => {
    const late = 'the generator sent 1 % of its requests more than 80 ms late';
    const sides = {
      before: [step(400, 1), step(600, 0.7), step(800, 0.4)],
      after: [step(400, 1), step(600, 1), step(1_200, 0.52, { invalid: [late] })],
    };
    for (const table of [besideTable(sides), stepsTable(sides.after), kneeTable(sides).split('\n\n')[0] ?? '']) {
      const rows = table.split('\n').filter((line) => line.startsWith('|'));
      expect(new Set(rows.map((line) => line.split('|').length)).size, table).to.equal(1);
    }
    expect(kneeTable(sides)).to.include(
      '| before | 400/s (600/s is past it) | 420/s at 600/s | 320/s at 800/s | 76.2 % |',
    );
    expect(kneeTable(sides)).to.include('The knee is 1.50 times as high as before.');
    expect(besideTable(sides)).to.include('| 800 | 320 | 40.0 % | – | – |');
    expect(stepsTable(sides.after)).to.include('| 1200 * |').and.to.include(`- \\* 1200/s: ${late}`);
    expect(stepsTable(sides.before)).not.to.include('*');
  });

  it('is drawn, both sides in one plot', () => {
    const svg = goodputSvg({ before: atRates([step(400, 1), step(800, 0.4)]), after: atRates([step(400, 1)]) });
    expect(svg.match(/<circle/g)).to.have.length(3);
    expect(svg)
      .to.match(/^<svg xmlns/)
      .and.to.include('>before<')
      .and.to.include('>after<');
    expect(svg).not.to.include('NaN');
  });
});

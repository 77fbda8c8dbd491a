import { expect } from 'chai';
import { describe, it } from 'mocha';
import { countingOf, type CounterSample, type Scrape } from '../../../../harness/core/sla/counter.ts';
import { readCounters, type SampleSource } from '../../../../harness/core/sla/counters.ts';

const samples = (...pairs: readonly [number, number][]): CounterSample[] => pairs.map(([t, value]) => ({ t, value }));
const lives = (...pairs: readonly [number, number | undefined][]): Scrape[] => pairs.map(([t, life]) => ({ t, life }));
const total = ({ increments }: ReturnType<typeof countingOf>): number =>
  increments.reduce((sum, { count }) => sum + count, 0);

describe('counting from raw samples', () => {
  it('adds up differences, and does not count what an older counter had before', () => {
    const counting = countingOf(samples([10, 100], [20, 130], [30, 130], [40, 150]));
    expect(total(counting)).to.equal(50);
    expect(counting).to.deep.include({ resets: [], late: false });
    expect(counting.increments[0]).to.deep.equal({ from: 10, to: 20, count: 30 });
  });

  it('counts in full after a drop, and names the two scrapes between which the counter began again', () => {
    const counting = countingOf(samples([10, 100], [20, 130], [30, 7], [40, 9]));
    expect(total(counting)).to.equal(30 + 7 + 2);
    expect(counting.resets).to.deep.equal([{ from: 20, to: 30 }]);
  });

  it('sees a new process whose counter is as high as before', () => {
    const values = samples([10, 5], [20, 8], [30, 9]);
    const scrapes = lives([10, 1_000], [20, 1_000], [30, 25_000]);
    const counting = countingOf(values, { scrapes });
    expect(total(counting)).to.equal(3 + 9);
    expect(counting.resets).to.deep.equal([{ from: 20, to: 30 }]);
    expect(total(countingOf(values)), 'the values alone do not tell').to.equal(4);
  });

  it('takes a start time that is computed anew at each scrape for one start', () => {
    const scrapes = lives([10, 1_000], [20, 1_010], [30, 995]);
    expect(countingOf(samples([10, 5], [20, 8], [30, 9]), { scrapes }).resets).to.deep.equal([]);
  });

  it('counts a series in full that appears at a scrape: it was 0 at the scrape before', () => {
    const counting = countingOf(samples([30, 4], [40, 6]), { scrapes: lives([10, 1], [20, 1], [30, 1], [40, 1]) });
    expect(total(counting)).to.equal(6);
    expect(counting).to.deep.include({ late: false, resets: [] });
    expect(counting.increments[0]).to.deep.equal({ from: 20, to: 30, count: 4 });
  });

  it('counts a process in full that started after the time that was asked about', () => {
    const scrapes = lives([30_000, 25_000]);
    const values = samples([30_000, 4]);
    expect(countingOf(values, { scrapes, since: 20_000 })).to.deep.include({ late: false });
    expect(total(countingOf(values, { scrapes, since: 20_000 }))).to.equal(4);
    expect(countingOf(values, { scrapes, since: 26_000 })).to.deep.include({ increments: [] });
  });

  it('says when a counter was first seen long after the beginning, with a value that nobody can place', () => {
    const values = samples([500, 90], [510, 91]);
    expect(countingOf(values, { since: 490 })).to.deep.include({ late: false });
    expect(countingOf(values, { since: 100 })).to.deep.include({ late: true });
    expect(total(countingOf(values, { since: 100 }))).to.equal(1);
  });

  it('loses nothing over scrapes that failed', () => {
    expect(total(countingOf(samples([10, 0], [20, 5], [90, 50])))).to.equal(50);
  });
});

describe('reading counters', () => {
  const HOUR = 3_600_000;
  const target = { job: 'a.b', instance: 'x:1' };

  it('asks in parts and joins them, each sample once', async () => {
    const asked: string[] = [];
    const source: SampleSource = {
      samples(selector, { started, ended }) {
        asked.push(selector);
        if (!selector.startsWith('hits')) return Promise.resolve([]);
        // Both ends of a range may be in the answer.
        const all = [0, 6, 12, 13].map((hour) => ({ t: hour * HOUR, value: hour }));
        const part = all.filter(({ t }) => t >= started && t <= ended);
        return Promise.resolve([{ labels: { __name__: 'hits', ...target }, samples: part }]);
      },
    };
    const raw = await readCounters(source, { requests: 'hits', errors: 'hits_bad' }, { started: 0, ended: 14 * HOUR });
    expect(raw.requests.map(({ samples }) => samples.map(({ value }) => value))).to.deep.equal([[0, 6, 12, 13]]);
    expect(asked.filter((selector) => selector === 'hits')).to.have.length(3);
    expect(asked).to.include(String.raw`process_start_time_seconds{job=~"a\\.b"}`);
  });

  it('leaves out a history that was made up for alert rules, and says so', async () => {
    const made = { __name__: 'all', ...target, history: 'backfilled' };
    const source = (more: object[]): SampleSource => ({
      samples: (selector) =>
        Promise.resolve(
          selector === 'all'
            ? [
                { labels: { __name__: 'all', ...target }, samples: samples([10, 1], [20, 3]) },
                ...(more as Awaited<ReturnType<SampleSource['samples']>>),
              ]
            : [],
        ),
    });
    const selectors = { requests: 'all', errors: 'bad' };
    const span = { started: 0, ended: 40 };
    const raw = await readCounters(source([{ labels: made, samples: samples([1, 0], [9, 9_000]) }]), selectors, span);
    expect(raw.requests.map(({ labels }) => labels['history'])).to.deep.equal([undefined]);
    expect(raw.leftOutBackfilled).to.equal(true);
    expect(await readCounters(source([]), selectors, span)).to.not.have.property('leftOutBackfilled');
  });

  it('takes `up` for the scrapes of a target that does not say when its process started', async () => {
    const source: SampleSource = {
      samples: (selector) =>
        Promise.resolve(
          selector.startsWith('up')
            ? [{ labels: { __name__: 'up', ...target }, samples: samples([10, 1], [20, 0], [30, 1]) }]
            : selector === 'bad'
              ? [{ labels: { __name__: 'bad', ...target }, samples: samples([30, 2]) }]
              : [],
        ),
    };
    const raw = await readCounters(source, { requests: 'all', errors: 'bad' }, { started: 0, ended: 40 });
    expect(raw.scrapes[0]?.samples, 'a scrape that failed shows nothing').to.deep.equal(samples([10, 1], [30, 1]));
  });
});

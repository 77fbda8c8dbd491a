import type { CounterSample, CounterSeries } from '../../../harness/core/sla/counter.ts';
import { LIVES, type RawCounters } from '../../../harness/core/sla/counters.ts';

/** A process that counts its answers by status, as a client library does: a series appears with its first answer. */
interface Process {
  readonly started: number;
  readonly counts: Map<number, number>;
}

/** Replicas that count what they answer, and a Prometheus that scrapes them. Times are epoch milliseconds. */
export class ScrapedService {
  readonly #processes: (Process | undefined)[];
  readonly #series = new Map<string, { labels: CounterSeries['labels']; samples: CounterSample[] }>();

  constructor(replicas: number, t: number) {
    this.#processes = Array.from({ length: replicas }, () => ({ started: t, counts: new Map<number, number>() }));
  }

  /** Answers a request. Returns false when the replica is down. */
  answer(replica: number, status: number): boolean {
    const counts = this.#processes[replica]?.counts;
    counts?.set(status, (counts.get(status) ?? 0) + 1);
    return counts !== undefined;
  }

  stop(replica: number): void {
    this.#processes[replica] = undefined;
  }

  start(replica: number, t: number): void {
    this.#processes[replica] = { started: t, counts: new Map() };
  }

  scrape(replica: number, t: number): void {
    const process = this.#processes[replica];
    const target = { job: 'app', instance: `app-${replica + 1}:3000` };
    this.#keep({ __name__: 'up', ...target }, t, process === undefined ? 0 : 1);
    if (process === undefined) return;
    this.#keep({ __name__: LIVES, ...target }, t, process.started / 1_000);
    for (const [status, count] of process.counts)
      this.#keep({ __name__: 'http_requests_total', ...target, status: String(status) }, t, count);
  }

  /** What a Prometheus answers about everything that it scraped from `started` on. */
  raw(span: RawCounters['span']): RawCounters {
    const all = this.series(span);
    const named = (name: string): CounterSeries[] => all.filter(({ labels }) => labels['__name__'] === name);
    const requests = named('http_requests_total');
    const errors = requests.filter(({ labels }) => (labels['status'] ?? '').startsWith('5'));
    return { span, requests, errors, scrapes: named(LIVES) };
  }

  series({ started, ended }: RawCounters['span']): CounterSeries[] {
    return [...this.#series.values()].flatMap(({ labels, samples }) => {
      const within = samples.filter(({ t }) => t > started && t <= ended);
      return within.length === 0 ? [] : { labels, samples: within };
    });
  }

  #keep(labels: CounterSeries['labels'], t: number, value: number): void {
    const key = JSON.stringify(labels);
    const one = this.#series.get(key) ?? { labels, samples: [] };
    one.samples.push({ t, value });
    this.#series.set(key, one);
  }
}

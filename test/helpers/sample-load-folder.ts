import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../harness/core/events.ts';
import { constantLoad } from '../../harness/core/load/plan.ts';
import { workloadOfUrl } from '../../harness/measure/target.ts';
import { sampleEnvironment } from './sample-plan.ts';
import { writeEvents, writeSamples } from './sample-folder.ts';

const START = Date.UTC(2026, 10, 24, 4, 30);

export interface SampleLoad {
  readonly run: string;
  /** One a request, milliseconds, in the order of the planned time. */
  readonly latencies: readonly number[];
  readonly ratePerS: number;
  /** Lateness of every request, milliseconds. */
  readonly lag?: number;
  /** Recorded beside what every load has. */
  readonly more?: readonly RunEvent[];
  /** False: the record just ends, as that of a process that was killed. */
  readonly ended?: boolean;
}

/** A load of one address as `chaos load` leaves it in its folder, load.json being what it is while the load runs. */
export function writeLoad(
  reports: string,
  { run, latencies, ratePerS, lag = 0.2, more = [], ended = true }: SampleLoad,
): string {
  const dir = join(reports, run);
  mkdirSync(dir, { recursive: true });
  const workload = workloadOfUrl({
    url: new URL('http://127.0.0.1:8080/a'),
    method: 'GET',
    headers: {},
    body: undefined,
  });
  const duration_ms = (latencies.length * 1_000) / ratePerS;
  const { engine: _engine, compose: _compose, images: _images, ...environment } = sampleEnvironment;
  const record = {
    title: `${ratePerS}/s GET http://127.0.0.1:8080/a`,
    plan: constantLoad(workload, ratePerS, 5_000),
    base_url: 'http://127.0.0.1:8080',
    seed: 42,
    duration_ms,
    environment,
  };
  const totals = {
    planned: latencies.length,
    sent: latencies.length,
    ok: latencies.length,
    failed: 0,
    dropped: 0,
    utilisation: 0.2,
  };
  writeEvents(dir, [
    { t: START, kind: 'load.started', run, record },
    ...more,
    ...(ended ? [{ t: START + duration_ms + 100, kind: 'load.ended', totals } as const] : []),
  ]);
  const rows = latencies.map((ms, i) => {
    const planned = START + 10 + (i * 1_000) / ratePerS;
    return {
      planned,
      sent: planned + lag,
      firstByte: planned + ms,
      done: planned + ms,
      endpoint: 0,
      scenario: 0,
      outcome: 0,
      status: 200,
      source: 0,
    };
  });
  writeSamples(dir, workload, rows);
  writeFileSync(
    join(dir, 'load.json'),
    JSON.stringify({ run, title: record.title, started: new Date(START).toISOString(), verdict: 'MEASURED' }),
  );
  return dir;
}

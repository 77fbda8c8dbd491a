import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { constantLoad } from '../../../harness/core/load/plan.ts';
import { RECORD_VERSION } from '../../../harness/core/record/version.ts';
import { workloadOfUrl } from '../../../harness/modes/load/target.ts';
import { seal } from '../../../harness/record/seal.ts';
import { sampleEnvironment } from './plan.ts';
import { writeEvents, writeSamples } from './folder.ts';

const START = Date.UTC(2026, 10, 24, 4, 30);

export interface SampleLoad {
  readonly run: string;
  /** One latency for each request, in milliseconds, in the order of the planned times. */
  readonly latencies: readonly number[];
  readonly ratePerS: number;
  /** Milliseconds from planned to sent, for every request. */
  readonly lag?: number;
  /** Events beside the events that every load has. */
  readonly more?: readonly RunEvent[];
  /** False: the record has no end, as when the process was killed. */
  readonly ended?: boolean;
}

/**
 * Writes the folder of a load on one address as `chaos load` leaves it. Its load.json is not the whole document: it has
 * only the run, the title, the start and the verdict. Returns the folder.
 */
export function writeLoad(
  reports: string,
  { run, latencies, ratePerS, lag = 0.2, more = [], ended = true }: SampleLoad,
): string {
  const dir = join(reports, run);
  mkdirSync(dir, { recursive: true });
  const workload = workloadOfUrl({
    origin: 'http://127.0.0.1:8080',
    rest: '/a',
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
    { t: START, kind: 'load.started', run, version: RECORD_VERSION, record },
    { t: START + duration_ms, kind: 'clock.watched', looks: 1, steps: 0 },
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
  if (ended) seal(dir);
  writeFileSync(
    join(dir, 'load.json'),
    JSON.stringify({ run, title: record.title, started: new Date(START).toISOString(), verdict: 'MEASURED' }),
  );
  return dir;
}

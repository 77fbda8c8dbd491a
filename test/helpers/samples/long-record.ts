import { join } from 'node:path';
import type { EventOf, RunEvent } from '../../../harness/core/record/events.ts';
import type { Phase } from '../../../harness/core/plan/phases.ts';
import { RECORD_VERSION } from '../../../harness/core/record/version.ts';
import { OUTCOMES, SOURCES, type WriteRecord } from '../../../harness/core/load/load.ts';
import { type RequestRow, SampleColumns } from '../../../harness/core/load/samples.ts';
import type { History } from '../../../harness/core/record/history.ts';
import { mkdirSync } from 'node:fs';
import { openRecorder } from '../../../harness/load/recorder.ts';
import { writeWhole } from '../../../harness/disk/whole.ts';
import { EventLog } from '../../../harness/record/event-log.ts';
import { RUN_FILE } from '../../../harness/record/folders.ts';
import { samplesDir } from '../../../harness/record/read.ts';
import { seal } from '../../../harness/record/seal.ts';
import { containerState } from './container.ts';
import { sampleRun } from './run.ts';

export interface LongOptions {
  readonly run: string;
  /** How long the phases are together, seconds: at least 100. */
  readonly seconds: number;
  readonly ratePerS: number;
}

const WHOLE_RUN: Readonly<Record<Phase, number>> = { warmup: 2, baseline: 32, fault: 32, heal: 2, recovery: 32 };

/**
 * Writes the sealed record of a long run below `reports`, through the writers that a run uses: its events as often as a
 * real run with a killed database has them, its requests in a block for each second, its writes. Returns its folder. The
 * same options always give the same record.
 */
export async function writeLongRecord(reports: string, { run, seconds, ratePerS }: LongOptions): Promise<string> {
  const parts = Object.entries(WHOLE_RUN).map(([phase, of]) => [phase, (of * seconds) / 100]);
  const lengths = Object.fromEntries(parts) as Record<Phase, number>;
  const { document, history } = sampleRun({ run, seconds: lengths, ratePerS });
  const dir = join(reports, run);
  mkdirSync(dir, { recursive: true });
  const { title, started } = document;
  writeWhole(join(dir, RUN_FILE), JSON.stringify({ run, title, started }));
  {
    using log = new EventLog(dir, [], (text) => text);
    const events = history.events.flatMap((event): RunEvent[] => {
      if (event.kind === 'run.ended') return [];
      if (event.kind === 'audit') return [lookedUp(event, history)];
      return event.kind === 'run.started' ? [{ ...event, version: RECORD_VERSION }] : [event];
    });
    [...events, ...watched(history)].toSorted((a, b) => a.t - b.t).forEach(log.emit);
  }
  await writeRequests(dir, history);
  seal(dir);
  return dir;
}

/** Every acknowledged write was looked up. */
function lookedUp(event: EventOf<'audit'>, { requests }: History): RunEvent {
  const { endpoint } = event.finding;
  const position = requests.endpoints.indexOf(endpoint);
  let acknowledged = 0;
  for (let i = 0; i < requests.length; i += 1)
    if (requests.endpoint[i] === position && OUTCOMES[requests.outcome[i] ?? -1] === 'ok') acknowledged += 1;
  return { ...event, finding: { ...event.finding, acknowledged } };
}

/** The states of the two databases, twice a second each, and the processor time of the host every second. */
function watched({ windows, faults }: History): RunEvent[] {
  const [started = 0, ended = 0] = [windows[0]?.started, windows.at(-1)?.ended];
  const { injected = Infinity, healed = Infinity } = faults[0] ?? {};
  const events: RunEvent[] = [];
  for (let t = started; t < ended; t += 500) {
    const gone = t >= injected && t < healed;
    for (const name of ['a', 'b']) {
      const running = name === 'b' || !gone;
      const state = containerState({
        container: `chaos-postgres-${name}-1`,
        status: running ? 'running' : 'exited',
        running,
        pid: running ? 29_838 : 0,
        restarts: 0,
        health: running ? 'healthy' : 'none',
        networks: { chaos_wedsync: { ip: '172.30.77.6', aliases: [`chaos-postgres-${name}-1`, `postgres-${name}`] } },
      });
      events.push({ kind: 'container', t, ...state });
    }
    if (t % 1_000 < 500) events.push({ kind: 'host', t, busy_ms: 800, idle_ms: 1_200, stolen_ms: 0 });
  }
  events.push({ kind: 'clock.watched', t: ended, looks: Math.round((ended - started) / 1_000), steps: 0 });
  return events;
}

async function writeRequests(dir: string, { plan, requests, run }: History): Promise<void> {
  const endpoints = plan.load.workload.scenarios.flatMap((scenario) => scenario.endpoints);
  await using recorder = await openRecorder(samplesDir(dir), plan.load.workload);
  const columns = new SampleColumns();
  const numbers = SOURCES.map(() => 0);
  let writes: string[] = [];
  let second = NaN;
  for (let i = 0; i < requests.length; i += 1) {
    const source = requests.source[i] ?? 0;
    const number = numbers[source] ?? 0;
    numbers[source] = number + 1;
    const row: RequestRow = {
      planned: requests.planned[i] ?? NaN,
      sent: requests.sent[i] ?? NaN,
      firstByte: requests.firstByte[i] ?? NaN,
      done: requests.done[i] ?? NaN,
      endpoint: requests.endpoint[i] ?? 0,
      scenario: requests.scenario[i] ?? 0,
      outcome: requests.outcome[i] ?? 0,
      status: requests.status[i] ?? 0,
      source,
      number,
    };
    const ended = Math.floor(row.done / 1_000);
    if (ended !== second && columns.length > 0) {
      await recorder.append({ block: columns.takeBlock(), writes: writes.join('') });
      writes = [];
    }
    second = ended;
    columns.add(row);
    const endpoint = endpoints[row.endpoint];
    if (endpoint?.kind !== 'write') continue;
    const write: WriteRecord = {
      key: `${run}-${source}-${number}`,
      endpoint: endpoint.name,
      token: `${number.toString(36)}-token`,
      source: SOURCES[source] ?? 'open',
      outcome: OUTCOMES[row.outcome] === 'ok' ? 'acknowledged' : 'unknown',
      sent: row.sent,
      done: row.done,
    };
    writes.push(`${JSON.stringify(write)}\n`);
  }
  await recorder.append({ block: columns.takeBlock(), writes: writes.join('') });
}

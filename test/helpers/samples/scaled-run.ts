import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { History } from '../../../harness/core/record/history.ts';
import type { JudgedRun } from '../../../harness/core/record/run.ts';
import { scaledServices, scalingSummary } from '../../../harness/core/record/scaling-summary.ts';
import { lifelines } from '../../../harness/core/scaling/supply.ts';
import { type RequestRow, requestTable, samplesSchema } from '../../../harness/core/load/samples.ts';
import { type Decide, scaledBy, sound } from '../scaled-world.ts';
import { sampleTicks } from './load.ts';
import { ONE_OF_EACH } from './one-of-each.ts';
import { life } from './scaling.ts';
import { sampleRun } from './run.ts';

/** A request in so many milliseconds; in the surge, six times as many. */
const EVERY_MS = 100;

interface ScaledRun {
  readonly decide?: Decide;
  /** Whether the record tells which requests each container answered. */
  readonly followed?: boolean;
}

/** A run through a surge of load that a scaler followed, with its requests, and with what became of each container. */
export function scaledRun({ decide = sound, followed = true }: ScaledRun = {}): JudgedRun {
  const scaled = scaledBy(decide);
  const { document, history: sample } = sampleRun();
  const [begun] = sample.events;
  if (begun?.kind !== 'run.started') throw new TypeError('a record begins with run.started');
  const [baseline, surge, recovery] = scaled.windows;
  if (baseline === undefined || surge === undefined || recovery === undefined) throw new TypeError('three phases');
  const rows: RequestRow[] = [];
  for (let planned = baseline.started; planned < recovery.ended;) {
    const busy = planned >= surge.started && planned < surge.ended;
    const late = busy ? 90 * Math.exp((surge.started - planned) / 20_000) : 0;
    const ms = 12 + (rows.length % 7) + late;
    const common = { planned, sent: planned + 0.2, firstByte: planned + ms - 0.1, done: planned + ms };
    rows.push({ ...common, endpoint: 0, scenario: 0, outcome: 0, status: 200, source: 0 });
    planned += busy ? EVERY_MS / 6 : EVERY_MS;
  }
  const events: readonly RunEvent[] = [
    { ...begun, t: baseline.started - 1_000 },
    ...scaled.events,
    ...scaled.events.flatMap(becoming),
    ...sampleTicks(rows, baseline.started, recovery.ended, () => false),
    ...(followed ? [answers(scaled)] : []),
  ].toSorted((a, b) => a.t - b.t);
  const history: History = {
    ...sample,
    events,
    windows: scaled.windows,
    faults: [],
    requests: requestTable(rows, samplesSchema(sample.plan.load.workload)),
  };
  const scaling = scaledServices(history).map((service) => scalingSummary(history, service));
  return { document: { ...document, faults: [], scaling }, history };
}

/** The world records when a container is made, healthy, and asked to end. It also starts, and is gone in the end. */
function becoming(event: RunEvent): RunEvent[] {
  if (event.kind !== 'life') return [];
  const { t, container, did } = event;
  if (did === 'created') return [life(t + 400, container, 'started')];
  return did === 'asked to end' ? [life(t + 1_200, container, 'ended'), life(t + 1_500, container, 'removed')] : [];
}

/** Each new container has its first answer 0.8 s after it is healthy. */
function answers(history: History): RunEvent {
  const t = (history.windows.at(-1)?.ended ?? 0) + 1;
  const served = Object.fromEntries(
    lifelines(history, 'app').flatMap(({ container, healthy, askedToEnd = t }) =>
      healthy === undefined ? [] : [[container, { first: healthy + 800, last: askedToEnd }]],
    ),
  );
  const rows = ONE_OF_EACH.hops.rows.map((row) => ({ ...row, app: { ...row.app, served } }));
  return { ...ONE_OF_EACH.hops, t, app: 'app', rows };
}

import { parentPort, workerData } from 'node:worker_threads';
import { peakRate } from '../core/load/arrivals.ts';
import { idPrefix } from '../core/load/load.ts';
import { namedRandom } from '../core/random.ts';
import { Alarm } from './thread/alarm.ts';
import { Generator } from './generator.ts';
import { Ledger } from './ledger.ts';
import { seededMix } from './mix.ts';
import { planStream } from './plan-stream.ts';
import { PRIORITY, runAheadOfOthers } from './thread/priority.ts';
import type { Report, WorkerInit, WorkerOrder } from './protocol.ts';
import { openRecorder } from './recorder.ts';
import { SocketTransport } from './http/socket-transport.ts';
import { clockFrom } from './thread/thread-clock.ts';
import { warmUp } from './warm-up.ts';

/** Connections opened before the load starts: as many as the requests of a tenth of a second, and 256 at most. */
const AHEAD = { share: 0.1, most: 256 };
const FLUSH_MS = 1_000;
/**
 * After a ring the alarm rests: for `belowMs` milliseconds below `rate` requests per second, for `aboveMs` above.
 * Requests that fall due during the rest leave together. A ring costs as much processor time as two or three requests,
 * and answers that arrive together cost less than single answers. At high rates this saving matters more than half a
 * millisecond. Measured at 30,000/s: a request costs 21.6 microseconds of processor time with `belowMs`, and 18.6 with
 * `aboveMs`.
 */
const REST = { rate: 10_000, belowMs: 0.5, aboveMs: 1 };
/** The longest sleep, milliseconds. The end of the load is noticed within this time. */
const NAP_MS = 20;

const { spec, origin } = workerData as WorkerInit;
const { plan, run, seed } = spec;
const now = clockFrom(origin);
const peak = peakRate(plan.arrivals);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin, windows have
const report = (message: Report): void => parentPort?.postMessage(message);

/**
 * Returns the number of requests that may be in flight. When nothing answers any more, peak rate x timeout requests are
 * in flight (Little's law). A fifth is added, and room for a burst of a Poisson process.
 */
function mostInFlight(): number {
  const mean = (peak * plan.timeoutMs) / 1_000;
  return Math.ceil(mean * 1.2 + 6 * Math.sqrt(mean) + 10);
}

await runAheadOfOthers(PRIORITY.usual);
const recorder = await openRecorder(spec.dir, plan.workload);
const ledger = new Ledger(now);
const { newConnections: share = 0 } = plan;
const transport = new SocketTransport(spec.baseUrl, {
  connectTimeoutMs: plan.timeoutMs,
  now,
  trust: spec.trust,
  ...(share === 0 ? {} : { alone: { share, random: namedRandom(seed, 'new connections') } }),
});
await warmUp(plan.workload, now);
await transport.connect(Math.min(AHEAD.most, Math.ceil(peak * AHEAD.share)));
// Loaded on demand: most runs have no pressure, and autocannon takes a tenth of a second to load.
const pressure =
  plan.pressure === undefined
    ? undefined
    : (await import('./users/pressure.ts')).createPressure({
        ...plan.pressure,
        mix: seededMix(plan.workload, seed + 2, idPrefix(run, 'pressure')),
        seed: seed + 4,
        baseUrl: spec.baseUrl,
        trust: spec.trust,
        ledger,
        now,
        timeoutMs: plan.timeoutMs,
      });

const [begun, stopped] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
parentPort?.on('message', (order: WorkerOrder) => (order === 'begin' ? begun : stopped).resolve());

// The alarm opens before the plan's clock starts, because opening takes time.
const restMs = peak > REST.rate ? REST.aboveMs : REST.belowMs;
const alarm = await Alarm.open(origin, restMs, () => work());
report({ kind: 'ready' });
await begun.promise;
const generator = new Generator({
  stream: planStream(plan, { seed, prefix: idPrefix(run, 'open'), limitMs: spec.maxDurationMs }),
  transport,
  ledger,
  now,
  start: now(),
  timeoutMs: plan.timeoutMs,
  maxInFlight: mostInFlight(),
});

void stopped.promise.then(() => {
  generator.stop();
  pressure?.stop();
});
const flush = (): Promise<void> => {
  report({ kind: 'tick', tick: ledger.takeTick(now()) });
  return recorder.append(ledger.takeBatch());
};

const idle = performance.eventLoopUtilization();
const drained = Promise.withResolvers<void>();
const work = (): void => {
  const next = generator.tick();
  if (!generator.planning) pressure?.stop();
  if (generator.finished && ledger.inFlight('pressure') === 0) drained.resolve();
  else alarm.set(Math.min(now() + NAP_MS, next));
};
const flushing = setInterval(() => void flush(), FLUSH_MS);
pressure?.start();
work();

await drained.promise;
clearInterval(flushing);
const { utilization } = performance.eventLoopUtilization(idle);
await flush();
await recorder[Symbol.asyncDispose]();
await alarm[Symbol.asyncDispose]();
transport.close();
await stopped.promise;
report({ kind: 'ended', totals: { ...ledger.totals, utilisation: utilization } });
parentPort?.close();

import { parentPort, workerData } from 'node:worker_threads';
import { peakRate } from '../core/load/arrivals.ts';
import { idPrefix } from '../core/load/load.ts';
import { Alarm } from './alarm.ts';
import { Generator } from './generator.ts';
import { Ledger } from './ledger.ts';
import { seededMix } from './mix.ts';
import { planStream } from './plan-stream.ts';
import { runAheadOfOthers } from './priority.ts';
import type { Report, WorkerInit } from './protocol.ts';
import { openRecorder } from './recorder.ts';
import { SocketTransport } from './socket-transport.ts';
import { clockFrom } from './thread-clock.ts';
import { warmUp } from './warm-up.ts';

/** Connections opened ahead: a tenth of a second's worth of requests, within reason. */
const AHEAD = { share: 0.1, most: 256 };
const FLUSH_MS = 1_000;
/**
 * What falls due within so many milliseconds leaves together. A ring of the alarm costs as much as two or three requests,
 * and answers that come in a row cost less than single ones: above `rate` requests per second that matters more than
 * half a millisecond. Measured at 30,000/s: 21.6 microseconds of processor a request with the one, 18.6 with the other.
 */
const REST = { rate: 10_000, belowMs: 0.5, aboveMs: 1 };
/** Longest sleep: the end of the load is noticed within it. */
const NAP_MS = 20;

const { spec, origin } = workerData as WorkerInit;
const { plan, run, seed } = spec;
const now = clockFrom(origin);
const peak = peakRate(plan.arrivals);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin, only windows have
const report = (message: Report): void => parentPort?.postMessage(message);

/** Little's law at the moment when nothing answers any more, a fifth on top, and what a Poisson process may bring at once. */
function mostInFlight(): number {
  const mean = (peak * plan.timeoutMs) / 1_000;
  return Math.ceil(mean * 1.2 + 6 * Math.sqrt(mean) + 10);
}

await runAheadOfOthers(1);
const recorder = await openRecorder(spec.dir, plan.workload);
const ledger = new Ledger(now);
const transport = new SocketTransport(spec.baseUrl, {
  connectTimeoutMs: plan.timeoutMs,
  now,
});
await warmUp(plan.workload, now);
await transport.connect(Math.min(AHEAD.most, Math.ceil(peak * AHEAD.share)));
// Loaded on demand: most runs press with nothing, and autocannon takes a tenth of a second to load.
const pressure =
  plan.pressure === undefined
    ? undefined
    : (await import('./pressure.ts')).createPressure({
        ...plan.pressure,
        mix: seededMix(plan.workload, seed + 2, idPrefix(run, 'pressure')),
        seed: seed + 4,
        baseUrl: spec.baseUrl,
        ledger,
        now,
        timeoutMs: plan.timeoutMs,
      });

// Opened before the clock of the plan starts.
const restMs = peak > REST.rate ? REST.aboveMs : REST.belowMs;
const alarm = await Alarm.open(origin, restMs, () => work());
const generator = new Generator({
  stream: planStream(plan, { seed, prefix: idPrefix(run, 'open'), limitMs: spec.maxDurationMs }),
  transport,
  ledger,
  now,
  start: now(),
  timeoutMs: plan.timeoutMs,
  maxInFlight: mostInFlight(),
});

const stopped = Promise.withResolvers<void>();
parentPort?.on('message', () => {
  generator.stop();
  pressure?.stop();
  stopped.resolve();
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
report({ kind: 'ready' });
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

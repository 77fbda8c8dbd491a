import { parentPort, workerData } from 'node:worker_threads';
import { idPrefix } from '../core/load.ts';
import { constantArrivals } from './arrivals.ts';
import { Generator } from './generator.ts';
import { Ledger } from './ledger.ts';
import { seededMix } from './mix.ts';
import type { Report, WorkerInit } from './protocol.ts';
import { runAheadOfOthers } from './priority.ts';
import { openRecorder } from './recorder.ts';
import { clockFrom } from './thread-clock.ts';
import { UndiciTransport } from './undici-transport.ts';
import { warmUp } from './warm-up.ts';

/** Connections opened ahead: a tenth of a second's worth of requests, within reason. */
const AHEAD = { share: 0.1, most: 64 };
/** Twice as many as requests, so that a peer that answers nothing any more never holds up the stream. */
const OPENINGS = { least: 8, margin: 2 };
/** Little's law at the moment when nothing answers any more, and a fifth on top. */
const IN_FLIGHT_MARGIN = 1.2;
const FLUSH_MS = 1_000;
/** Longest sleep: the end of the load is noticed within it. */
const NAP_MS = 20;

const { spec, origin } = workerData as WorkerInit;
const { plan, run, seed } = spec;
const now = clockFrom(origin);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin, only windows have
const report = (message: Report): void => parentPort?.postMessage(message);

await runAheadOfOthers();
const recorder = await openRecorder(spec.dir, plan.workload);
const ledger = new Ledger(now);
const transport = new UndiciTransport(spec.baseUrl, {
  connectTimeoutMs: plan.timeoutMs,
  openingsPerMs: Math.max(OPENINGS.least, Math.ceil((plan.ratePerS / 1_000) * OPENINGS.margin)),
});
await warmUp(plan.workload, now);
await transport.connect(Math.min(AHEAD.most, Math.ceil(plan.ratePerS * AHEAD.share)));
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

const generator = new Generator({
  arrivals: constantArrivals(plan.ratePerS, spec.maxDurationMs),
  mix: seededMix(plan.workload, seed, idPrefix(run, 'open')),
  transport,
  ledger,
  now,
  start: now(),
  timeoutMs: plan.timeoutMs,
  maxInFlight: Math.ceil(((plan.ratePerS * plan.timeoutMs) / 1_000) * IN_FLIGHT_MARGIN),
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
const loop = (): void => {
  const nap = Math.floor(generator.tick() - now());
  if (!generator.planning) pressure?.stop();
  if (generator.finished && ledger.inFlight('pressure') === 0) drained.resolve();
  else setTimeout(loop, Math.min(NAP_MS, Math.max(1, nap)));
};
const flushing = setInterval(() => void flush(), FLUSH_MS);
report({ kind: 'ready' });
pressure?.start();
loop();

await drained.promise;
clearInterval(flushing);
const { utilization } = performance.eventLoopUtilization(idle);
await flush();
await recorder[Symbol.asyncDispose]();
await transport.close();
await stopped.promise;
report({ kind: 'ended', totals: { ...ledger.totals, utilisation: utilization } });
parentPort?.close();

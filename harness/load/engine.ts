import { Worker } from 'node:worker_threads';
import { ChaosError } from '../core/errors.ts';
import type { LoadEngine, LoadRun, LoadTotals } from '../core/load/load.ts';
import type { Command, Report, WorkerInit } from './protocol.ts';
import { clockOrigin } from './thread-clock.ts';

/** Beyond the last timeout, for flushing and a busy machine. */
const STOP_GRACE_MS = 15_000;

/** Collections of the young generation are shared out to threads that a busy machine starves: make them rare. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 64 };

const died = (cause: unknown): ChaosError =>
  new ChaosError('CHAOS_LOAD_FAILED', {
    what: 'The load generator died.',
    hint: 'Look at the cause; a full disk and too little memory are the usual ones. The samples up to the last second are kept.',
    exit: 'error',
    cause,
  });

const overdue = (ms: number): ChaosError =>
  new ChaosError('CHAOS_LOAD_STUCK', {
    what: `The load generator did not stop within ${ms} ms and was ended by force.`,
    hint: 'Give the machine more room, or lower the rate: the generator got too little processor time.',
    exit: 'error',
  });

/** Open arrivals on an absolute schedule, from a thread of its own, so that what the harness does cannot delay a request. */
export const openLoad: LoadEngine = {
  async start(spec, onTick, clock) {
    const init: WorkerInit = { spec, origin: clockOrigin(clock) };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      name: 'chaos-load',
      workerData: init,
      resourceLimits: RESOURCE_LIMITS,
    });
    const ready = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<LoadTotals>();
    const failed = new AbortController();
    // Heard by whoever awaits stop(), which may be much later.
    ended.promise.catch(() => undefined);
    const fail = (cause: unknown): void => {
      const error = cause instanceof ChaosError ? cause : died(cause);
      ready.reject(error);
      ended.reject(error);
      failed.abort(error);
    };
    let totals: LoadTotals | undefined;
    worker.on('message', (report: Report) => {
      if (report.kind === 'ready') ready.resolve();
      if (report.kind === 'tick') onTick(report.tick);
      if (report.kind === 'ended') {
        totals = report.totals;
        ended.resolve(report.totals);
      }
    });
    worker.on('error', fail);
    worker.on('exit', () => {
      if (totals === undefined) fail(undefined);
    });

    const end = async (): Promise<LoadTotals> => {
      const limit = spec.plan.timeoutMs + STOP_GRACE_MS;
      const timer = setTimeout(() => fail(overdue(limit)), limit);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin, only windows have
      worker.postMessage('stop' satisfies Command);
      try {
        return await ended.promise;
      } finally {
        clearTimeout(timer);
        await worker.terminate();
      }
    };
    let stopping: Promise<LoadTotals> | undefined;
    const run: LoadRun = {
      stop: () => (stopping ??= end()),
      failed: failed.signal,
    };
    await ready.promise;
    return run;
  },
};

import { Worker } from 'node:worker_threads';
import { diskError } from '../core/disk-error.ts';
import { ChaosError } from '../core/errors.ts';
import type { LoadEngine, LoadRun, LoadTotals } from '../core/load/load.ts';
import { moduleBeside } from '../core/module.ts';
import type { WorkerOrder, Report, WorkerInit } from './protocol.ts';
import { keepProcessAhead } from './thread/priority.ts';
import { clockOrigin } from './thread/thread-clock.ts';

/**
 * Milliseconds that the generator gets to stop after the last request has timed out. On a busy machine, writing the
 * last samples takes time.
 */
const STOP_GRACE_MS = 15_000;

/** While V8 collects the young generation no request is sent. A large one keeps that rare. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 64 };

const died = (cause: unknown): ChaosError =>
  new ChaosError('CHAOS_LOAD_FAILED', {
    what: 'The load generator died.',
    hint: 'Read the cause: usually a full disk or too little memory. The samples up to the last second are kept.',
    exit: 'error',
    cause,
  });

const overdue = (ms: number): ChaosError =>
  new ChaosError('CHAOS_LOAD_STUCK', {
    what: `The load generator did not stop within ${ms} ms and was ended by force.`,
    hint: 'The generator got too little processor time. Free some processor time on this machine, or lower the rate.',
    exit: 'error',
  });

/**
 * Sends open arrivals on an absolute schedule. The generator runs in its own thread, so the harness's other work cannot
 * delay a request. `stop` throws CHAOS_LOAD_STUCK when the generator does not stop in time; `start`, `stop` and
 * `failed` report CHAOS_LOAD_FAILED when it dies, and CHAOS_DISK_FULL when the samples cannot be written.
 */
export const openLoad: LoadEngine = {
  async start(spec, onTick, clock, begin = Promise.resolve()) {
    const init: WorkerInit = { spec, origin: clockOrigin(clock) };
    const ahead = await keepProcessAhead();
    const worker = new Worker(moduleBeside('./worker', import.meta.url), {
      name: 'chaos-load',
      workerData: init,
      resourceLimits: RESOURCE_LIMITS,
    });
    const ready = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<LoadTotals>();
    const failed = new AbortController();
    // The caller of stop() gets this error, and may call much later: until then it must not count as unhandled.
    ended.promise.catch(() => undefined);
    const fail = (cause: unknown): void => {
      const known = diskError(cause, spec.dir);
      const error = known instanceof ChaosError ? known : died(cause);
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

    const order = (what: WorkerOrder): void =>
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin, windows have
      worker.postMessage(what);
    const end = async (): Promise<LoadTotals> => {
      const limit = spec.plan.timeoutMs + STOP_GRACE_MS;
      const timer = setTimeout(() => fail(overdue(limit)), limit);
      order('stop');
      try {
        return await ended.promise;
      } finally {
        clearTimeout(timer);
        await worker.terminate();
        await ahead[Symbol.asyncDispose]();
      }
    };
    let stopping: Promise<LoadTotals> | undefined;
    const run: LoadRun = {
      stop: () => (stopping ??= end()),
      failed: failed.signal,
    };
    try {
      await Promise.all([ready.promise, begin]);
    } catch (error) {
      await worker.terminate();
      await ahead[Symbol.asyncDispose]();
      throw error;
    }
    order('begin');
    return run;
  },
};

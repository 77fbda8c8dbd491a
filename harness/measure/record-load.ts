import { mkdirSync } from 'node:fs';
import type { Clock } from '../core/clock.ts';
import { ChaosError, describeError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import type { LoadRecord } from '../core/load/record.ts';
import type { LoadEngine, LoadRun } from '../core/load/load.ts';
import type { Subscriber } from '../core/run.ts';
import { EventLog } from '../engine/event-log.ts';
import type { Interruption } from '../engine/interruption.ts';
import { samplesDir } from '../engine/record.ts';
import { watchClock } from '../engine/watch-clock.ts';

/** The load ends by itself at its bound; it is told to stop this much later, milliseconds, so that its last request is not cut off. */
const AFTER_MS = 50;

export interface LoadOptions {
  readonly record: LoadRecord;
  readonly run: string;
  /** The load's folder, made already. */
  readonly dir: string;
  readonly load: LoadEngine;
  readonly clock: Clock;
  readonly interruption: Interruption;
  readonly subscribers: readonly Subscriber[];
  redact(text: string): string;
  /** Done once the load has begun; the load does not wait for it. */
  readonly meanwhile?: () => void;
}

/** Offers a load and records it: events.ndjson and samples/, and nothing else. A generator that dies is an event, no exception. */
export async function recordLoad(options: LoadOptions): Promise<void> {
  const { record, run, dir, clock, interruption, subscribers } = options;
  mkdirSync(samplesDir(dir), { recursive: true });
  using log = new EventLog(dir, subscribers, (text) => options.redact(text));
  const emit = (event: RunEvent): void => log.emit(event);
  emit({ t: clock.now(), kind: 'load.started', run, record });
  await using _clock = watchClock(clock, emit);
  try {
    const running = await start(options, emit);
    await lastsUntil(running, record.duration_ms + AFTER_MS, options);
    if (interruption.by !== undefined) emit({ t: clock.now(), kind: 'interrupted', by: interruption.by });
    const totals = await running.stop();
    emit({ t: clock.now(), kind: 'load.ended', totals });
  } catch (error) {
    const code = error instanceof ChaosError ? error.code : 'CHAOS_INTERNAL';
    emit({ t: clock.now(), kind: 'error', code, message: describeError(error) });
  }
}

async function start(
  { record, run, dir, load, clock }: LoadOptions,
  emit: (event: RunEvent) => void,
): Promise<LoadRun> {
  const spec = {
    plan: record.plan,
    baseUrl: record.base_url,
    seed: record.seed,
    dir: samplesDir(dir),
    run,
    maxDurationMs: record.duration_ms,
  };
  return load.start(spec, (tick) => emit({ kind: 'load', ...tick }), clock);
}

/** Until its time is over, someone interrupts, or the generator dies (which is thrown). */
async function lastsUntil(
  running: LoadRun,
  ms: number,
  { clock, interruption, meanwhile }: LoadOptions,
): Promise<void> {
  const { failed } = running;
  const ends = failed === undefined ? interruption.signal : AbortSignal.any([interruption.signal, failed]);
  meanwhile?.();
  await clock.sleep(ms, ends).catch((reason: unknown) => {
    if (failed?.aborted === true) throw failed.reason;
    if (!interruption.signal.aborted) throw reason;
  });
}

import { mkdirSync } from 'node:fs';
import type { Clock } from '../../core/clock.ts';
import { onDisk } from '../../core/disk-error.ts';
import { ChaosError, describeError } from '../../core/errors.ts';
import type { RunEvent } from '../../core/record/events.ts';
import { RECORD_VERSION } from '../../core/record/version.ts';
import type { LoadRecord } from '../../core/load/record.ts';
import type { LoadEngine, LoadRun, Trust } from '../../core/load/load.ts';
import type { Subscriber } from '../../core/record/run.ts';
import { EventLog } from '../../record/event-log.ts';
import type { Interruption } from '../../run/interruption.ts';
import { samplesDir } from '../../record/read.ts';
import { seal } from '../../record/seal.ts';
import { watchClock } from '../../run/probes/watch-clock.ts';

/**
 * The load ends by itself after its duration. It is stopped this much later, milliseconds, so that its last request is
 * not cut off.
 */
const AFTER_MS = 50;

export interface LoadOptions {
  readonly record: LoadRecord;
  /** For a load over TLS. Default: the authorities that Node knows. */
  readonly trust?: Trust | undefined;
  readonly run: string;
  /** The load's folder. It exists. */
  readonly dir: string;
  readonly load: LoadEngine;
  readonly clock: Clock;
  readonly interruption: Interruption;
  readonly subscribers: readonly Subscriber[];
  redact(text: string): string;
  /** Called once the load has begun. The load does not wait for it. */
  readonly meanwhile?: () => void;
}

/**
 * Offers a load and records it in events.ndjson and samples/, seals the record, and writes nothing else. A generator
 * that dies becomes an `error` event, and no exception. Throws CHAOS_DISK_FULL or CHAOS_NOT_WRITABLE when the record
 * cannot be written: the load is ended then.
 */
export async function recordLoad(options: LoadOptions): Promise<void> {
  await offerAndRecord(options);
  seal(options.dir);
}

async function offerAndRecord(options: LoadOptions): Promise<void> {
  const { record, run, dir, clock, interruption, subscribers } = options;
  onDisk(dir, () => mkdirSync(samplesDir(dir), { recursive: true }));
  using log = new EventLog(dir, subscribers, (text) => options.redact(text));
  const unwritten = new AbortController();
  const emit = (event: RunEvent): void => {
    log.emit(event);
    if (log.failure !== undefined) unwritten.abort(log.failure);
  };
  emit({ t: clock.now(), kind: 'load.started', run, version: RECORD_VERSION, record });
  await using _clock = watchClock(clock, emit);
  try {
    const running = await start(options, emit);
    await lastsUntil(running, record.duration_ms + AFTER_MS, options, unwritten.signal);
    if (interruption.by !== undefined) emit({ t: clock.now(), kind: 'interrupted', by: interruption.by });
    const totals = await running.stop();
    emit({ t: clock.now(), kind: 'load.ended', totals });
  } catch (error) {
    const code = error instanceof ChaosError ? error.code : 'CHAOS_INTERNAL';
    emit({ t: clock.now(), kind: 'error', code, message: describeError(error) });
  }
  if (log.failure !== undefined) throw log.failure;
}

async function start(
  { record, trust, run, dir, load, clock }: LoadOptions,
  emit: (event: RunEvent) => void,
): Promise<LoadRun> {
  const spec = {
    plan: record.plan,
    baseUrl: record.base_url,
    ...(trust === undefined ? {} : { trust }),
    seed: record.seed,
    dir: samplesDir(dir),
    run,
    maxDurationMs: record.duration_ms,
  };
  return load.start(spec, (tick) => emit({ kind: 'load', ...tick }), clock);
}

/** Resolves when the time is over, when somebody interrupts, or when `unwritten` aborts. Rejects when the generator
 * dies. */
async function lastsUntil(
  running: LoadRun,
  ms: number,
  { clock, interruption, meanwhile }: LoadOptions,
  unwritten: AbortSignal,
): Promise<void> {
  const { failed } = running;
  const ends = AbortSignal.any([interruption.signal, unwritten, ...(failed === undefined ? [] : [failed])]);
  meanwhile?.();
  await clock.sleep(ms, ends).catch((reason: unknown) => {
    if (failed?.aborted === true) throw failed.reason;
    if (!interruption.signal.aborted && !unwritten.aborted) throw reason;
  });
}

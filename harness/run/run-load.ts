import type { LoadRun } from '../core/load/load.ts';
import { longestMs } from '../core/plan/plan.ts';
import type { RunEvent } from '../core/record/events.ts';
import { samplesDir } from '../record/read.ts';
import { entryOverTls } from './entry-over-tls.ts';
import type { RunOptions } from './run-options.ts';

/** The load goes on for this long after the longest time of the phases, milliseconds, if nobody stops it. */
const BEYOND_MS = 120_000;

/** The load of one run. It becomes ready beside other work, and sends its first request when it is told to begin. */
export class RunLoad {
  readonly #o: RunOptions;
  readonly #emit: (event: RunEvent) => void;
  readonly #begin = Promise.withResolvers<void>();
  #load: Promise<LoadRun> | undefined;

  constructor(options: RunOptions, emit: (event: RunEvent) => void) {
    this.#o = options;
    this.#emit = emit;
    // `stop` rejects this promise when the run ends before its load began. Perhaps nobody waits for the promise then.
    this.#begin.promise.catch(() => undefined);
  }

  /** Makes the generator ready: its thread, its code and its connections. Sends nothing. */
  ready(): void {
    const { plan, run, dir, load, clock, topology } = this.#o;
    const start = async (): Promise<LoadRun> => {
      const spec = {
        plan: plan.load,
        ...(plan.load.overTls === true ? await entryOverTls(topology) : { baseUrl: plan.topology.entry }),
        seed: plan.seed,
        dir: samplesDir(dir),
        run,
        maxDurationMs: longestMs(plan) + BEYOND_MS,
      };
      return load.start(spec, (tick) => this.#emit({ kind: 'load', ...tick }), clock, this.#begin.promise);
    };
    this.#load = start();
    // `begin` or `stop` awaits this promise. Until then its failure must not count as unhandled.
    this.#load.catch(() => undefined);
  }

  /** Sends the first request. Resolves with a signal that aborts when the generator dies. Throws when the generator did
   * not become ready. */
  async begin(): Promise<AbortSignal | undefined> {
    this.#begin.resolve();
    return (await this.#load)?.failed;
  }

  /** Stops the load, and records its end if it had begun. A second call does nothing. */
  async stop(): Promise<void> {
    this.#begin.reject(new Error('the run ended before its load began'));
    const starting = this.#load;
    this.#load = undefined;
    const load = await starting?.catch(() => undefined);
    if (load === undefined) return;
    const totals = await load.stop();
    this.#emit({ t: this.#o.clock.now(), kind: 'load.ended', totals });
  }
}

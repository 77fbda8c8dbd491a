import type { Clock } from '../../core/clock.ts';
import type { RunEvent } from '../../core/record/events.ts';
import type { Subscriber } from '../../core/record/run.ts';

/** The system is settled when so many seconds in a row had answers and no failure. */
const QUIET_S = 3;
/** Nobody waits longer than this: with something gone, some requests may fail for ever, and a cell has minutes. Milliseconds. */
const MOST_MS = 20_000;
const LOOK_MS = 500;

/** A reading of how much of a core a container used. */
interface CpuReading {
  readonly t: number;
  readonly container: string;
  readonly share: number;
}

/** Hears the events of a run whose light load shows whether the system works. */
export class LightLoad implements Subscriber {
  readonly #clock: Clock;
  readonly #injected = new Set<string>();
  readonly #cpu: CpuReading[] = [];
  #quietS = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  onEvent(event: RunEvent): void {
    if (event.kind === 'load') this.#quietS = event.ok > 0 && event.failed === 0 ? this.#quietS + 1 : 0;
    if (event.kind === 'fault.injected') this.#injected.add(event.id);
    if (event.kind === 'resources' && event.cpu_percent !== null)
      this.#cpu.push({ t: event.t, container: event.server_id, share: event.cpu_percent / 100 });
  }

  close(): void {
    // Nothing is open.
  }

  /** Resolves when these faults are in force. Rejects when the signal aborts. */
  async injected(faults: readonly string[], signal: AbortSignal): Promise<void> {
    while (!faults.every((id) => this.#injected.has(id))) await this.#clock.sleep(LOOK_MS, signal);
  }

  /** Resolves when the system answers again without failures, or after 20 s. Rejects when the signal aborts. */
  async settled(signal: AbortSignal): Promise<void> {
    this.#quietS = 0;
    const until = this.#clock.now() + MOST_MS;
    while (this.#quietS < QUIET_S && this.#clock.now() < until) await this.#clock.sleep(LOOK_MS, signal);
  }

  /** Returns the mean share of one core that a container used in a span. Undefined when nobody looked. */
  cpuOf(
    container: string,
    { started, ended }: { readonly started: number; readonly ended: number },
  ): number | undefined {
    const readings = this.#cpu.filter((one) => one.container === container && one.t >= started && one.t < ended);
    if (readings.length === 0) return undefined;
    return readings.reduce((sum, { share }) => sum + share, 0) / readings.length;
  }
}

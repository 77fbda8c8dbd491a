import type { Clock } from '../core/clock.ts';
import type { RunEvent } from '../core/events.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { Subscriber } from '../core/run.ts';
import type { World } from '../core/world.ts';
import type { Interruption } from '../engine/interruption.ts';

/** After SIGTERM nobody waits longer than this: a CI runner sends SIGKILL next. Milliseconds. */
const TERM_MS = 5_000;
/** After the second signal, for all undos together, milliseconds. */
const HURRY_MS = 3_000;

/** Ids of the faults that are in force, or may be. */
export class InForce implements Subscriber {
  readonly #ids = new Set<string>();
  readonly #failed = new Set<string>();

  onEvent(event: RunEvent): void {
    if (event.kind === 'fault.injecting') this.#ids.add(event.id);
    if (event.kind === 'undo.failed') this.#failed.add(event.id);
    if (event.kind === 'fault.healed' && !this.#failed.has(event.id)) this.#ids.delete(event.id);
    if (event.kind === 'residue' && event.residue.length === 0) this.#ids.clear();
  }

  close(): void {
    // It holds nothing.
  }

  /** "kill-1, latency-2"; undefined when there is none. */
  get text(): string | undefined {
    return this.#ids.size === 0 ? undefined : [...this.#ids].join(', ');
  }
}

export interface Listening {
  readonly world: World;
  readonly interruption: Interruption;
  readonly inForce: InForce;
  readonly clock: Clock;
  /** The run's name. */
  readonly run: string;
}

/**
 * Once: in order. Twice: every undo at once, unchecked, then the process leaves. Thrice, or when the time after SIGTERM or
 * SIGHUP is over: it leaves now. To whoever leaves, the guardian is the one that checks, puts back what is left, and reports.
 */
export function listen({ world, interruption, inForce, clock, run }: Listening): Disposable {
  const over = new AbortController();
  const say = (text: string): void => world.err.write(`${text}\n`);
  const leave = (): void => {
    if (over.signal.aborted) return;
    over.abort();
    const left =
      inForce.text === undefined
        ? 'Nothing is known to be in force, and the guardian checks it now'
        : `${inForce.text} may still be in force: the guardian puts it back now`;
    say(`Ended. ${left}. \`chaos status\` tells; by hand: \`chaos heal ${run}\`.`);
    world.exitNow(interruption.by === 'SIGINT' ? EXIT_CODE.interrupted : EXIT_CODE.terminated);
  };
  const leaveAfter = (ms: number): void => void clock.sleep(ms, over.signal).then(leave, () => undefined);
  const handler = world.onSignals((signal) => {
    const times = interruption.interrupt(signal);
    const back = inForce.text === undefined ? 'Ending the run' : `Putting back ${inForce.text}`;
    if (times === 1) say(`\n${back} (Ctrl-C again: at once, without the checks and the report)`);
    if (times === 2) {
      say(`\n${back} at once, for 3 s at most (Ctrl-C again: leave it to the guardian)`);
      void interruption.hurry().then(leave, leave);
      leaveAfter(HURRY_MS);
    }
    if (times > 2) leave();
    if (signal !== 'SIGINT') leaveAfter(TERM_MS);
  });
  return {
    [Symbol.dispose]() {
      over.abort();
      handler[Symbol.dispose]();
    },
  };
}

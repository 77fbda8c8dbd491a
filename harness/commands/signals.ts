import type { Clock } from '../core/clock.ts';
import type { RunEvent } from '../core/events.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { Subscriber } from '../core/run.ts';
import type { World } from '../core/world.ts';
import type { Interruption } from '../engine/interruption.ts';

/** After SIGTERM nobody waits longer than this: a CI runner sends SIGKILL next. Milliseconds. */
const TERM_MS = 5_500;

/** Ids of the faults that are in force, or may be. */
export class InForce implements Subscriber {
  readonly #ids = new Set<string>();

  onEvent(event: RunEvent): void {
    if (event.kind === 'fault.injecting') this.#ids.add(event.id);
    if (event.kind === 'fault.healed') this.#ids.delete(event.id);
  }

  close(): void {
    // It holds nothing.
  }

  /** "kill-1, latency-2"; undefined when there is none. */
  get text(): string | undefined {
    return this.#ids.size === 0 ? undefined : [...this.#ids].join(', ');
  }
}

/** Once: in order. Twice: healing only. Thrice, or when the time after SIGTERM is over: at once, and the guardian heals. */
export function listen(world: World, interruption: Interruption, inForce: InForce, clock: Clock): Disposable {
  const over = new AbortController();
  const say = (text: string): void => world.err.write(`${text}\n`);
  const leave = (code: number): void => {
    say(
      inForce.text === undefined
        ? 'Ended. Nothing is in force; the guardian looks after the rest.'
        : `Ended. ${inForce.text} may still be in force: the guardian puts it back now. \`chaos status\` tells; \`chaos heal\` does it by hand.`,
    );
    world.exitNow(code);
  };
  const handler = world.onSignals((signal) => {
    const times = interruption.interrupt(signal);
    const back = inForce.text === undefined ? 'Ending the run' : `Putting back ${inForce.text}`;
    if (times === 1) say(`\n${back} (Ctrl-C again: without the checks and the report)`);
    if (times === 2) say(`\n${back}, no report (Ctrl-C again: leave it to the guardian)`);
    if (times > 2) leave(EXIT_CODE.interrupted);
    if (signal === 'SIGINT') return;
    clock.sleep(TERM_MS, over.signal).then(
      () => leave(EXIT_CODE.terminated),
      () => undefined,
    );
  });
  return {
    [Symbol.dispose]() {
      over.abort();
      handler[Symbol.dispose]();
    },
  };
}

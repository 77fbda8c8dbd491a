import type { Clock } from '../core/clock.ts';
import { EXIT_CODE, exitAfter } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import type { Session } from './session.ts';

/**
 * After SIGTERM or SIGHUP the process leaves within this time, because a CI runner sends SIGKILL next. Milliseconds.
 */
const TERM_MS = 5_000;
/** After the second signal all undos together have this long, milliseconds. */
const HURRY_MS = 3_000;

export interface Listening {
  readonly world: Pick<World, 'onSignals' | 'exitNow' | 'err'>;
  readonly session: Session;
  readonly clock: Clock;
}

/**
 * Ends a session when signals come, for a process of the harness. The first signal ends the run in order. The second
 * signal starts every undo at once, without checks, and then the process leaves. At the third signal, or when the time
 * after SIGTERM or SIGHUP is over, the process leaves at once. When the process has left, the guardian checks, puts
 * back what is left, and reports.
 */
export function endAtSignals({ world, session, clock }: Listening): Disposable {
  const over = new AbortController();
  const say = (text: string): void => world.err.write(`${text}\n`);
  const leave = (): void => {
    if (over.signal.aborted) return;
    over.abort();
    const { inForce, lastRun = '' } = session;
    const left =
      inForce === undefined
        ? 'Nothing is known to be in force, and the guardian checks it now'
        : `${inForce} may still be in force, and the guardian puts it back now`;
    say(`Ended. ${left}. \`chaos status\` says what is left. To heal by hand: \`chaos heal ${lastRun}\`.`);
    world.exitNow(EXIT_CODE[exitAfter(session.interruptedBy ?? 'SIGTERM')]);
  };
  const leaveAfter = (ms: number): void => void clock.sleep(ms, over.signal).then(leave, () => undefined);
  const handler = world.onSignals((signal) => {
    const times = session.interrupt(signal);
    const back = session.inForce === undefined ? 'Ending the run' : `Putting back ${session.inForce}`;
    if (times === 1) say(`\n${back} (Ctrl-C again: at once, without the checks and the report)`);
    if (times === 2) {
      say(`\n${back} at once, for 3 s at most (Ctrl-C again: leave it to the guardian)`);
      void session.hurry().then(leave, leave);
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

import { formatDuration } from '../../core/duration.ts';
import type { Act } from '../../core/gameday/acts.ts';
import type { GamedayRole } from '../../core/gameday/gameday.ts';
import type { InjectState } from '../../core/gameday/inject-state.ts';
import type { GamedayState } from '../../core/gameday/state.ts';
import type { Clock } from '../../core/clock.ts';
import type { GamedayEngine } from './engine.ts';

interface Rehearsal {
  readonly clock: Clock;
  /** An inject is in force no longer than this, milliseconds. Undefined: as long as its own time. */
  readonly shorterMs: number | undefined;
  readonly say: (line: string) => void;
  /** Aborted when somebody ends the rehearsal. */
  readonly over: AbortSignal;
}

/** Nobody is the facilitator, so the rehearsal gives a sign of life so often, milliseconds. */
const SIGN_MS = 10_000;
const WHO = 'rehearsal';

/** Not `Omit` of the union, which would lose the keys of its members. */
type Order = Act extends infer A ? (A extends Act ? Omit<A, 'who' | 'id'> : never) : never;

/**
 * Carries out every inject of a game day, one after another, without people: it arms, injects, waits for the time to be over and
 * for the verdict. No button of a responder is pressed: the times of people stay empty.
 */
export async function rehearse(engine: GamedayEngine, { clock, shorterMs, say, over }: Rehearsal): Promise<void> {
  const act = (order: Order, role: GamedayRole = 'facilitator'): number => engine.act(role, { ...order, who: WHO });
  using _signs = signs(engine, clock);
  act({ act: 'preflight' });
  await until(engine, ({ looking }) => !looking, over);
  for (const { name, ok, said } of engine.state.preflight?.checks ?? [])
    say(`${name}: ${ok === true ? 'yes' : ok === false ? 'no' : 'not checked'}: ${said}`);
  act({ act: 'begin', despite: 'a rehearsal has no people' });
  for (const { plan } of engine.state.injects) {
    if (over.aborted) return;
    const { id: inject, name, boxMs } = plan;
    const here = (state: GamedayState): InjectState | undefined => state.injects.find((one) => one.plan.id === inject);
    say(`${name}: arming`);
    act({ act: 'arm', inject });
    await until(engine, (state) => here(state)?.stage !== 'armed', over);
    if (here(engine.state)?.stage === 'ready') act({ act: 'inject', inject });
    await until(engine, (state) => here(state)?.stage !== 'ordered', over);
    if (here(engine.state)?.stage === 'in force') {
      const ms = Math.min(boxMs, shorterMs ?? boxMs);
      say(`${name}: in force, for ${formatDuration(ms)} at most`);
      if (ms < boxMs) await endAfter(ms, engine, { clock, over, here, end: () => act({ act: 'end', inject }) });
    }
    await engine.settled();
    const { verdict, why } = here(engine.state) ?? {};
    say(`${name}: ${verdict ?? 'no verdict'}${why === undefined ? '' : `: ${why}`}`);
    if (engine.state.stage === 'paused') act({ act: 'resume' });
    if (here(engine.state)?.restored === false) break;
  }
  act({ act: 'close' });
}

interface Ending extends Pick<Rehearsal, 'clock' | 'over'> {
  readonly here: (state: GamedayState) => InjectState | undefined;
  readonly end: () => void;
}

async function endAfter(ms: number, engine: GamedayEngine, { clock, over, here, end }: Ending): Promise<void> {
  const ended = new AbortController();
  const inForce = until(engine, (state) => here(state)?.stage !== 'in force', over).then(() => ended.abort());
  await clock.sleep(ms, ended.signal).catch(() => undefined);
  if (!ended.signal.aborted && here(engine.state)?.stage === 'in force') end();
  await inForce;
}

/** Resolves when the state is so, or when the rehearsal is over. */
async function until(engine: GamedayEngine, isSo: (state: GamedayState) => boolean, over: AbortSignal): Promise<void> {
  if (isSo(engine.state) || over.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  using _changes = engine.onChange(() => {
    if (isSo(engine.state)) resolve();
  });
  over.addEventListener('abort', () => resolve(), { once: true });
  await promise;
}

function signs(engine: GamedayEngine, clock: Clock): Disposable {
  const over = new AbortController();
  const give = async (): Promise<void> => {
    while (!over.signal.aborted) {
      engine.here('facilitator');
      await clock.sleep(SIGN_MS, over.signal).catch(() => undefined);
    }
  };
  void give();
  return { [Symbol.dispose]: () => over.abort() };
}

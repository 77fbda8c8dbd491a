import type { Known } from '../../core/kinds/known.ts';
import type { Limited } from '../../core/kinds/limit.ts';
import type { Clock } from '../../core/clock.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { RunEvent } from '../../core/record/events.ts';
import type { Subscriber } from '../../core/record/run.ts';
import type { Session } from '../../session/session.ts';
import type { BoardParts } from '../watch/board/board.ts';
import { GamedayEngine } from './engine.ts';
import type { GamedayRecord } from './gameday-record.ts';
import { healthyAt } from './healthy-at.ts';
import type { GamedayServer } from './server.ts';
import { Telemetry } from './telemetry.ts';

/** What a game day is made of. */
export interface GamedayParts extends BoardParts {
  readonly record: GamedayRecord;
  readonly session: Pick<Session, 'run' | 'abort'>;
  readonly server: GamedayServer;
  readonly known: Known;
  readonly clock: Clock;
  /** The plan of each inject, by its `id`. */
  readonly plans: ReadonlyMap<string, Plan>;
  readonly preflight: Plan;
  readonly healthy: readonly Limited[];
  folderOf(run: string): string;
  /** How long the baseline of each inject must be before its failure, milliseconds, by the inject's `id`. */
  readonly baselines: ReadonlyMap<string, number>;
}

/** Puts the engine of a game day, its session and its server together. The server answers acts from now on. */
export function openGameday(parts: GamedayParts): GamedayEngine {
  const { record, session, server, plans, preflight, clock } = parts;
  const telemetry = new Telemetry(parts, {
    show: (look) => server.show(look),
    added: () => server.added(),
  });
  const isHidden = (inject: string | null): boolean =>
    record.state.injects.find(({ plan }) => plan.id === inject)?.revealed !== true;
  const shown = (inject: string | null): Subscriber => ({
    onEvent: (event: RunEvent) => telemetry.see(event, inject, isHidden(inject)),
    close: () => undefined,
  });
  const engine = new GamedayEngine(record, {
    clock,
    run: (inject, cues, subscriber) => {
      const plan = plans.get(inject);
      if (plan === undefined) throw new TypeError(`there is no plan of ${inject}`);
      return session.run(plan, { cues, subscribers: [subscriber, shown(inject)] });
    },
    // Its title and its charts are those of the first inject, which may be hidden.
    look: (subscriber) => session.run(preflight, { subscribers: [subscriber, shown(null)] }),
    folderOf: (run) => parts.folderOf(run),
    abort: () => session.abort('ended by the game day'),
    healthyAt: (dir) => healthyAt(dir, parts.healthy, parts.known),
    open: (role) => server.open(role),
    leastBaselineMs: (inject) => parts.baselines.get(inject) ?? 0,
  });
  engine.onChange(() => {
    if (telemetry.inject !== null && !isHidden(telemetry.inject)) telemetry.reveal();
  });
  server.serve(engine);
  return engine;
}

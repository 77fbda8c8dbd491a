import { join } from 'node:path';
import { systemClock } from '../../harness/core/clock.ts';
import { type GamedayRole, VIEWS } from '../../harness/core/gameday/gameday.ts';
import type { PlannedInject } from '../../harness/core/gameday/gameday.ts';
import type { Plan } from '../../harness/core/plan/plan.ts';
import type { TopologySpec } from '../../harness/core/topology/spec.ts';
import type { GamedayEngine } from '../../harness/modes/gameday/engine.ts';
import { openGameday } from '../../harness/modes/gameday/gameday.ts';
import { GamedayRecord } from '../../harness/modes/gameday/gameday-record.ts';
import { GamedayServer } from '../../harness/modes/gameday/server.ts';
import { type Tokens, tokensOf } from '../../harness/modes/gameday/tokens.ts';
import { describeEvent } from '../../harness/reporters/wording/describe-event.ts';
import { series } from '../../harness/series/index.ts';
import { openSession } from '../../harness/session/open-session.ts';
import type { SessionParts } from '../../harness/session/parts.ts';
import { type Places, placesOf } from '../../harness/session/places.ts';
import type { Session } from '../../harness/session/session.ts';
import { known } from './known.ts';
import { plannedInject, sampleDay } from './samples/gameday.ts';
import { SHORT } from './samples/session.ts';

/** The fault of every inject, by which pages could know it. */
export const FAULT = { id: 'kill-1', fault: 'kill', params: { service: 'app', replica: 1 }, at: 0, for: undefined };
const LEAST_BASELINE_MS = 100;

/** A plan whose every word says that it is a secret. */
const secretPlan = (topology: TopologySpec, what: string): Plan => ({
  ...SHORT,
  topology,
  name: `secret-run-of-${what}`,
  title: `the secret title of ${what}`,
  file: `/experiments/secret-${what}.yaml`,
  phases: { warmup: 50, baseline: 60_000, fault: 60_000, heal: 2_000, recovery: 100 },
  faults: [FAULT],
});

export interface OpenedDay extends AsyncDisposable {
  readonly engine: GamedayEngine;
  readonly record: GamedayRecord;
  readonly session: Session;
  readonly places: Places;
  readonly url: string;
  readonly tokens: Tokens;
  /** POST /acts. */
  act(role: GamedayRole, body: object): Promise<Response>;
  get(role: GamedayRole | undefined, path: string): Promise<Response>;
}

interface DayOptions {
  readonly parts: SessionParts;
  readonly spec: TopologySpec;
  readonly dir: string;
  readonly injects?: readonly PlannedInject[];
}

/** Holds a game day on a topology in memory, with its server, as `chaos gameday` does. Goes on where there is a record. */
export async function holdDay({
  parts,
  spec,
  dir,
  injects = [plannedInject(1, 'hidden')],
}: DayOptions): Promise<OpenedDay> {
  const day = sampleDay(injects);
  const session = await openSession(spec, parts, { waits: true, tellsNobody: true });
  const places = await placesOf(parts.state, parts.engine, spec.project);
  const record = new GamedayRecord(dir, systemClock);
  if (record.events.length === 0) record.add({ kind: 'opened', gameday: 'a-game-day', version: 1, day });
  else record.add({ kind: 'continued' });
  const tokens = tokensOf('a secret of a test', 'a-game-day');
  const page = { html: '<p>a page</p>', policy: "default-src 'none'" };
  const server = new GamedayServer({
    address: '127.0.0.1',
    port: 0,
    pages: Object.fromEntries(VIEWS.map((view) => [view, page])) as Record<(typeof VIEWS)[number], typeof page>,
    tokens,
    clock: systemClock,
    runbook: (name) => (name === 'redis-full' ? '# Redis is full' : undefined),
    sheet: () => 'a secret sheet',
  });
  const port = await server.listen();
  const url = `http://127.0.0.1:${port}`;
  const engine = openGameday({
    record,
    session,
    server,
    known,
    clock: systemClock,
    series,
    describe: describeEvent,
    plans: new Map(injects.map(({ id, name }) => [id, secretPlan(spec, name)])),
    preflight: {
      ...secretPlan(spec, 'preflight'),
      faults: [],
      phases: { ...SHORT.phases, fault: 0, heal: 0, recovery: 0 },
    },
    healthy: [{ name: 'error_share', below: 0.01 }],
    folderOf: (run) => join(parts.reports, run),
    baselines: new Map(day.injects.map(({ id }) => [id, LEAST_BASELINE_MS])),
  });
  const headers = (role: GamedayRole | undefined): Record<string, string> =>
    role === undefined ? {} : { 'x-chaos-token': tokens[role] };
  return {
    engine,
    record,
    session,
    places,
    url,
    tokens,
    act: (role, body) =>
      fetch(`${url}/acts`, {
        method: 'POST',
        headers: headers(role),
        body: JSON.stringify({ who: `a ${role}`, ...body }),
      }),
    get: (role, path) => fetch(`${url}${path}`, { headers: headers(role) }),
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await session.close();
      record[Symbol.dispose]();
    },
  };
}

/** Resolves when the day is so. Fails after 20 s. */
export async function untilDay(
  { engine }: Pick<OpenedDay, 'engine'>,
  isSo: (state: GamedayEngine['state']) => boolean,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  using _changes = engine.onChange(() => {
    if (isSo(engine.state)) resolve();
  });
  if (isSo(engine.state)) return;
  const timer = setTimeout(resolve, 20_000);
  await promise;
  clearTimeout(timer);
  if (!isSo(engine.state)) throw new Error(`the day is otherwise: ${JSON.stringify(engine.state.injects)}`);
}

/** Brings the first inject of a day that has begun into force. */
export async function injected(day: OpenedDay, inject = 'inject-1'): Promise<void> {
  const stage = (): string | undefined => day.engine.state.injects.find(({ plan }) => plan.id === inject)?.stage;
  await day.act('facilitator', { act: 'arm', inject });
  await untilDay(day, () => stage() === 'ready');
  await day.act('facilitator', { act: 'inject', inject });
  await untilDay(day, () => stage() === 'in force');
}

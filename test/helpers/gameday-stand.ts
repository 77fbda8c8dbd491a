import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../harness/core/clock.ts';
import type { GameDay, GamedayRole, GamedayView } from '../../harness/core/gameday/gameday.ts';
import type { LoadEngine, LoadTick } from '../../harness/core/load/load.ts';
import type { Probe } from '../../harness/core/kinds/probe.ts';
import type { Plan } from '../../harness/core/plan/plan.ts';
import type { GamedayEngine } from '../../harness/modes/gameday/engine.ts';
import { openGameday } from '../../harness/modes/gameday/gameday.ts';
import { GamedayRecord } from '../../harness/modes/gameday/gameday-record.ts';
import { GamedayServer } from '../../harness/modes/gameday/server.ts';
import type { Tokens } from '../../harness/modes/gameday/tokens.ts';
import { gamedayPage } from '../../harness/reporters/html/gameday/page.ts';
import { describeEvent } from '../../harness/reporters/wording/describe-event.ts';
import containers from '../../harness/probes/containers.ts';
import resources from '../../harness/probes/resources.ts';
import { series } from '../../harness/series/index.ts';
import { openSession } from '../../harness/session/open-session.ts';
import { MemoryTopology, SPEC } from './doubles/topology.ts';
import { known } from './known.ts';
import { writeSamples } from './samples/folder.ts';
import { sampleRows } from './samples/history.ts';
import { MINUTE } from './samples/gameday.ts';
import { sampleDay } from './samples/gameday-record.ts';
import { partsOf, SHORT } from './samples/session.ts';
import { serve } from './web-server.ts';

const TICK_MS = 1_000;
/** The alert fires so long after the failure, milliseconds. */
const ALERT_MS = 1_200;

export interface Stand extends AsyncDisposable {
  readonly engine: GamedayEngine;
  readonly record: GamedayRecord;
  readonly topology: MemoryTopology;
  readonly reports: string;
  /** The link of a page, with the token of its role. */
  link(view: GamedayView): string;
  readonly url: string;
  readonly tokens: Tokens;
}

const TOKENS: Tokens = {
  facilitator: 'facilitator-token-of-a-test',
  responder: 'responder-token-of-a-test',
  scribe: 'scribe-token-of-a-test',
  observer: 'observer-token-of-a-test',
};
const ROLE_OF: Readonly<Record<GamedayView, GamedayRole>> = {
  board: 'observer',
  facilitator: 'facilitator',
  scribe: 'scribe',
  responder: 'responder',
};

/** What users get of a topology in memory: good answers while every container runs, and every fourth one bad when not. */
function tickOf(broken: boolean): LoadTick {
  const [ok, failed] = broken ? [75, 25] : [100, 0];
  const [p50, p95] = broken ? [40, 900] : [8, 30];
  return {
    t: systemClock.now(),
    planned: 100,
    sent: 100,
    ok,
    failed,
    dropped: 0,
    in_flight: 1,
    p50_ms: p50,
    p95_ms: p95,
    lag_p99_ms: 1,
    pressure_ok: 0,
    pressure_failed: 0,
  };
}

const isBroken = ({ world }: MemoryTopology): boolean =>
  Object.values(world.containers).some(({ state }) => state !== 'running');

const doubledLoad = (topology: MemoryTopology): LoadEngine => ({
  start({ plan: { workload }, dir }, onTick, _clock, begin = Promise.resolve()) {
    writeSamples(dirname(dir), workload, sampleRows({ phase: 'baseline', count: 100 }));
    let timer: NodeJS.Timeout | undefined;
    const totals = { planned: 0, sent: 0, ok: 0, failed: 0, dropped: 0, utilisation: 0.1 };
    return begin.then(() => {
      timer = setInterval(() => onTick(tickOf(isBroken(topology))), TICK_MS);
      return {
        stop: () => {
          clearInterval(timer);
          return Promise.resolve(totals);
        },
      };
    });
  },
});

/** Tells of an alert while the topology is broken, as the watch on Prometheus does. */
const doubledAlerts: Probe = {
  name: 'doubled_alerts',
  summary: 'The alerts of a topology in memory.',
  start({ topology, emit, clock }) {
    let since: number | undefined;
    let firing = false;
    const say = (state: 'firing' | 'inactive', at: number): void =>
      emit({
        t: clock.now(),
        kind: 'alert.state',
        name: 'ErrorsHigh',
        labels: { severity: 'page' },
        state,
        at,
        value: 1,
      });
    const timer = setInterval(() => {
      const now = clock.now();
      since = isBroken(topology as MemoryTopology) ? (since ?? now) : undefined;
      const fires = since !== undefined && now - since >= ALERT_MS;
      if (fires !== firing) say(fires ? 'firing' : 'inactive', now);
      firing = fires;
    }, 100);
    return Promise.resolve({
      [Symbol.asyncDispose]: () => {
        clearInterval(timer);
        return Promise.resolve();
      },
    });
  },
};

/** What each inject of the day breaks: another container each, so that a name on a page tells which. */
function planOf(spec: Plan['topology'], { experiment, title }: { experiment: string; title: string }): Plan {
  const service = experiment === 'redis-loss' ? 'redis' : 'app';
  return {
    ...SHORT,
    name: experiment,
    title,
    topology: spec,
    phases: { warmup: 0, baseline: 5 * MINUTE, fault: 5 * MINUTE, heal: 10_000, recovery: 4_000 },
    faults: [{ id: `${experiment}-1`, fault: 'kill', params: { service }, at: 0, for: undefined }],
  };
}

/**
 * A game day with its server, its engine and a session, as `chaos gameday` has them, on a topology in memory: nothing is
 * broken but values. The clock is the system's.
 */
export async function openStand(day: GameDay = sampleDay()): Promise<Stand> {
  const entry = await serve((_, response) => response.end('ok'));
  const spec = { ...SPEC, entry: entry.url };
  const topology = new MemoryTopology();
  const parts = partsOf(topology, spec, {
    load: doubledLoad(topology),
    probes: [doubledAlerts, containers, resources],
    guardianScript: fileURLToPath(new URL('./guarding-patiently.ts', import.meta.url)),
  });
  const session = await openSession(spec, parts);
  const gameday = 'a-made-up-gameday';
  const dir = join(parts.reports, gameday);
  mkdirSync(dir);
  const record = new GamedayRecord(dir, systemClock);
  record.add({ kind: 'opened', gameday, version: 1, day });
  const server = new GamedayServer({
    address: '127.0.0.1',
    port: 0,
    clock: systemClock,
    tokens: TOKENS,
    pages: {
      board: gamedayPage('board', '1.2.3'),
      facilitator: gamedayPage('facilitator', '1.2.3'),
      scribe: gamedayPage('scribe', '1.2.3'),
      responder: gamedayPage('responder', '1.2.3'),
    },
    runbook: (name) => (day.runbooks.some((one) => one.name === name) ? RUNBOOK : undefined),
    sheet: () => '# The sheet\n\nSay nothing until they ask.\n',
  });
  const port = await server.listen();
  const engine = openGameday({
    record,
    session,
    server,
    known,
    series,
    describe: describeEvent,
    clock: systemClock,
    plans: new Map(day.injects.map((inject) => [inject.id, planOf(spec, inject)])),
    preflight: { ...planOf(spec, { experiment: 'sound', title: 'The sound system' }), faults: [], phases: LOOK },
    healthy: [{ name: 'error_share', below: 5 }],
    folderOf: (run) => join(parts.reports, run),
    baselines: new Map(day.injects.map(({ id }) => [id, 1_500])),
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    engine,
    record,
    topology,
    reports: parts.reports,
    url,
    tokens: TOKENS,
    link: (view) => `${url}/${view}#token=${TOKENS[ROLE_OF[view]]}`,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await session.close();
      record[Symbol.dispose]();
      await entry[Symbol.asyncDispose]();
    },
  };
}

const LOOK = { warmup: 0, baseline: 1_000, fault: 0, heal: 0, recovery: 0 };

const RUNBOOK = `---
within: 20s
---

# Redis has stopped

## Symptom

Jobs wait. **Nobody** loses a \`request\`.

## Confirm

\`\`\`sh {"name": "refuses", "in": "redis"}
redis-cli ping
\`\`\`

- one
- two
`;

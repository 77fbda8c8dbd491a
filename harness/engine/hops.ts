import { candidates } from '../core/aim.ts';
import { describeError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import { eventsOf, type History } from '../core/history.ts';
import { type Reconciliation, unexplained } from '../core/hops.ts';
import type { Clock } from '../core/clock.ts';
import { SOURCES } from '../core/load/load.ts';
import type { ContainerState, TopologySpec } from '../core/topology.ts';
import type { LogPart, TopologyControl } from '../core/topology-control.ts';
import { HopLog } from './hop-lines.ts';
import { type HopRecord, reconcile } from './reconcile.ts';

/** The edge writes a line a tenth of a second after its request at the latest; the rest is for the engine. Milliseconds. */
const WRITTEN_MS = 350;
/** On a busy host that may not be enough: what is missing then is looked for once more. Milliseconds. */
const AGAIN_MS = 1_000;
/** Lines that a service may write in a run: some for each request, and some besides. */
const LINES_A_REQUEST = 1.25;
const LINES_BESIDES = 5_000;
/** The engine stamps lines by its own clock, milliseconds. */
const EARLIER_MS = 1_000;

export interface HopContext {
  readonly topology: Pick<TopologyControl, 'spec' | 'stdout' | 'states'>;
  readonly clock: Clock;
  readonly emit: (event: RunEvent) => void;
}

/** After the load: reads what the edge and the replicas logged since the run began, and follows every request by its id. */
export async function recordHops({ topology, clock, emit }: HopContext, history: History): Promise<void> {
  const { hops } = topology.spec;
  if (hops === undefined) return;
  const begun = clock.now();
  const ended = eventsOf(history, 'load.ended').at(-1)?.t ?? begun;
  const since = (history.events[0]?.t ?? 0) - EARLIER_MS;
  let found: Pick<Reconciliation, 'rows' | 'complete' | 'problem'>;
  try {
    const last = Math.ceil(history.requests.length * LINES_A_REQUEST) + LINES_BESIDES;
    found = await follow(topology, hops, history, { since, last }, () => clock.sleep(ended + WRITTEN_MS - clock.now()));
    // It may be late, or lie before these lines.
    if (unexplained(found).length > 0 || !found.complete) {
      await clock.sleep(AGAIN_MS);
      found = await follow(topology, hops, history, { since }, () => Promise.resolve());
    }
  } catch (error) {
    found = { rows: [], complete: false, problem: describeError(error) };
  }
  emit({ t: clock.now(), kind: 'hops', ...hops, ...found, ms: clock.now() - begun });
}

async function follow(
  topology: HopContext['topology'],
  { edge, app }: { edge: string; app: string },
  history: History,
  part: LogPart,
  edgeWritten: () => Promise<void>,
): Promise<Pick<Reconciliation, 'rows' | 'complete'>> {
  const { run, requests, plan } = history;
  const log = new HopLog(run);
  await Promise.all([
    edgeWritten().then(() => topology.stdout([edge], part, (_container, line) => log.edge(line))),
    topology.stdout([app], part, (container, line) => log.app(container, line)),
  ]);
  if (SOURCES.every((source) => log.sources[source].edge.length + log.sources[source].app.length === 0))
    throw new Error(`no line of this run is in what ${edge} and ${app} wrote (its form: topology/README.md)`);
  const common = {
    run,
    requests,
    complete: log.complete,
    edgeDeaths: deaths(history, await topology.states([edge]), part.since),
    removed: removals(history, topology.spec, edge),
    // One that was removed and made again may have another address now.
    addresses: addressesOf(
      [...eventsOf(history, 'container'), ...(await topology.states([app]))],
      topology.spec.services[app]?.port,
    ),
  };
  const rows = SOURCES.filter((source) => source === 'open' || plan.load.pressure !== undefined).map((source) => {
    const totals = source === 'open' ? eventsOf(history, 'load.ended').at(-1)?.totals : undefined;
    return reconcile({ ...common, source, totals, lines: log.sources[source] } satisfies HopRecord);
  });
  return { rows, complete: log.complete };
}

/** When these containers died, as far as anybody looked: during the run, and the last time before now. */
function deaths(history: History, now: readonly ContainerState[], since: number): number[] {
  const names = new Set(now.map((state) => state.container));
  const looks = [...eventsOf(history, 'container'), ...now].filter((s) => names.has(s.container));
  return [...new Set(looks.map((state) => state.finishedAt).filter((t) => t > since))];
}

/** When each container was last seen missing: what it had logged by then was removed with it. The edge's is under ''. */
function removals(history: History, spec: TopologySpec, edge: string): ReadonlyMap<string, number> {
  const edges = new Set(candidates(spec, { service: edge }));
  const missing = eventsOf(history, 'container').filter((state) => state.status === 'missing');
  return new Map(missing.map(({ container, t }) => [edges.has(container) ? '' : container, t]));
}

const addressesOf = (states: readonly ContainerState[], port: number | undefined): Map<string, string> =>
  new Map(
    states.flatMap(({ container, networks }) =>
      Object.values(networks).map(({ ip }): [string, string] => [`${ip}:${port ?? ''}`, container]),
    ),
  );

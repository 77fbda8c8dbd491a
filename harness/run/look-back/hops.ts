import { candidates } from '../../core/topology/aim.ts';
import { describeError } from '../../core/errors.ts';
import type { RunEvent } from '../../core/record/events.ts';
import { eventsOf, type History } from '../../core/record/history.ts';
import { type Reconciliation, unexplained } from '../../core/record/hops.ts';
import type { Clock } from '../../core/clock.ts';
import { SOURCES } from '../../core/load/load.ts';
import type { ContainerState } from '../../core/topology/state.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import type { Containers, LogPart, TopologyControl } from '../../core/topology/control.ts';
import { HopLog } from '../../judge/reconcile/hop-lines.ts';
import { type HopRecord, reconcile } from '../../judge/reconcile/reconcile.ts';

/**
 * Milliseconds from the end of the load to the first reading of the edge's log. The edge writes a line a tenth of a
 * second after its request at the latest. The rest of the time is for the engine.
 */
const WRITTEN_MS = 350;
/** A busy host may write later. When lines are missing, the logs are read again after this long, milliseconds. */
const AGAIN_MS = 1_000;
/** The first reading takes only the last lines of a log: this many for each request, and LINES_MORE besides. */
const LINES_A_REQUEST = 1.25;
const LINES_MORE = 5_000;
/** Logs are read from this long before the run, because the engine stamps lines by its own clock. Milliseconds. */
const EARLIER_MS = 1_000;

type Hops = NonNullable<TopologySpec['hops']>;

export interface HopContext {
  readonly topology: Pick<TopologyControl, 'spec'> & { readonly containers: Pick<Containers, 'stdout' | 'states'> };
  readonly clock: Clock;
  readonly emit: (event: RunEvent) => void;
}

/**
 * Follows every request by its id, after the load: reads the lines that the edge, the balancer and the app's replicas
 * logged since the run began. Emits one `hops` event. An error becomes its `problem`.
 */
export async function recordHops({ topology, clock, emit }: HopContext, history: History): Promise<void> {
  const { hops } = topology.spec;
  if (hops === undefined) return;
  const begun = clock.now();
  const ended = eventsOf(history, 'load.ended').at(-1)?.t ?? begun;
  const since = (history.events[0]?.t ?? 0) - EARLIER_MS;
  let found: Pick<Reconciliation, 'rows' | 'complete' | 'problem'>;
  try {
    const last = Math.ceil(history.requests.length * LINES_A_REQUEST) + LINES_MORE;
    found = await follow(topology, hops, history, { since, last }, () => clock.sleep(ended + WRITTEN_MS - clock.now()));
    // A missing line may be late, or may lie before the last lines that were read.
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
  { edge, balancer, app }: Hops,
  history: History,
  part: LogPart,
  edgeWritten: () => Promise<void>,
): Promise<Pick<Reconciliation, 'rows' | 'complete'>> {
  const { run, requests, plan } = history;
  const log = new HopLog(run);
  await Promise.all([
    edgeWritten().then(() => topology.containers.stdout([edge], part, (_container, line) => log.edge(line))),
    balancer === undefined
      ? undefined
      : topology.containers.stdout([balancer], part, (_container, line) => log.balancer(line)),
    topology.containers.stdout([app], part, (container, line) => log.app(container, line)),
  ]);
  if (SOURCES.every((source) => log.sources[source].edge.length + log.sources[source].app.length === 0))
    throw new Error(`${edge} and ${app} logged no line of this run (topology/README.md gives the form of a line)`);
  const common = {
    run,
    requests,
    complete: log.complete,
    edgeDeaths: deaths(history, await topology.containers.states([edge]), part.since),
    removed: removals(history, topology.spec, edge),
    // A container that was removed and made again may have another address now.
    addresses: addressesOf(
      [...eventsOf(history, 'container'), ...(await topology.containers.states([app]))],
      topology.spec.services[app]?.port,
    ),
  };
  const rows = SOURCES.filter((source) => source === 'open' || plan.load.pressure !== undefined).map((source) => {
    const totals = source === 'open' ? eventsOf(history, 'load.ended').at(-1)?.totals : undefined;
    return reconcile({ ...common, source, totals, lines: log.sources[source] } satisfies HopRecord);
  });
  return { rows, complete: log.complete };
}

/**
 * Returns when these containers died after `since`, epoch milliseconds. The states recorded during the run and the
 * states `now` each name the last death before them.
 */
function deaths(history: History, now: readonly ContainerState[], since: number): number[] {
  const names = new Set(now.map((state) => state.container));
  const seen = [...eventsOf(history, 'container'), ...now].filter((s) => names.has(s.container));
  return [...new Set(seen.map((state) => state.finishedAt).filter((t) => t > since))];
}

/**
 * Returns when each container was last seen missing, epoch milliseconds. Its log until then was removed with it. The
 * edge's container is under ''.
 */
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

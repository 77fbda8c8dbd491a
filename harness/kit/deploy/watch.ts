import { ChaosError, type ErrorCode } from '../../core/errors.ts';
import { proportionBounds } from '../../core/stats.ts';
import { askItself } from '../../core/topology/command.ts';
import type { Topology } from '../../core/topology/control.ts';
import type { ContainerRef, ContainerState } from '../../core/topology/state.ts';
import { parseMetrics } from '../prometheus.ts';

/** A container that uses more than this share of its memory will not last. */
const MOST_MEMORY = 0.9;
/** Fewer answers than this say nothing about the share of errors. */
const LEAST_ANSWERS = 5;
/** The counter of answers, by route and status, as a service exports it at /metrics. */
const ANSWERS = 'http_requests_total';
/** The errors of an engine that says nothing of any container. */
const AWAY: readonly ErrorCode[] = ['CHAOS_ENGINE_SILENT', 'CHAOS_ENGINE_UNREACHABLE'];
/** Paths that only operators and health checks ask for. */
const OF_OPERATORS: readonly string[] = ['/health', '/ready', '/metrics'];

type Watched = Pick<Topology, 'spec' | 'containers' | 'ask'>;

/** What one look at a new container shows. */
export interface Look {
  /** The health check has succeeded, or there is none and the container runs. */
  readonly healthy: boolean;
  /** Why the container is not good. Undefined when nothing is wrong so far. */
  readonly bad: string | undefined;
  /** What it has answered so far, for people. */
  readonly answers: string;
}

/**
 * Looks at a container of a new image: whether it runs, was started again, is unhealthy, uses up its memory, or answers
 * with errors of the server. `maxFailureRatio`: the share of its answers that may be such errors.
 */
export async function lookAt(topology: Watched, container: ContainerRef, maxFailureRatio: number): Promise<Look> {
  const state = await stateOf(topology, container);
  const dead = state === undefined ? 'is gone' : whyDead(state);
  if (state === undefined || dead !== undefined) return { healthy: false, bad: dead, answers: '' };
  const [full, counts] = await Promise.all([whyFull(topology, container, state), answersOf(topology, container)]);
  const healthy = state.health === 'healthy' || state.health === 'none';
  return { healthy, bad: full ?? whyFailing(counts, maxFailureRatio), answers: said(counts) };
}

/** A container that is gone, or that ends at this moment, makes the engine refuse a question. */
function unlessRefused(error: unknown): undefined {
  if (error instanceof ChaosError) return undefined;
  throw error;
}

/** An engine that is silent or away says nothing of the container: it is not gone, and the deploy must not blame it. */
const stateOf = ({ containers }: Watched, container: ContainerRef): Promise<ContainerState | undefined> =>
  containers.inspect(container).catch((error: unknown) => {
    if (error instanceof ChaosError && AWAY.includes(error.code)) throw error;
    return unlessRefused(error);
  });

function whyDead({ running, restarts, oomKilled, status, exitCode, health }: ContainerState): string | undefined {
  const memory = oomKilled ? ', for lack of memory' : '';
  if (restarts > 0) return `ended and was started again, ${restarts} times so far${memory}`;
  if (!running) return `is ${status}, with exit code ${exitCode ?? '?'}${memory}`;
  return health === 'unhealthy' ? 'is unhealthy' : undefined;
}

async function whyFull(
  { containers }: Watched,
  { name }: ContainerRef,
  { limits: { memoryBytes: limit } }: ContainerState,
): Promise<string | undefined> {
  if (limit === undefined) return undefined;
  const free = (await containers.counters(name).catch(unlessRefused))?.memory_free ?? NaN;
  const share = 1 - free / limit;
  return share > MOST_MEMORY ? `uses ${Math.round(share * 100)} % of its memory` : undefined;
}

/** Answers to users, of all routes together. */
interface Counts {
  readonly all: number;
  readonly failed: number;
}

/**
 * Returns what the container has answered since its start. Undefined when its service does not export it, and when it
 * does not answer.
 */
export const answersOf = (topology: Watched, container: ContainerRef): Promise<Counts | undefined> =>
  exported(topology, container).catch(unlessRefused);

async function exported(topology: Watched, { name, service }: ContainerRef): Promise<Counts | undefined> {
  const { spec } = topology;
  const port = spec.services[service]?.port;
  if (port === undefined || !spec.metrics.includes(service)) return undefined;
  const samples = parseMetrics(await topology.ask(askItself(name, port, '/metrics', 'cat'))).filter(
    ({ name: metric, labels }) => metric === ANSWERS && !OF_OPERATORS.includes(labels['route'] ?? ''),
  );
  const sum = (some: typeof samples): number => some.reduce((all, { value }) => all + value, 0);
  return { all: sum(samples), failed: sum(samples.filter(({ labels }) => labels['status']?.startsWith('5'))) };
}

/** By the lower bound of the share: one error among the first five answers may be chance. */
function whyFailing(counts: Counts | undefined, most: number): string | undefined {
  if (counts === undefined || counts.all < LEAST_ANSWERS) return undefined;
  if (proportionBounds(counts.failed, counts.all).lower <= most) return undefined;
  return `answered ${counts.failed} of ${counts.all} requests with an error of the server`;
}

const said = (counts: Counts | undefined): string =>
  counts === undefined ? 'its answers are not known' : `${counts.all} answers, ${counts.failed} of them errors`;

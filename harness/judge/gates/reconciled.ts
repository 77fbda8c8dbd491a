import { SOURCES } from '../../core/load/load.ts';
import type { Invalidity } from '../../core/record/events.ts';
import { eventsOf, type History } from '../../core/record/history.ts';
import { unexplained } from '../../core/record/hops.ts';
import { missing } from './missing.ts';

/**
 * Gate: client, edge and replicas must agree about each request, or the difference must have a known reason. Where the
 * topology says who logs requests, the logs must have been read, for each source of requests.
 */
export function reconciledGate(history: History): Invalidity[] {
  const { topology, load } = history.plan;
  const reconciliation = eventsOf(history, 'hops').at(-1);
  if (reconciliation === undefined)
    return topology.hops === undefined ? [] : [missing('no request was followed from hop to hop')];
  if (reconciliation.problem !== undefined)
    return [missing(`no request was followed from hop to hop: ${reconciliation.problem}`)];
  const unfollowed = SOURCES.filter(
    (source) =>
      (source === 'open' || load.pressure !== undefined) && !reconciliation.rows.some((row) => row.source === source),
  );
  const differences = unexplained(reconciliation).map(({ what, count, examples }) => ({
    code: 'CHAOS_UNRECONCILED',
    message: `${count} ${count === 1 ? 'request' : 'requests'} ${what}${examples.length === 0 ? '' : `: ${examples.join(', ')}`}`,
  }));
  return [...unfollowed.map((source) => missing(`no request of the ${source} load was followed`)), ...differences];
}

import type { RequestTable, Workload } from './load.ts';
import { requestShares } from './workload-rate.ts';

/** The class of all endpoints. */
const ALL = 'all';

/**
 * Returns the endpoints of a class as positions in the list of all endpoints of the workload: "all", "reads", "writes", the
 * name of a scenario, or of an endpoint ("GET /api/dashboard"). Empty when nothing has this name.
 */
function endpointsOf(of: string, { scenarios }: Workload): ReadonlySet<number> {
  const all = scenarios.flatMap(({ name: scenario, endpoints }) =>
    endpoints.map(({ name, kind }) => [ALL, `${kind}s`, scenario, name]),
  );
  return new Set(all.flatMap((names, i) => (names.includes(of) ? [i] : [])));
}

/** Returns the share of all requests that a class has, 0 to 1; 0 when nothing has this name. */
export function shareOf(of: string, workload: Workload): number {
  const mine = endpointsOf(of, workload);
  return requestShares(workload).reduce((sum, { share }, i) => sum + (mine.has(i) ? share : 0), 0);
}

/** Returns the names that a class of this workload may have. */
export const classNames = ({ scenarios }: Workload): readonly string[] => [
  ...new Set([
    ALL,
    'reads',
    'writes',
    ...scenarios.map(({ name }) => name),
    ...scenarios.flatMap(({ endpoints }) => endpoints.map(({ name }) => name)),
  ]),
];

/** Returns a function that says whether the request in a row is of the class. */
export function memberOf(
  of: string,
  workload: Workload,
  { endpoint }: Pick<RequestTable, 'endpoint'>,
): (row: number) => boolean {
  const mine = endpointsOf(of, workload);
  return (row) => mine.has(endpoint[row] ?? -1);
}

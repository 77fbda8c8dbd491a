import { constantRate, peakRate, type Arrivals } from './arrivals.ts';
import { formatDuration } from '../duration.ts';
import type { LoadPlan, UserPlan, Workload } from './load.ts';
import { ratePerUser, virtualUsersFor } from './workload-rate.ts';

/** Returns a load of open arrivals without pressure. `timeoutMs` is in milliseconds. */
export const arrivalLoad = (workload: Workload, arrivals: Arrivals, timeoutMs: number): LoadPlan => ({
  workload,
  arrivals,
  users: undefined,
  virtualUsers: virtualUsersFor(workload, peakRate(arrivals)),
  timeoutMs,
  pressure: undefined,
});

/** Returns a load at a constant rate (requests per second) without pressure. `timeoutMs` is in milliseconds. */
export const constantLoad = (workload: Workload, ratePerS: number, timeoutMs: number): LoadPlan =>
  arrivalLoad(workload, constantRate(ratePerS), timeoutMs);

/** Returns a load that users make, at the weights and frequencies of the workload. */
export function userLoad(workload: Workload, users: UserPlan, timeoutMs: number): LoadPlan {
  const rate = users.count * ratePerUser(workload);
  return {
    workload,
    arrivals: { process: 'poisson', stages: [{ ms: users.rampUpMs, from: users.rampUpMs > 0 ? 0 : rate, to: rate }] },
    users,
    virtualUsers: users.count,
    timeoutMs,
    pressure: undefined,
  };
}

const perSecond = (rate: number): string => `${Number(rate.toPrecision(4))}/s`;

/** Returns the rate over time for people: "278/s"; "100/s for 20.0 s, to 500/s over 10.0 s, then 500/s". */
export function describeRate({ process, stages }: Arrivals): string {
  const parts = stages
    .filter(({ ms }) => ms > 0)
    .map(({ ms, from, to }) =>
      from === to
        ? `${perSecond(to)} for ${formatDuration(ms)}`
        : `${perSecond(from)} to ${perSecond(to)} over ${formatDuration(ms)}`,
    );
  const last = perSecond(stages.at(-1)?.to ?? 0);
  const text = parts.length === 0 ? last : `${parts.join(', ')}, then ${last}`;
  return process === 'poisson' ? `${text}, Poisson` : text;
}

/** Returns a load for people, both as a rate and as a number of users. */
export function describeLoad({ arrivals, users, virtualUsers, overTls, newConnections }: LoadPlan): string {
  const many = virtualUsers.toLocaleString('en-GB');
  const rate =
    users === undefined
      ? `${describeRate(arrivals)}, as ${many} user${virtualUsers === 1 ? '' : 's'} make it`
      : `${many} users, who make ${describeRate(arrivals)}`;
  const alone =
    newConnections === undefined ? '' : `, ${Number((newConnections * 100).toPrecision(4))} % on new connections`;
  return `${rate}${overTls === true ? ', over TLS' : ''}${alone}`;
}

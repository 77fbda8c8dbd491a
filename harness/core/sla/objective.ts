/** What a service promises: so many of its requests succeed, over a month of so many days. */
export interface Objective {
  /** The share of requests that must succeed, 0 to 1. */
  readonly share: number;
  /** The length of a month, days. */
  readonly days: number;
  /** Requests per second of a Saturday, for what a fault would have cost then. */
  readonly saturdayPerS: number;
}

/** The specification's objective: 99.9 %, and 1,000,000 calls an hour on a Saturday. */
export const OBJECTIVE: Objective = { share: 0.999, days: 30, saturdayPerS: 278 };

/** Returns the objective with some parts replaced. */
export const objectiveWith = (...parts: readonly (Partial<Objective> | undefined)[]): Objective =>
  Object.assign({}, OBJECTIVE, ...parts) as Objective;

/** Returns the seconds of a full outage that a month's error budget allows: 2,592 s at 99.9 % of 30 days. */
export const budgetSeconds = ({ share, days }: Objective): number => (1 - share) * days * 86_400;

/**
 * Milliseconds after the fault phase began. `earliest`: every wait ends at once. `latest`: every wait ends at its
 * deadline.
 */
export interface Moment {
  readonly earliest: number;
  readonly latest: number;
}

export interface StepTimes {
  readonly begins: Moment;
  /** When the next step may begin. For a fault without `for` this is the time at which it begins. */
  readonly ends: Moment;
}

export const later = ({ earliest, latest }: Moment, shortest: number, longest = shortest): Moment => ({
  earliest: earliest + shortest,
  latest: latest + longest,
});

/** Returns the moment at which both moments have come. */
export const last = (a: Moment, b: Moment): Moment => ({
  earliest: Math.max(a.earliest, b.earliest),
  latest: Math.max(a.latest, b.latest),
});

import { seededRandom } from '../../core/random.ts';
import { VirtualUser, type UserParts } from './virtual-user.ts';

export interface PressureParts extends Omit<UserParts, 'thinkMs'> {
  readonly virtualUsers: number;
  /** Requests per second of all users together. The real rate is lower, because users wait for answers. */
  readonly ratePerS: number;
  readonly seed: number;
}

/**
 * Closed-loop users beside the open stream. They only add load: no check judges their requests.
 * The audit for lost writes includes their writes.
 */
export interface Pressure {
  start(): void;
  /** Sends nothing more. Requests under way still end. */
  stop(): void;
}

/** Makes the users. Each user begins at a seeded moment of the first think time, so that users do not send together. */
export function createPressure({ virtualUsers, ratePerS, seed, ...parts }: PressureParts): Pressure {
  const thinkMs = (virtualUsers * 1_000) / ratePerS;
  const random = seededRandom(seed);
  const users = Array.from({ length: virtualUsers }, () => new VirtualUser({ ...parts, thinkMs }));
  return {
    start: () => users.forEach((user) => user.start(random() * thinkMs)),
    stop: () => users.forEach((user) => user.stop()),
  };
}

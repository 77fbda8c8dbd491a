import { seededRandom } from '../core/random.ts';
import { VirtualUser, type UserParts } from './virtual-user.ts';

export interface PressureParts extends Omit<UserParts, 'thinkMs'> {
  readonly virtualUsers: number;
  /** Of all users together; what they really make is less by the time that answers take. */
  readonly ratePerS: number;
  readonly seed: number;
}

/** Closed-loop users beside the open stream. They press; nothing is judged by them but their writes are audited. */
export interface Pressure {
  start(): void;
  /** Asks no more; what is under way still comes to its end. */
  stop(): void;
}

/** Each user begins at a seeded moment of the first think time, so that they do not march in step. */
export function createPressure({ virtualUsers, ratePerS, seed, ...parts }: PressureParts): Pressure {
  const thinkMs = (virtualUsers * 1_000) / ratePerS;
  const random = seededRandom(seed);
  const users = Array.from({ length: virtualUsers }, () => new VirtualUser({ ...parts, thinkMs }));
  return {
    start: () => users.forEach((user) => user.start(random() * thinkMs)),
    stop: () => users.forEach((user) => user.stop()),
  };
}

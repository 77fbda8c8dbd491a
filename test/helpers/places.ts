import { placesOfTopology } from '../../harness/main.ts';
import type { Places } from '../../harness/session/places.ts';
import { TEST_ENV } from './chaos.ts';

/** Where the state of the tests' own topology is kept. It is the user's own place, as for every run. */
export const placesOfTests = (): Promise<Places> =>
  placesOfTopology(TEST_ENV['CHAOS_PROJECT'] ?? '', { ...process.env, ...TEST_ENV });

import { ChaosError } from '../../core/errors.ts';
import type { Problem } from '../../core/plan/problem.ts';

const HINT = '`npx chaos setup` installs Docker and Compose where it can. `npx chaos doctor` tells what is missing.';

/** Returns the warning about a topology that cannot be read because Compose is missing. */
export const unchecked = (file: string): Problem => ({
  file,
  code: 'CHAOS_COMPOSE_MISSING',
  message: 'docker compose is not there: names of services, links and groups, and replicas are not checked',
  hint: HINT,
  severity: 'warning',
});

/** Returns the error for a command that cannot go on without the topology. */
export const composeMissing = (): ChaosError =>
  new ChaosError('CHAOS_COMPOSE_MISSING', {
    what: 'docker compose is not there, so nobody can read the topology',
    hint: HINT,
    exit: 'not-ready',
  });

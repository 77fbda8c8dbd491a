import { ChaosError } from '../../core/errors.ts';

/** The error of an act that is not possible now. */
export const refused = (what: string, hint: string): ChaosError =>
  new ChaosError('CHAOS_GAMEDAY_STATE', { what, hint, exit: 'bad-input' });

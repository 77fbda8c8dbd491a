import { parseMoment } from '../../core/age.ts';
import { badFlag } from './load-options.ts';

/** Returns the moment that an option names, epoch milliseconds. `now`: ages count back from here. */
export function momentOf(flag: string, text: string, now: number): number {
  const at = parseMoment(text, now);
  if (at === undefined)
    throw badFlag(`${flag} ${text} is no date and no age`, 'Write for example 2026-11-24, 12h, 30d or 2w.');
  return at;
}

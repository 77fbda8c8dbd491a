import type { Blackout } from './suite.ts';

const MINUTE_MS = 60_000;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(zone, made);
  return made;
}

/** Returns the weekday (0 is Sunday) and the minutes since midnight that a clock in a zone shows. */
function localTime(t: number, zone: string): { readonly day: number; readonly minute: number } {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(t)
      .map(({ type, value }) => [type, value]),
  );
  const { weekday = '', hour = '0', minute = '0' } = parts;
  return { day: DAYS.indexOf(weekday), minute: Number(hour) * 60 + Number(minute) };
}

/** Whether this runtime knows a time zone. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

const covers = ({ days, from, to, zone }: Blackout, t: number): boolean => {
  const { day, minute } = localTime(t, zone);
  return days.includes(day) && minute >= from && minute < to;
};

/**
 * Returns the blackout that a run from `t`, epoch milliseconds, for `ms` milliseconds would meet. Looks at each minute, because
 * a zone may change its time within the run.
 */
export function blackoutAt(blackouts: readonly Blackout[], t: number, ms: number): Blackout | undefined {
  for (let at = t; at <= t + ms + MINUTE_MS; at += MINUTE_MS) {
    const found = blackouts.find((one) => covers(one, Math.min(at, t + ms)));
    if (found !== undefined) return found;
  }
  return undefined;
}

import type { Invalidity } from '../../core/record/events.ts';
import { eventsOf, type History } from '../../core/record/history.ts';
import { OUTCOMES, SOURCES } from '../../core/load/load.ts';
import { missing } from './missing.ts';

const OPEN = SOURCES.indexOf('open');
const OK = OUTCOMES.indexOf('ok');
const DROPPED = OUTCOMES.indexOf('dropped');

/** Gate: the record must hold every request of the open stream that the generator counted while it ran. */
export function ledgerGate(history: Pick<History, 'events' | 'requests'>): Invalidity[] {
  const totals = eventsOf(history, 'load.ended').at(-1)?.totals;
  if (totals === undefined) return [missing('the generator did not say how many requests it counted')];
  const { requests } = history;
  const rows = { ok: 0, failed: 0, dropped: 0 };
  for (let i = 0; i < requests.length; i += 1) {
    if (requests.source[i] !== OPEN) continue;
    const outcome = requests.outcome[i];
    rows[outcome === OK ? 'ok' : outcome === DROPPED ? 'dropped' : 'failed'] += 1;
  }
  const planned = rows.ok + rows.failed + rows.dropped;
  return Object.entries({ planned, ...rows })
    .filter(([name, held]) => held !== totals[name as keyof typeof totals])
    .map(([name, held]) => {
      const counted = totals[name as keyof typeof totals];
      return missing(`the generator counted ${counted} requests as ${name}, and the record holds ${held} of them`);
    });
}

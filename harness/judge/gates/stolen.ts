import type { Invalidity } from '../../core/record/events.ts';
import { type History, windowOf } from '../../core/record/history.ts';
import { HOST_MS, hostSamples, stolenShare } from '../../core/record/host.ts';
import { JUDGED_PHASES } from '../../core/plan/phases.ts';
import { missing } from './missing.ts';

/**
 * A hypervisor may give other guests at most this share of the processor time that this machine needs within a phase.
 * It takes the time in slices of some milliseconds, and a request needs some milliseconds of processor time. So about
 * this share of the requests meets a slice. A p95 leaves out one request of twenty. Above 5 % it shows the hypervisor's
 * latency and not the system's.
 */
const STOLEN = 0.05;
/** At least this share of the readings, one each second, must be there. */
const SEEN = 0.5;

/**
 * Gate: in each judged phase this machine must have got at least 95 % of the processor time that it needed, and the
 * record must hold enough readings of this time.
 */
export const stolenGate = (history: History): Invalidity[] =>
  JUDGED_PHASES.flatMap((phase) => {
    const window = windowOf(history, phase);
    if (window === undefined) return [];
    const owed = Math.floor(((window.ended - window.started) / HOST_MS) * SEEN);
    const seen = hostSamples(history, window).length;
    if (seen < owed)
      return [
        missing(`in the ${phase} phase the host's processor was read ${seen} times, and ${owed} times are needed`),
      ];
    const share = stolenShare(history, window);
    if (share === undefined || share <= STOLEN) return [];
    const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
    const message = `in the ${phase} phase the hypervisor gave other guests ${percent(share)} of the processor time that this machine needed (limit ${percent(STOLEN)})`;
    return [{ code: 'CHAOS_CPU_STOLEN', message }];
  });

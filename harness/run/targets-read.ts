import type { Clock } from '../core/clock.ts';
import { describeError } from '../core/errors.ts';
import type { MonitoringControl } from '../core/topology/monitoring.ts';

/**
 * A Prometheus that has just started knows its targets after 5 to 10 s, and has read each one interval later: 15 s for
 * the slowest of the topology. Milliseconds.
 */
const FIRST_READ_MS = 40_000;
const LOOK_AGAIN_MS = 500;
/** So many targets are named. */
const NAMED = 3;

interface Waiting {
  readonly monitoring: Pick<MonitoringControl, 'targets'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Waits until Prometheus has read each of its targets once. What a process counts before it is read for the first time
 * cannot be told from what it had counted before. Resolves with undefined, and after 40 s with what is missing.
 */
export async function targetsRead({ monitoring, clock, signal }: Waiting): Promise<string | undefined> {
  const until = clock.now() + FIRST_READ_MS;
  for (;;) {
    const missing = await monitoring.targets().then(
      (targets) => lacking(targets),
      (error: unknown) => describeError(error),
    );
    if (missing === undefined || clock.now() >= until) return missing;
    await clock.sleep(LOOK_AGAIN_MS, signal);
  }
}

/** Returns what was not read yet, for people. Undefined when everything was. */
function lacking(targets: Awaited<ReturnType<MonitoringControl['targets']>>): string | undefined {
  if (targets.length === 0) return 'Prometheus has no target yet';
  const unread = targets.filter(({ tried }) => !tried).map(({ url }) => url);
  if (unread.length === 0) return undefined;
  const more = unread.length > NAMED ? ` and ${unread.length - NAMED} more` : '';
  return `Prometheus has not read ${unread.slice(0, NAMED).join(', ')}${more}`;
}

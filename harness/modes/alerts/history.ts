import { BACKFILLED } from '../../core/alerts/backfilled.ts';
import type { Clock } from '../../core/clock.ts';
import { formatDuration } from '../../core/duration.ts';
import { ChaosError } from '../../core/errors.ts';
import { containerName } from '../../core/topology/aim.ts';
import type { Command } from '../../core/topology/command.ts';
import type { Held, Hold } from '../../core/topology/hold.ts';
import type { MonitoringControl } from '../../core/topology/monitoring.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';

/** What a history is made with: commands in the container of Prometheus, each change with its way back on disk first. */
interface HistoryParts {
  readonly spec: TopologySpec;
  readonly clock: Clock;
  readonly monitoring: Pick<MonitoringControl, 'query'>;
  readonly act: (command: Command) => Promise<string>;
  readonly hold: (hold: Hold) => Promise<Held>;
}

interface Asked {
  /** How far the history reaches back, milliseconds. */
  readonly ms: number;
  /** Sound requests a second. */
  readonly ratePerS: number;
}

/** The program in the image of Prometheus: topology/prometheus/made-up-history. It writes where Prometheus may write. */
const PROGRAM = 'made-up-history';
const USER = 'prometheus';
/** Prometheus may have this much history of its own. A longer one would be as quiet as the topology was, milliseconds. */
const MOST_OWN_MS = 300_000;
/** Thousands of samples are written, and promtool makes blocks of them. Milliseconds. */
const MAKE_MS = 120_000;
const FORGET_MS = 60_000;
/** Prometheus looks for new blocks once a minute. Milliseconds. */
const FOUND_MS = 90_000;
const LOOK_AGAIN_MS = 1_000;

/**
 * Makes up a history of requests without an error, up to the first sample that Prometheus has itself, and waits until
 * Prometheus has found it. Its series have the label history="backfilled". Throws CHAOS_MADE_UP_HISTORY when this Prometheus has
 * minutes of its own already, when it cannot make up a history, and when it does not find what was made.
 */
export async function makeUpHistory(parts: HistoryParts, { ms, ratePerS }: Asked): Promise<Held> {
  const { spec, clock, monitoring, act, hold } = parts;
  const container = containerName(spec, 'prometheus', 1);
  const seconds = Math.ceil(ms / 1_000);
  const own = await ownMs(monitoring, seconds);
  if (own > MOST_OWN_MS)
    throw failed(
      `Prometheus has ${formatDuration(own)} of its own history, and what happened in it is not known to be sound`,
      'Start afresh: `chaos topology down`, then the same command again.',
    );
  const there = await act({ in: container, run: ['bash', '-c', `command -v ${PROGRAM} || true`] });
  if (there === '')
    throw failed(
      `${container} has no program ${PROGRAM}, so nobody can make up a history there`,
      'An older image of the topology: `chaos topology down`, then the same command again.',
    );
  const command = (args: readonly string[], most: number): Command => ({
    in: container,
    run: [PROGRAM, ...args],
    user: USER,
    ms: most,
  });
  const perMinute = Math.max(1, Math.round(ratePerS * 60));
  const held = await hold({
    place: container,
    what: 'a history that is made up',
    value: 'in force',
    before: () => [{ do: 'command', command: command(['forget'], FORGET_MS) }],
    set: () => act(command(['make', String(seconds), String(perMinute)], MAKE_MS)),
  });
  const began = clock.wall() - ms;
  const until = clock.now() + FOUND_MS;
  while (!(await isFound(monitoring, began))) {
    if (clock.now() >= until)
      throw failed(
        `Prometheus did not find the history that was made up within ${formatDuration(FOUND_MS)}`,
        `\`docker logs ${container}\` says whether it could read the blocks in /data.`,
      );
    await clock.sleep(LOOK_AGAIN_MS);
  }
  return held;
}

/** Resolves with how old the oldest scrape of this Prometheus is, milliseconds, looked for in so many seconds. */
async function ownMs(monitoring: HistoryParts['monitoring'], seconds: number): Promise<number> {
  const [age] = await monitoring.query(`time() - min(min_over_time(timestamp(up)[${seconds}s:30s]))`);
  return (age?.value ?? 0) * 1_000;
}

/** Says whether the history is there at its beginning (epoch milliseconds) and at its end: it is several blocks. */
async function isFound(monitoring: HistoryParts['monitoring'], began: number): Promise<boolean> {
  const made = `{history="${BACKFILLED}"}`;
  const late = Math.ceil((MOST_OWN_MS + MAKE_MS + FOUND_MS) / 1_000);
  const [atFirst, lately] = await Promise.all([
    monitoring.query(`count(${made})`, began),
    monitoring.query(`count(last_over_time(${made}[${late}s]))`),
  ]);
  return [atFirst, lately].every(([one]) => (one?.value ?? 0) > 0);
}

const failed = (what: string, hint: string): ChaosError =>
  new ChaosError('CHAOS_MADE_UP_HISTORY', { what, hint, exit: 'not-ready' });

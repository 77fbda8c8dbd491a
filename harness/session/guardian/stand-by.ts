import type { Clock } from '../../core/clock.ts';
import { isAlive, type ProcessId } from '../../disk/process-id.ts';
import { Lease, lost } from './lease.ts';
import type { GuardianMessage, Watch, WatchedRun } from './messages.ts';

/**
 * A killed process has this long to end, milliseconds. A process in the middle of a disk access ends after the access.
 */
const ENDING_MS = 5_000;

/** The work that a guardian has when its session can no longer put back what it did. */
export interface Duty {
  readonly watch: Watch;
  /** The run that was at work; undefined between two runs. */
  readonly run: WatchedRun | undefined;
  /** The session had brought the topology up. */
  readonly startedTopology: boolean;
  /** The session's process lived and gave no sign of life. It was killed. */
  readonly hung: boolean;
}

export interface StandBy {
  /** The lines that the session writes. */
  readonly input: AsyncIterable<string>;
  /** Goes to the session: "ready" when it may begin, and "alive" after each sign of life. */
  readonly output: NodeJS.WritableStream;
  readonly clock: Clock;
  /** A session with faults in force may be silent for this long, milliseconds. Default: 10,000. */
  readonly leaseMs?: number;
}

/**
 * Listens to a session until the session is over. Returns the guardian's work when the session died, hung or left.
 * Returns undefined when the session said that all is done. A session that hangs is killed first: if it woke up later,
 * it would go on where it stopped.
 */
export async function standBy({ input, output, clock, leaseMs }: StandBy): Promise<Duty | undefined> {
  const lease = new Lease(leaseMs);
  const over = new AbortController();
  let watch: Watch | undefined;
  let run: WatchedRun | undefined;
  let startedTopology = false;
  let child: number | undefined;
  let done = false;
  // A dead session reads nothing, so writes fail. The end of the input already says that the session is dead.
  output.on('error', () => undefined);
  const listen = async (): Promise<'ended'> => {
    for await (const line of input) {
      const message = JSON.parse(line) as GuardianMessage;
      switch (message.tell) {
        case 'watch':
          watch = message;
          output.write('ready\n');
          break;
        case 'run':
          run = message;
          break;
        case 'run-over':
          run = undefined;
          break;
        case 'started-topology':
          startedTopology = true;
          break;
        case 'child':
          child = message.pid;
          break;
        case 'alive':
          lease.renew();
          output.write('alive\n');
          break;
        case 'rest':
          lease.rest();
          break;
        case 'done':
          done = true;
      }
    }
    return 'ended';
  };
  const silent = lost(lease, clock, over.signal).then(() => 'silent' as const);
  silent.catch(() => undefined);
  const why = await Promise.race([listen(), silent]);
  over.abort(new Error('the session is over'));
  if (done || watch === undefined) return undefined;
  if (why === 'silent') await end(watch.runner, clock);
  // A `docker compose up` must not bring up containers that are being taken down.
  if (child !== undefined) kill(child);
  return { watch, run, startedTopology, hung: why === 'silent' };
}

async function end(runner: ProcessId, clock: Clock): Promise<void> {
  if (isAlive(runner)) kill(runner.pid);
  for (const until = clock.now() + ENDING_MS; isAlive(runner) && clock.now() < until;) await clock.sleep(50);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has ended already.
  }
}

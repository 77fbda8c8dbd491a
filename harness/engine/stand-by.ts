import type { Clock } from '../core/clock.ts';
import type { GuardianMessage, Watch } from './guardian-process.ts';
import { Lease, lost } from './lease.ts';
import { isAlive, type ProcessId } from '../core/process-id.ts';

/** Between SIGKILL and the end of a process, at most: one in the middle of a disk access ends after it. Milliseconds. */
const ENDING_MS = 5_000;

/** A run that can no longer put back what it did. */
export interface Duty {
  readonly watch: Watch;
  readonly startedTopology: boolean;
  /** The run lived and gave no sign of life; it does not live any more. */
  readonly hung: boolean;
}

export interface StandBy {
  /** The lines that the run writes; their end is its end. */
  readonly input: AsyncIterable<string>;
  /** Where the run reads: "ready" when it may begin, "alive" whenever it says so itself. A dead run reads nothing, which is no news. */
  readonly output: NodeJS.WritableStream;
  readonly clock: Clock;
  readonly leaseMs?: number;
}

/**
 * What the guardian does all day: listens to its run until that is over. Answers what there is to heal when it died or hung,
 * and nothing when it said that all is done. Whoever hung is ended before: waking up later, it would go on where it stopped.
 */
export async function standBy({ input, output, clock, leaseMs }: StandBy): Promise<Duty | undefined> {
  const lease = new Lease(leaseMs);
  const over = new AbortController();
  let watch: Watch | undefined;
  let startedTopology = false;
  let child: number | undefined;
  let done = false;
  output.on('error', () => undefined);
  const listen = async (): Promise<'ended'> => {
    for await (const line of input) {
      const message = JSON.parse(line) as GuardianMessage;
      switch (message.tell) {
        case 'watch':
          watch = message;
          output.write('ready\n');
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
  over.abort(new Error('the run is over'));
  if (done || watch === undefined) return undefined;
  if (why === 'silent') await end(watch.runner, clock);
  // `docker compose up` must not go on bringing up what is being taken down.
  if (child !== undefined) kill(child);
  return { watch, startedTopology, hung: why === 'silent' };
}

async function end(runner: ProcessId, clock: Clock): Promise<void> {
  if (isAlive(runner)) kill(runner.pid);
  for (const until = clock.now() + ENDING_MS; isAlive(runner) && clock.now() < until;) await clock.sleep(50);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It had ended already.
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../../harness/core/random.ts';

export interface Race {
  /** How many processes race. A killed one is replaced. */
  readonly contenders: number;
  /** The lock is taken at least so often. */
  readonly times: number;
  /** One process is killed (SIGKILL) for so many times that the lock was taken. */
  readonly timesPerKill: number;
  readonly seed: number;
}

export interface Raced {
  readonly taken: number;
  readonly kills: number;
  /** How often a killed process held the lock. */
  readonly killedHolders: number;
  /** The longest time for which nobody took the lock, milliseconds. */
  readonly longestWaitMs: number;
  /** What must never be: two holders, a claim twice, a holder that lost its claim. */
  readonly wrong: readonly string[];
}

/** The race is stuck when nobody takes the lock for this long, milliseconds. */
const STUCK_MS = 30_000;

/** Lets processes race for one lock, and kills some in between. Rejects when the race is stuck. */
export async function race({ contenders, times, timesPerKill, seed }: Race): Promise<Raced> {
  const folder = mkdtempSync(join(tmpdir(), 'race-'));
  const log = join(folder, 'log');
  const random = seededRandom(seed);
  const script = fileURLToPath(new URL('contender.ts', import.meta.url));
  const killed = new Set<number>();
  const start = (): ChildProcess => {
    const own = String(Math.floor(random() * 1e6));
    return spawn(process.execPath, [script, join(folder, 'lock'), log, own], { stdio: ['pipe', 'ignore', 'inherit'] });
  };
  const running = Array.from({ length: contenders }, start);
  const taken = (): number => (existsSync(log) ? linesOf(log).filter(({ what }) => what === 'in').length : 0);
  let [seen, since, longestWaitMs] = [0, performance.now(), 0];
  try {
    while (seen < times || killed.size * timesPerKill < times) {
      await delay(random() * 4);
      const now = taken();
      if (now > seen) [seen, since] = [now, performance.now()];
      // The first processes take their time to start.
      if (seen > 0) longestWaitMs = Math.max(longestWaitMs, performance.now() - since);
      if (performance.now() - since > STUCK_MS) throw new Error(`nobody took the lock after ${seen} times`);
      if (killed.size * timesPerKill >= Math.min(seen, times)) continue;
      // Every other victim is the process that took the lock last.
      const last = killed.size % 2 === 0 ? running.findIndex(({ pid }) => pid === lastIn(log)) : -1;
      const at = last < 0 ? Math.floor(random() * running.length) : last;
      const victim = running[at];
      if (victim?.pid === undefined || !victim.kill('SIGKILL')) continue;
      killed.add(victim.pid);
      await once(victim, 'exit');
      running[at] = start();
    }
  } finally {
    for (const child of running) child.stdin?.end();
    const alive = running.filter((child) => child.exitCode === null && child.signalCode === null);
    await Promise.all(alive.map((child) => once(child, 'exit')));
  }
  const lines = linesOf(log);
  return {
    taken: taken(),
    kills: killed.size,
    killedHolders: heldAtDeath(lines),
    longestWaitMs,
    wrong: wrongIn(lines, killed),
  };
}

interface Line {
  readonly what: string;
  readonly pid: number;
  readonly claim: number;
}

/** A process that is killed may have written half a line. The next line then begins in the middle of it. */
const linesOf = (log: string): readonly Line[] =>
  [...readFileSync(log, 'utf8').matchAll(/(in|out|lost) (\d+) (\d+)\n/g)].map(([, what = '', pid, claim]) => ({
    what,
    pid: Number(pid),
    claim: Number(claim),
  }));

const lastIn = (log: string): number | undefined => linesOf(log).findLast(({ what }) => what === 'in')?.pid;

const heldAtDeath = (lines: readonly Line[]): number =>
  lines.filter(
    ({ what, pid, claim }) =>
      what === 'in' && !lines.some((l) => l.what === 'out' && l.pid === pid && l.claim === claim),
  ).length;

/** Reads the log in its order. A holder comes out before the next goes in, unless it was killed. */
function wrongIn(lines: readonly Line[], killed: ReadonlySet<number>): readonly string[] {
  const wrong: string[] = [];
  let holder: Line | undefined;
  let highest = 0;
  for (const line of lines) {
    const { what, pid, claim } = line;
    if (what === 'lost') wrong.push(`process ${pid} lost claim ${claim} while it held it`);
    if (what === 'out') holder = holder?.pid === pid ? undefined : holder;
    if (what !== 'in') continue;
    if (holder !== undefined && !killed.has(holder.pid)) wrong.push(`${pid} took claim ${claim} from ${holder.pid}`);
    if (claim <= highest) wrong.push(`claim ${claim} after claim ${highest}`);
    [holder, highest] = [line, Math.max(highest, claim)];
  }
  return wrong;
}

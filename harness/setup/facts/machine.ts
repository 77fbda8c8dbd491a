import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Shell } from '../shell.ts';
import { type Fact, readText } from './fact.ts';

const GIB = 1024 ** 3;
const LEAST_DISK_GIB = 5;
const LEAST_MEMORY_GIB = 1;
const CLOCK_WATCH_MS = 250;
/** Two clocks that are read one after the other may differ by a scheduling delay. A step of the clock is larger. */
const CLOCK_STEP_MS = 20;

export async function diskFact(engineRoot: string | undefined, root: string): Promise<Fact> {
  // Docker Desktop keeps its images inside a virtual machine. Then the clone's own disk is measured instead.
  const visible = engineRoot !== undefined && existsSync(engineRoot);
  const place = visible ? engineRoot : root;
  const { bavail, bsize } = await statfs(place);
  const free = (bavail * bsize) / GIB;
  return {
    name: 'disk',
    ok: free >= LEAST_DISK_GIB,
    value: `${free.toFixed(1)} GiB free ${visible ? "in the engine's store" : "on the clone's disk (the engine's own store cannot be seen)"}`,
    remedy: `Free ${String(LEAST_DISK_GIB)} GiB: \`docker system df\` shows what the engine holds, \`docker image prune\` removes images without a tag.`,
  };
}

export async function clockFact(shell: Shell): Promise<Fact> {
  const wall = Date.now();
  const monotonic = performance.now();
  const [synchronised] = await Promise.all([readSynchronised(shell), sleep(CLOCK_WATCH_MS)]);
  const stepMs = Math.abs(Date.now() - wall - (performance.now() - monotonic));
  return describeClock(stepMs, synchronised);
}

async function readSynchronised(shell: Shell): Promise<boolean | undefined> {
  if (existsSync('/run/systemd/timesync/synchronized')) return true;
  const { code, stdout } = await shell('timedatectl', ['show', '--property=NTPSynchronized', '--value'], {
    deadlineMs: 2_000,
  });
  const answer = stdout.trim();
  return code === 0 && (answer === 'yes' || answer === 'no') ? answer === 'yes' : undefined;
}

export function describeClock(stepMs: number, synchronised: boolean | undefined): Fact {
  const steady = stepMs < CLOCK_STEP_MS;
  const sync =
    synchronised === undefined
      ? 'whether it is synchronised cannot be told here'
      : synchronised
        ? 'synchronised'
        : 'not synchronised';
  return {
    name: 'clock',
    ok: steady,
    value: `${steady ? 'steady' : `stepped by ${stepMs.toFixed(0)} ms in a quarter of a second`}; ${sync}`,
    remedy:
      'Let only one time service set the clock (systemd-timesyncd or chrony), and wait until it has set it. Durations do not depend on it: they come from a monotonic clock.',
  };
}

export function coresFact(cores: number): Fact {
  return {
    name: 'cores',
    ok: cores >= 2,
    value: `${String(cores)}, ${cores >= 2 ? `${String(cores - 1)} besides the core of the load generator` : 'none left for the load generator'}`,
    remedy:
      'Give the machine, or the virtual machine of the engine, at least 2 cores. Otherwise the measured system takes processor time from the load generator.',
  };
}

export function memoryFact(): Fact {
  const free = availableMemory() / GIB;
  return {
    name: 'memory',
    ok: free >= LEAST_MEMORY_GIB,
    value: `${free.toFixed(1)} of ${(totalmem() / GIB).toFixed(1)} GiB available`,
    remedy: `Free ${String(LEAST_MEMORY_GIB)} GiB: the topology takes 0.4 GiB, and each further replica 33 MiB.`,
  };
}

function availableMemory(): number {
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(readText('/proc/meminfo'))?.[1];
  return kib === undefined ? freemem() : Number(kib) * 1024;
}

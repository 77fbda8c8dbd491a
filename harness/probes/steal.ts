import { readFile } from 'node:fs/promises';
import { repeatedly } from '../core/deadline.ts';
import type { Probe } from '../core/kinds/probe.ts';

const EVERY_MS = 1_000;
/** /proc/stat counts in hundredths of a second (USER_HZ), whatever the kernel's own tick is. */
const TICK_MS = 10;

/** Milliseconds of all cores since the machine started. */
export interface ProcessorTime {
  readonly busy: number;
  readonly idle: number;
  readonly stolen: number;
}

/**
 * Reads the first line of /proc/stat (proc(5)). Returns undefined when the text has no line for all cores. The time of
 * guests is already part of `user`.
 */
export function processorTime(stat: string): ProcessorTime | undefined {
  const match = /^cpu +([\d ]+)$/m.exec(stat);
  if (match?.[1] === undefined) return undefined;
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softirq = 0, steal = 0] = match[1]
    .split(' ')
    .map((ticks) => Number(ticks) * TICK_MS);
  return { busy: user + nice + system + irq + softirq, idle: idle + wait, stolen: steal };
}

const probe: Probe = {
  name: 'steal',
  summary: 'Processor time of the host, and how much its hypervisor gave to others. Empty without /proc/stat.',
  start({ clock, emit }) {
    let before: ProcessorTime | undefined;
    let used = process.cpuUsage();
    return Promise.resolve(
      repeatedly(EVERY_MS, async () => {
        const now = processorTime(await readFile('/proc/stat', 'utf8'));
        const [from, to] = [before, now];
        before = now;
        // Microseconds of all threads of this process.
        const { user, system } = process.cpuUsage(used);
        used = process.cpuUsage();
        if (from === undefined || to === undefined) return;
        // Idle time may run backwards by a tick (proc(5)).
        const since = (name: keyof ProcessorTime): number => Math.max(0, to[name] - from[name]);
        emit({
          t: clock.now(),
          kind: 'host',
          busy_ms: since('busy'),
          idle_ms: since('idle'),
          stolen_ms: since('stolen'),
          own_ms: Math.round((user + system) / 1_000),
        });
      }),
    );
  },
};

export default probe;

import { readFile } from 'node:fs/promises';
import { repeatedly } from '../core/deadline.ts';
import type { Probe } from '../core/probe.ts';

const EVERY_MS = 1_000;
/** /proc/stat counts in hundredths of a second whatever the kernel's own tick is (USER_HZ). */
const TICK_MS = 10;

/** Milliseconds of all cores since the machine started. */
export interface ProcessorTime {
  readonly busy: number;
  readonly idle: number;
  readonly stolen: number;
}

/** The first line of /proc/stat (proc(5)); undefined where it is none. Guests' time is in user's already. */
export function processorTime(stat: string): ProcessorTime | undefined {
  const match = /^cpu +([\d ]+)$/m.exec(stat);
  if (match?.[1] === undefined) return undefined;
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softirq = 0, steal = 0] = match[1]
    .split(' ')
    .map((ticks) => Number(ticks) * TICK_MS);
  return { busy: user + nice + system + irq + softirq, idle: idle + wait, stolen: steal };
}

export const steal: Probe = {
  name: 'steal',
  summary: 'Processor time of the host, and what its hypervisor gave to others. Nothing where there is no /proc/stat.',
  start({ clock, emit }) {
    let before: ProcessorTime | undefined;
    return Promise.resolve(
      repeatedly(EVERY_MS, async () => {
        const now = processorTime(await readFile('/proc/stat', 'utf8'));
        const [from, to] = [before, now];
        before = now;
        if (from === undefined || to === undefined) return;
        // Idle time may run backwards by a tick (proc(5)).
        const since = (name: keyof ProcessorTime): number => Math.max(0, to[name] - from[name]);
        emit({
          t: clock.now(),
          kind: 'host',
          busy_ms: since('busy'),
          idle_ms: since('idle'),
          stolen_ms: since('stolen'),
        });
      }),
    );
  },
};

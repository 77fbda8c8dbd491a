import { statfsSync } from 'node:fs';
import { cpus, freemem, totalmem } from 'node:os';
import { repeatedly } from '../core/deadline.ts';
import type { Probe } from '../core/kinds/probe.ts';

const EVERY_MS = 5_000;

/** Busy and total milliseconds of all cores since the machine started. */
function hostTimes(): { busy: number; total: number } {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.irq + times.idle;
    total += all;
    busy += all - times.idle;
  }
  return { busy, total };
}

function diskPercent(): number {
  const { blocks, bavail } = statfsSync('/');
  return (1 - bavail / blocks) * 100;
}

const probe: Probe = {
  name: 'resources',
  summary: 'CPU, memory, disk and network of the host and of every container.',
  start({ topology, clock, emit }) {
    let before = hostTimes();
    return Promise.resolve(
      repeatedly(EVERY_MS, async () => {
        const usage = await topology.containers.usage();
        const t = clock.now();
        for (const u of usage) {
          emit({
            t,
            kind: 'resources',
            server_id: u.container,
            cpu_percent: u.cpuPercent,
            memory_percent: u.memoryPercent,
            disk_percent: null,
            network_bytes_per_s: u.networkBytesPerS,
            connections: null,
          });
        }
        const now = hostTimes();
        const elapsed = now.total - before.total;
        const cpu = elapsed > 0 ? ((now.busy - before.busy) / elapsed) * 100 : null;
        before = now;
        emit({
          t,
          kind: 'resources',
          server_id: 'host',
          cpu_percent: cpu,
          memory_percent: (1 - freemem() / totalmem()) * 100,
          disk_percent: diskPercent(),
          network_bytes_per_s: null,
          connections: null,
        });
      }),
    );
  },
};

export default probe;

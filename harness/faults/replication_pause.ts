import { z } from 'zod';
import { shown, soundBefore, split, tooLittle, valuesOf } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { stopProcesses } from '../kit/acts/processes.ts';
import { REPLAYED, REPLICATION, WRITTEN } from '../kit/acts/replication.ts';
import { database, nodeOf } from '../kit/acts/sessions.ts';

/** Prints the id of the process that replays the log, which is found by its title. Fails when there is none. */
const FIND = `n=0; for p in /proc/[0-9]*; do case "$(tr '\\0' ' ' <$p/cmdline 2>/dev/null)" in postgres:*startup*) echo \${p#/proc/} && n=1;; esac; done; [ $n -eq 1 ]`;

export default defineFault({
  name: 'replication_pause',
  summary: 'Stops the standby from replaying the log: it still answers queries, with data that gets older and older.',
  params: z.strictObject({ service: database }),
  example: { service: 'postgres' },
  requires: ['roles', 'sql'],
  aims: ({ service }) => ({ target: { service, role: 'standby' } }),
  undoes: () => 'let the process that replays go on (SIGCONT)',
  observers: () => REPLICATION,
  async inject(ctx) {
    const { name } = await nodeOf(ctx, 'standby');
    const pids = await ctx.topology.ask({ in: name, run: ['sh', '-c', FIND] });
    // Not pg_wal_replay_pause(): Patroni would end such a pause.
    await stopProcesses(ctx, name, pids.split('\n'));
    return [name];
  },
  prove(record) {
    const replayed = split(record, REPLAYED);
    const written = split(record, WRITTEN);
    const doubt = tooLittle(record, replayed) ?? tooLittle(record, written) ?? soundBefore(replayed);
    if (doubt !== undefined) return doubt;
    const positions = valuesOf(replayed.during);
    if (positions.length === 0)
      return { effective: 'inconclusive', evidence: 'the position of the standby was not read' };
    const log = valuesOf(written.during);
    const more = (log.at(-1) ?? 0) - (log[0] ?? 0);
    const behind = (log.at(-1) ?? 0) - (positions.at(-1) ?? 0);
    const evidence =
      `the primary wrote ${more} bytes of log during the fault (${log.length} readings); ` +
      `at the end the standby was ${behind} bytes behind`;
    return shown(more > 0 && behind >= more * 0.9, evidence);
  },
});

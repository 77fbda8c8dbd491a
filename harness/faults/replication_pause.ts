import { z } from 'zod';
import { shown, soundBefore, split, tooLittle, valuesOf } from '../core/evidence/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { goOn } from '../core/acts/processes.ts';
import { REPLAYED, REPLICATION, WRITTEN } from '../core/acts/replication.ts';
import { database, nodeOf } from '../core/acts/sessions.ts';

/** Stops the process that replays, found by its title; that there is one is seen to. */
const STOP = `n=0; for p in /proc/[0-9]*; do case "$(tr '\\0' ' ' <$p/cmdline 2>/dev/null)" in postgres:*startup*) kill -STOP \${p#/proc/} && n=1;; esac; done; [ $n -eq 1 ]`;

export default defineFault({
  name: 'replication_pause',
  summary: 'Stops the standby from replaying: it takes the log and answers queries, ever older.',
  params: z.strictObject({ service: database }),
  example: { service: 'postgres' },
  aims: ({ service }) => ({ target: { service, role: 'standby' } }),
  undoes: () => 'let the process that replays go on (SIGCONT)',
  observers: () => REPLICATION,
  async inject(ctx) {
    const { name } = await nodeOf(ctx, 'standby');
    await ctx.undo({ do: 'command', command: goOn(name) });
    // Not pg_wal_replay_pause(): Patroni resumes what it pauses.
    await ctx.topology.act({ in: name, run: ['sh', '-c', STOP] });
    return [name];
  },
  prove(record) {
    const replayed = split(record, REPLAYED);
    const written = split(record, WRITTEN);
    const doubt = tooLittle(record, replayed) ?? tooLittle(record, written) ?? soundBefore(replayed);
    if (doubt !== undefined) return doubt;
    const positions = valuesOf(replayed.during);
    if (positions.length === 0) return { effective: 'inconclusive', evidence: 'no standby was seen' };
    const log = valuesOf(written.during);
    const more = (log.at(-1) ?? 0) - (log[0] ?? 0);
    const behind = (log.at(-1) ?? 0) - (positions.at(-1) ?? 0);
    const evidence = `the primary wrote ${more} bytes of log in ${log.length} looks; at the end the standby was ${behind} bytes behind`;
    return shown(more > 0 && behind >= more * 0.9, evidence);
  },
});

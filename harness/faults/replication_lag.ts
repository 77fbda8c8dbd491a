import { z } from 'zod';
import { median, shown, soundBefore, split, tooLittle } from '../core/evidence/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { configure, lagBehind, REPLAYED, REPLICATION, unconfigure, WRITTEN } from '../core/acts/replication.ts';
import { duration } from '../core/schema.ts';
import { database, databaseOf, nodeOf, psql } from '../core/acts/sessions.ts';

export default defineFault({
  name: 'replication_lag',
  summary: 'Makes the standby replay every commit so much later: its reads are that old.',
  params: z.strictObject({
    service: database,
    delay: duration.refine((ms) => ms >= 1_000, {
      error: 'write 1s at least: a standby tells of itself once a second',
    }),
  }),
  example: { delay: '3s' },
  aims: ({ service }) => ({ target: { service, role: 'standby' } }),
  undoes: () => 'take the delay out of the configuration of the standby',
  observers: () => REPLICATION,
  async inject(ctx) {
    const { id, params, topology, undo } = ctx;
    const { name } = await nodeOf(ctx, 'standby');
    const folder = await topology.ask(psql(name, databaseOf(topology.spec).name, 'show data_directory'));
    // Patroni puts right what it finds in postgresql.conf and in postgresql.auto.conf, and leaves alone what they include.
    const file = `${folder}/postgresql.base.conf`;
    await undo({ do: 'command', command: unconfigure(name, file, id) });
    await topology.act(configure(name, file, id, `recovery_min_apply_delay = ${Math.round(params.delay)}`));
    return [name];
  },
  prove(record, { delay }) {
    const seen = split(record, REPLAYED);
    const doubt = tooLittle(record, seen) ?? soundBefore(seen);
    if (doubt !== undefined) return doubt;
    const written = record.observations.filter((o) => o.observer === WRITTEN);
    const lags = (looks: typeof seen.during): number[] => looks.flatMap((o) => lagBehind(written, o) ?? []);
    const before = median(lags(seen.before)) ?? 0;
    // What was written before it was in force is replayed at once: the lag has to grow first.
    const grown = seen.during.filter((o) => o.t >= (record.injected ?? 0) + delay);
    const during = median(lags(grown));
    if (during === undefined) {
      const evidence = `too little was seen once the delay of ${delay / 1_000} s could show: make the fault longer`;
      return { effective: 'inconclusive', evidence };
    }
    const evidence = `the standby was ${(before / 1_000).toFixed(1)} s behind before, ${(during / 1_000).toFixed(1)} s during (median, ${grown.length} looks; ${delay / 1_000} s asked)`;
    return shown(during - before >= delay * 0.8, evidence);
  },
});

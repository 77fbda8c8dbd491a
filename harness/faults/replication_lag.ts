import { z } from 'zod';
import { median } from '../core/stats.ts';
import { shown, soundBefore, split, tooLittle } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { configure, lagBehind, REPLAYED, REPLICATION, unconfigure, WRITTEN } from '../kit/acts/replication.ts';
import { duration } from '../kit/schema.ts';
import { database, databaseOf, nodeOf, psql } from '../kit/acts/sessions.ts';

export default defineFault({
  name: 'replication_lag',
  summary: 'Makes the standby replay every commit later, by the delay: its reads are that old.',
  params: z.strictObject({
    service: database,
    delay: duration.refine((ms) => ms >= 1_000, {
      error: 'write 1s at least: a standby reports once a second',
    }),
  }),
  example: { delay: '3s' },
  requires: ['roles', 'sql'],
  aims: ({ service }) => ({ target: { service, role: 'standby' } }),
  undoes: () => 'delete the delay from the configuration of the standby',
  observers: () => REPLICATION,
  async inject(ctx) {
    const { id, params, topology, undo } = ctx;
    const { name } = await nodeOf(ctx, 'standby');
    const folder = await topology.ask(psql(name, databaseOf(topology.spec).name, 'show data_directory'));
    // Patroni repairs postgresql.conf and postgresql.auto.conf. It does not touch the files that they include.
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
    const lags = (readings: typeof seen.during): number[] => readings.flatMap((o) => lagBehind(written, o) ?? []);
    const before = median(lags(seen.before)) ?? 0;
    // Writes from before the fault are replayed at once: the lag has to grow first.
    const grown = seen.during.filter((o) => o.t >= (record.injected ?? 0) + delay);
    const during = median(lags(grown));
    if (during === undefined) {
      const evidence = `no reading is late enough to show a delay of ${delay / 1_000} s: make the fault longer`;
      return { effective: 'inconclusive', evidence };
    }
    const [was, is] = [before, during].map((ms) => (ms / 1_000).toFixed(1));
    const behind = `${was} s behind before the fault, ${is} s during it`;
    const evidence = `the standby was ${behind} (median of ${lags(grown).length} readings; ${delay / 1_000} s asked for)`;
    return shown(during - before >= delay * 0.8, evidence);
  },
});

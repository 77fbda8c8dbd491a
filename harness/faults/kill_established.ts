import { z } from 'zod';
import { shown, tooLittle, usedBefore } from '../core/evidence/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { linkObserver, linkOf } from '../core/link.ts';
import { link } from '../core/schema.ts';

/** The consumer's connections are looked at every 2 s: what became of them shows within this, milliseconds. */
const SHOWS_MS = 5_000;

export default defineFault({
  name: 'kill_established',
  summary: 'Ends all open connections of one link at one moment; new ones are accepted at once.',
  params: z.strictObject({ link }),
  example: { link: 'app-to-primary' },
  aims: ({ link }) => ({ link }),
  undoes: ({ link }) => `enable proxy of ${link}, where it is not yet`,
  passes: 'connections are made anew at once',
  observers: ({ link }, spec) => [linkObserver(spec, link, { kind: 'held' })],
  async inject({ params, topology, undo }) {
    const proxy = await topology.proxy(linkOf(topology.spec, params.link).proxy);
    const enable = { do: 'enable-proxy', proxy } as const;
    await undo(enable);
    await topology.disableProxy(proxy);
    await topology.undo(enable);
    return [params.link];
  },
  prove(record) {
    const until = (record.injected ?? Infinity) + SHOWS_MS;
    const seen = {
      before: record.observations.filter((o) => o.t < record.injecting),
      during: record.observations.filter((o) => o.t >= record.injecting && o.t < until),
    };
    const doubt = tooLittle(record, seen) ?? usedBefore(seen);
    if (doubt !== undefined) return doubt;
    // Age: it was made, and ended later.
    const end = seen.during.find((o) => !o.ok && (o.age ?? 0) > 0);
    const anew = end !== undefined && seen.during.some((o) => o.ok && o.t > end.t);
    const own = seen.before.at(-1)?.established ?? 0;
    const steady = seen.before.some((o) => (o.kept ?? 0) > 0);
    const kept = Math.min(...seen.during.map((o) => o.kept ?? Infinity));
    const evidence =
      (end === undefined
        ? 'the connection held open lived on'
        : `the connection held open ended (${end.error}) after ${((end.age ?? 0) / 1_000).toFixed(1)} s and was ${anew ? '' : 'not '}made anew`) +
      `; of the consumer's ${own} connections ${kept} lived on`;
    if (!steady) {
      const unsteady = 'the consumer kept no connection open before either';
      return { effective: 'inconclusive', evidence: `${evidence}; ${unsteady}` };
    }
    return shown(anew && kept === 0, evidence);
  },
});

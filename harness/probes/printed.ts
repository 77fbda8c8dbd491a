import { repeatedly } from '../core/deadline.ts';
import { together } from '../core/dispose.ts';
import { defineProbe, type ProbeContext } from '../core/kinds/probe.ts';
import { candidates } from '../core/topology/aim.ts';
import { type Printed, printedParams } from '../kit/measured.ts';

/** Asks every replica of a service, each by itself: a container that hangs delays no other. */
function ask({ service, run, name, unit, everyMs }: Printed, { topology, clock, emit }: ProbeContext) {
  return candidates(topology.spec, { service }).map((container) =>
    repeatedly(everyMs, async () => {
      const text = (await topology.ask({ in: container, run })).trim();
      const value = text === '' ? NaN : Number(text);
      if (!Number.isFinite(value)) return;
      emit({ kind: 'reading', t: clock.now(), source: container, name, labels: { container }, value, unit });
    }),
  );
}

export default defineProbe<Printed>({
  name: 'printed',
  summary: 'Numbers that a command prints in containers, for the series that need them.',
  params: printedParams,
  start: (ctx, wanted) => Promise.resolve(together(wanted.flatMap((one) => ask(one, ctx)))),
});

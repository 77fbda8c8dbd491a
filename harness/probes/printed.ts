import { repeatedly } from '../core/deadline.ts';
import { together } from '../core/dispose.ts';
import { describeError } from '../core/errors.ts';
import { defineProbe, type ProbeContext } from '../core/kinds/probe.ts';
import { candidates } from '../core/topology/aim.ts';
import { type Printed, printedParams } from '../kit/measured.ts';

/**
 * Asks every replica of a service, each by itself: a container that hangs delays no other. Says once why a container gives
 * no number, and again when it has given one meanwhile.
 */
function ask({ service, run, name, unit, everyMs }: Printed, { topology, clock, emit }: ProbeContext) {
  return candidates(topology.spec, { service }).map((container) => {
    let silent = false;
    return repeatedly(everyMs, async () => {
      const said = await topology.ask({ in: container, run }).then(numberIn, describeError);
      if (typeof said === 'number')
        emit({ kind: 'reading', t: clock.now(), source: container, name, labels: { container }, value: said, unit });
      else if (!silent)
        emit({ kind: 'note', t: clock.now(), message: `${container} gives no number for "${name}": ${said}` });
      silent = typeof said !== 'number';
    });
  });
}

/** Characters of what a command printed that a note shows at most. */
const SHOWN = 200;

/** Returns the number that a command printed, or what it printed instead. */
function numberIn(text: string): number | string {
  const trimmed = text.trim();
  const value = trimmed === '' ? NaN : Number(trimmed);
  return Number.isFinite(value) ? value : `it printed ${JSON.stringify(trimmed.slice(0, SHOWN))}`;
}

export default defineProbe<Printed>({
  name: 'printed',
  summary: 'Numbers that a command prints in containers, for the series that need them.',
  params: printedParams,
  start: (ctx, wanted) => Promise.resolve(together(wanted.flatMap((one) => ask(one, ctx)))),
});

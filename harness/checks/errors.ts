import { z } from 'zod';
import { defineCheck } from '../core/kinds/check.ts';
import type { CheckResult } from '../core/kinds/check-result.ts';
import type { History } from '../core/record/history.ts';
import type { LoadTick } from '../core/load/load.ts';
import type { JudgedPhase } from '../core/plan/phases.ts';
import { defineStopRule } from '../core/kinds/stop-rule.ts';
import { lasting, percentageLike } from '../kit/schema.ts';
import { excludedBurst } from '../core/bounds/bursts.ts';
import { shareBounds } from '../core/bounds/share.ts';
import { during, of, ofText, select } from '../kit/selection.ts';

const share = percentageLike('0.1%')
  .transform((value) => value / 100)
  .refine((value) => value > 0 && value < 1, {
    error: 'write a percentage between 0% and 100%: no number of requests can prove 0 %',
  })
  .meta({ description: 'A percentage', examples: ['0.1%'] });

/** The requests that each second of the load counts separately. */
const kind = z
  .enum(['all', 'reads', 'writes'])
  .default('all')
  .meta({ description: 'Which requests: all, reads or writes; a stop condition cannot name an endpoint' });

/** How many requests of one kind ended in a second, good and failed. */
function secondOf({ ok, failed, writes }: LoadTick, of: z.output<typeof kind> = 'all'): { ok: number; failed: number } {
  if (of === 'all') return { ok, failed };
  if (writes === undefined) return { ok: 0, failed: 0 };
  return of === 'writes' ? writes : { ok: ok - writes.ok, failed: failed - writes.failed };
}

export default defineCheck({
  name: 'errors',
  summary:
    'The share of requests that failed in any way (refused, turned away, reset, timed out, error answer, wrong body) stays under a limit.',
  params: z.strictObject({ below: share, of, during }),
  example: { below: '0.1%', of: 'reads', during: ['fault'] },
  refers: (p) => ({ of: p.of }),
  inPhase: (p, phase) => ({ ...p, during: [phase] }),
  describe: ({ below, of }) => `errors${ofText(of)} < ${limitText(below)}`,
  needs({ below, of, during }) {
    const least = Math.ceil(Math.log(0.05) / Math.log1p(-below));
    const why = `"below ${Number((below * 100).toPrecision(6))}%" needs ${least} clean requests`;
    return { of, during, least, why, limits: [{ text: `errors${ofText(of)} < ${limitText(below)}`, share: below }] };
  },
  evaluate: (history, p) => p.during.map((phase) => judge(history, p.below, p.of, phase)),
  stopIf: defineStopRule({
    summary: 'Ends the run when too many of the requests that end in each second have failed.',
    params: z.strictObject({ above: share, of: kind, ...lasting(5_000) }),
    example: { above: '80%', for: '20s' },
    spanMs: () => 1_000,
    describe: ({ above, of }) => `errors${ofText(of)} > ${limitText(above)}`,
    refers: ({ of }) => ({ of }),
    watch: ({ above, of }) => {
      return (event) => {
        const { ok, failed } = event.kind === 'load' ? secondOf(event, of) : { ok: 0, failed: 0 };
        const ended = ok + failed;
        if (ended === 0) return [];
        const observed = `in the last second ${failed} of ${ended} requests failed (${percent(failed / ended)})`;
        return [{ holds: failed / ended > above, observed }];
      };
    },
  }),
});

const limitText = (share: number): string => `${Number((share * 100).toPrecision(6))} %`;

const percent = (value: number): string => `${(value * 100).toFixed(value < 0.01 ? 3 : 1)} %`;

/**
 * Says for which bursts of failures a PASS holds: for bursts of up to `longest` requests. A phase of this length may
 * well see no burst that is longer.
 */
const unseen = (longest: number, limit: number): string =>
  longest > 1
    ? `below ${limitText(limit)} also if failures come in bursts of up to ${longest}`
    : 'if failures come one by one';

function judge(history: History, limit: number, what: string | undefined, phase: JudgedPhase): CheckResult {
  const { ok, failed, failures, failuresText, dropped } = select(history, phase, what);
  const samples = ok + failed;
  const { lower, upper, burst } = shareBounds(failures);
  const verdict = samples === 0 ? 'INCONCLUSIVE' : upper < limit ? 'PASS' : lower > limit ? 'FAIL' : 'INCONCLUSIVE';
  const bound = verdict === 'FAIL' ? `at least ${percent(lower)}` : `at most ${percent(upper)}`;
  const notes = [
    `${bound} with 95 % confidence`,
    ...(burst >= 1.5 && failed < samples / 2 ? [`failures came together, as in bursts of ${burst.toFixed(0)}`] : []),
    ...(verdict === 'PASS' ? [unseen(excludedBurst(failed, samples, limit), limit)] : []),
  ];
  const parts = [
    samples === 0 ? 'no request ended' : `${failed} of ${samples} failed (${notes.join('; ')})`,
    ...(failuresText === '' ? [] : [failuresText]),
    // Dropped requests were never sent, so they say nothing about the system. A gate makes such a run prove nothing.
    ...(dropped === 0 ? [] : [`${dropped} more were dropped by the generator and are not counted`]),
  ];
  return {
    name: `errors${ofText(what)}`,
    verdict,
    expected: `errors < ${limitText(limit)}`,
    observed: parts.join('; '),
    samples,
    during: [phase],
    ...(samples > 0 && { figure: { value: (failed / samples) * 100, unit: 'share', worse: 'more' } as const }),
  };
}

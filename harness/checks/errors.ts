import { z } from 'zod';
import { defineCheck } from '../core/check.ts';
import type { CheckResult } from '../core/check-result.ts';
import type { History } from '../core/history.ts';
import type { LoadTick } from '../core/load/load.ts';
import type { JudgedPhase } from '../core/phases.ts';
import { defineStopRule } from '../core/stop-rule.ts';
import { proportionBounds } from '../core/stats.ts';
import { during, of, ofText, select } from './selection.ts';

const share = z
  .string()
  .regex(/^\d+(?:\.\d+)?%$/, { error: 'write a percentage: 0.1%' })
  .transform((text) => Number(text.slice(0, -1)) / 100)
  .refine((value) => value > 0 && value < 1, {
    error: 'write a percentage between 0% and 100%: no number of requests can prove 0 %',
  })
  .meta({ description: 'A percentage', examples: ['0.1%'] });

/** What each second of the load tells apart. */
const kind = z
  .enum(['all', 'reads', 'writes'])
  .default('all')
  .meta({ description: 'Which requests: each second of the load tells reads and writes apart, and no more' });

/** What ended in a second. */
function secondOf({ ok, failed, writes }: LoadTick, of: z.output<typeof kind> = 'all'): { ok: number; failed: number } {
  if (of === 'all') return { ok, failed };
  if (writes === undefined) return { ok: 0, failed: 0 };
  return of === 'writes' ? writes : { ok: ok - writes.ok, failed: failed - writes.failed };
}

export default defineCheck({
  name: 'errors',
  summary:
    'The share of requests that failed in any way (refused, reset, timed out, error answer, wrong body) stays under a limit.',
  params: z.strictObject({ below: share, of, during }),
  example: { below: '0.1%', of: 'reads', during: ['fault'] },
  refers: (p) => ({ of: p.of }),
  inPhase: (p, phase) => ({ ...p, during: [phase] }),
  evaluate: (history, p) => p.during.map((phase) => judge(history, p.below, p.of, phase)),
  stopIf: defineStopRule({
    params: z.strictObject({ above: share, of: kind }),
    example: { above: '80%', for: '20s' },
    spanMs: 1_000,
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

function judge(history: History, limit: number, what: string | undefined, phase: JudgedPhase): CheckResult {
  const { ok, failed, failures, dropped } = select(history, phase, what);
  const samples = ok + failed;
  const { lower, upper } = proportionBounds(failed, samples);
  const verdict = samples === 0 ? 'INCONCLUSIVE' : upper < limit ? 'PASS' : lower > limit ? 'FAIL' : 'INCONCLUSIVE';
  const bound = verdict === 'FAIL' ? `at least ${percent(lower)}` : `at most ${percent(upper)}`;
  const parts = [
    samples === 0 ? 'not one request' : `${failed} of ${samples} failed (${bound} with 95 % confidence)`,
    ...(failures === '' ? [] : [failures]),
    // They were never sent, so they say nothing of the system; the gates of the run do not let them pass.
    ...(dropped === 0 ? [] : [`${dropped} more were dropped by the generator and are not counted`]),
  ];
  return {
    name: `errors${ofText(what)}`,
    verdict,
    expected: `errors < ${limitText(limit)}`,
    observed: parts.join('; '),
    samples,
    during: [phase],
  };
}

import { z } from 'zod';
import { defineCheck } from '../core/check.ts';
import type { AuditFinding } from '../core/events.ts';
import { eventsOf } from '../core/history.ts';

const params = z.strictObject({
  lost: z.int().min(0).meta({ description: 'How many acknowledged writes may be lost: 0' }),
});

const NAME = 'acknowledged writes lost';

const total = (findings: readonly AuditFinding[], count: (f: AuditFinding) => number): number =>
  findings.reduce((sum, finding) => sum + count(finding), 0);

export default defineCheck({
  name: 'acknowledged_writes',
  summary:
    'Every write that was acknowledged is on the current primary after healing, with its value, once; its job has been done.',
  params,
  example: { lost: 0 },
  refers: () => ({}),
  evaluate(history, { lost: allowed }) {
    const findings = eventsOf(history, 'audit').map((event) => event.finding);
    const ended = eventsOf(history, 'audit.ended').at(-1);
    const samples = total(findings, (f) => f.acknowledged);
    const result = { name: NAME, expected: `${allowed} lost, none written twice`, samples, during: [] };
    if (ended?.complete !== true) {
      const why = ended?.problem ?? 'the writes were not looked up';
      return [{ ...result, verdict: 'INCONCLUSIVE', observed: why }];
    }
    if (samples === 0) return [{ ...result, verdict: 'INCONCLUSIVE', observed: 'not one write was acknowledged' }];
    const parts = [
      [total(findings, (f) => f.lost), 'missing'],
      [total(findings, (f) => f.wrong_value), 'with another value'],
      [total(findings, (f) => f.overwritten), 'overwritten by an older version'],
      [total(findings, (f) => f.effect_missing), 'jobs never done'],
    ] as const;
    const lost = parts.reduce((sum, [n]) => sum + n, 0);
    const twice = total(findings, (f) => f.duplicated);
    const named = parts.flatMap(([n, what]) => (n > 0 ? [`${n} ${what}`] : []));
    const examples = findings.flatMap((f) => f.examples).slice(0, 3);
    const observed = [
      `${lost} of ${samples} lost${named.length > 0 ? ` (${named.join(', ')})` : ''}, ${twice} written twice`,
      `${total(findings, (f) => f.unknown)} without an answer, ${total(findings, (f) => f.unknown_present)} of them there`,
      ...(examples.length > 0 ? [`for example ${examples.join(', ')}`] : []),
    ].join('; ');
    return [{ ...result, verdict: lost > allowed || twice > 0 ? 'FAIL' : 'PASS', observed }];
  },
});

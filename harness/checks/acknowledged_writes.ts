import { z } from 'zod';
import { defineCheck } from '../core/kinds/check.ts';
import type { AuditFinding } from '../core/record/events.ts';
import { eventsOf, type History } from '../core/record/history.ts';
import { OUTCOMES } from '../core/load/load.ts';

const params = z.strictObject({
  lost: z.int().min(0).meta({ description: 'How many acknowledged writes may be lost; 0 as a rule' }),
});

const expectation = (lost: number): string => `${lost} lost, none written twice`;

const NAME = 'acknowledged writes lost';

const OK = OUTCOMES.indexOf('ok');

/**
 * Returns why the audit did not look up every acknowledged write. Undefined when it did. The requests of the record say
 * how many acknowledged writes there were.
 */
function notLookedUp({ plan, requests }: History, findings: readonly AuditFinding[]): string | undefined {
  const audited = plan.load.workload.scenarios.flatMap((s) => s.endpoints).filter(({ audit }) => audit !== undefined);
  const counts = requests.endpoints.map(() => 0);
  for (let i = 0; i < requests.length; i += 1) {
    const endpoint = requests.endpoint[i] ?? 0;
    if (requests.outcome[i] === OK) counts[endpoint] = (counts[endpoint] ?? 0) + 1;
  }
  for (const { name } of audited) {
    const of = findings.filter(({ endpoint }) => endpoint === name);
    const [found, asked] = [total(of, (f) => f.acknowledged), counts[requests.endpoints.indexOf(name)] ?? 0];
    if (of.length !== 1 || found !== asked)
      return `of ${asked} acknowledged writes of ${name}, ${found} were looked up`;
  }
  return undefined;
}

const total = (findings: readonly AuditFinding[], count: (f: AuditFinding) => number): number =>
  findings.reduce((sum, finding) => sum + count(finding), 0);

export default defineCheck({
  name: 'acknowledged_writes',
  summary:
    'After healing, every acknowledged write is on the current primary, once and with its value, and its job was done.',
  requires: () => ['writes'],
  params,
  example: { lost: 0 },
  refers: () => ({}),
  describe: ({ lost }) => `acknowledged writes: ${expectation(lost)}`,
  evaluate(history, { lost: allowed }) {
    const findings = eventsOf(history, 'audit').map((event) => event.finding);
    const ended = eventsOf(history, 'audit.ended').at(-1);
    const samples = total(findings, (f) => f.acknowledged);
    const named = { name: NAME, expected: expectation(allowed), samples, during: [] };
    if (ended?.complete !== true) {
      const why = ended?.problem ?? 'the writes were not looked up';
      return [{ ...named, verdict: 'INCONCLUSIVE', observed: why }];
    }
    if (samples === 0) return [{ ...named, verdict: 'INCONCLUSIVE', observed: 'no write was acknowledged' }];
    const parts = [
      [total(findings, (f) => f.lost), 'missing'],
      [total(findings, (f) => f.wrong_value), 'with another value'],
      [total(findings, (f) => f.overwritten), 'overwritten by an older version'],
      [total(findings, (f) => f.effect_missing), 'jobs never done'],
    ] as const;
    const lost = parts.reduce((sum, [n]) => sum + n, 0);
    const result = { ...named, figure: { value: lost, unit: 'count', worse: 'more' } as const };
    const twice = total(findings, (f) => f.duplicated);
    const doneTwice = total(findings, (f) => f.effect_repeated);
    const reasons = parts.flatMap(([n, what]) => (n > 0 ? [`${n} ${what}`] : []));
    const examples = findings.flatMap((f) => f.examples).slice(0, 3);
    const unknown = total(findings, (f) => f.unknown);
    const written = total(findings, (f) => f.unknown_present);
    const observed = [
      `${lost} of ${samples} lost${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}, ${twice} written twice${doneTwice > 0 ? `, ${doneTwice} jobs done twice` : ''}`,
      `${unknown} without an answer, ${written} of these written`,
      ...(examples.length > 0 ? [`for example ${examples.join(', ')}`] : []),
    ].join('; ');
    if (lost > allowed || twice > 0 || doneTwice > 0) return [{ ...result, verdict: 'FAIL', observed }];
    const gap = notLookedUp(history, findings);
    return [
      gap === undefined
        ? { ...result, verdict: 'PASS', observed }
        : { ...named, verdict: 'INCONCLUSIVE', observed: gap },
    ];
  },
});

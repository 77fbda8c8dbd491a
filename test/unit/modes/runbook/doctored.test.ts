import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ChaosError } from '../../../../harness/core/errors.ts';
import { seededRandom } from '../../../../harness/core/random.ts';
import type { RunbookVerdict } from '../../../../harness/core/runbook/decide.ts';
import { validateRunbook } from '../../../../harness/modes/runbook/validate.ts';
import { readRunbook } from '../../../../harness/plan/runbook/read.ts';
import { series } from '../../../../harness/series/index.ts';
import { smallArms, type SmallArms } from '../../../helpers/doubles/small-arms.ts';

interface Doctored {
  readonly name: string;
  /** The commands below "What to do". */
  readonly steps: string;
  readonly confirm?: string;
  readonly worked?: string;
  readonly wayBack?: string;
  readonly heals?: 'by itself';
  readonly small?: SmallArms;
  readonly verdict: RunbookVerdict;
}

const fence = (attributes: object, run: string): string => `\`\`\`sh ${JSON.stringify(attributes)}\n${run}\n\`\`\`\n`;
const change = (name: string, run: string, more: object = {}): string =>
  fence({ name, in: 'db', does: 'changes', ...more }, run);

const LIMIT = change('raise-limit', 'svc limit 100', { expect: 'limit is 100' });
const START = change('start', 'svc start');
const CONFIRM = fence({ name: 'refuses', in: 'db', expect: 'refusing' }, 'svc status');
const WORKED = fence({ name: 'serves', in: 'db', expect: '/state serving/' }, 'svc status');

const textOf = ({ steps, confirm = CONFIRM, worked = WORKED, wayBack, heals }: Doctored): string => `---
fault: { break: {} }
experiment: base.yaml
healthy: [{ name: error_share, below: 1% }]
within: 15s
begins: 4s
${heals === undefined ? '' : `heals: ${heals}\n`}---

# The database refuses

## Symptom
Every request fails.

## Confirm
${confirm}
## What to do
${steps}
## How to know that it worked
${worked}
## What makes it worse
Nothing.
${wayBack === undefined ? '' : `\n## Way back\n${wayBack}`}
## When to escalate
After 5 minutes.
`;

const DOCTORED: readonly Doctored[] = [
  { name: 'right', steps: LIMIT + START, verdict: 'proven' },
  { name: 'wrong command', steps: LIMIT + change('start', 'svcctl start'), verdict: 'stale' },
  { name: 'wrong container', steps: LIMIT + change('start', 'svc start', { in: 'app' }), verdict: 'broken' },
  { name: 'wrong order', steps: START + LIMIT, verdict: 'broken' },
  { name: 'does nothing', steps: change('wait', 'true'), verdict: 'broken' },
  { name: 'heals by itself', steps: change('wait', 'true'), small: { healsMs: 6_000 }, verdict: 'unproven' },
  {
    name: 'makes it worse',
    steps: change('wreck', 'svc wreck'),
    small: { healsMs: 12_000 },
    verdict: 'harmful',
  },
  { name: 'service gone', steps: LIMIT + change('start', 'svc start', { in: 'cache' }), verdict: 'stale' },
  {
    name: 'expected text changed',
    steps: change('raise-limit', 'svc limit 100', { expect: 'limit set to 100' }) + START,
    verdict: 'stale',
  },
  { name: 'too slow', steps: LIMIT + change('start', 'svc start slowly'), verdict: 'broken' },
  {
    name: 'needs a decision',
    steps:
      fence({ name: 'decide', in: 'db', ask: 'May the limit be 100?', expect: 'limit' }, 'svc status') + LIMIT + START,
    verdict: 'proven',
  },
  {
    name: 'takes its rule back',
    steps: LIMIT + START + change('rule', 'svc rule'),
    wayBack: change('unrule', 'svc unrule'),
    verdict: 'proven',
  },
  { name: 'leaves a rule behind', steps: LIMIT + START + change('rule', 'svc rule'), verdict: 'harmful' },
  {
    name: 'confirms on a sound system',
    confirm: fence({ name: 'state', in: 'db', expect: 'state' }, 'svc status'),
    steps: LIMIT + START,
    verdict: 'misleading',
  },
  {
    name: 'says that it worked on a broken system',
    worked: fence({ name: 'state', in: 'db', expect: 'state' }, 'svc status'),
    steps: LIMIT + START,
    verdict: 'misleading',
  },
  {
    name: 'says to wait, rightly',
    heals: 'by itself',
    steps: fence({ name: 'look', in: 'db', expect: 'limit' }, 'svc status'),
    small: { healsMs: 6_000 },
    verdict: 'proven',
  },
  {
    name: 'says to wait, wrongly',
    heals: 'by itself',
    steps: fence({ name: 'look', in: 'db', expect: 'limit' }, 'svc status'),
    verdict: 'broken',
  },
];

describe('a doctored runbook', function () {
  // A hang guard.
  this.timeout(60_000);

  for (const doctored of DOCTORED)
    it(`that is "${doctored.name}" is ${doctored.verdict}, five times of five`, async () => {
      const { runbook, problems } = readRunbook('/runbooks/refuses.md', series, textOf(doctored));
      expect(problems).to.deep.equal([]);
      if (runbook === undefined) throw new TypeError('a runbook without problems is read');
      for (const seed of [1, 2, 3, 4, 5]) {
        const parts = { random: seededRandom(seed), interrupted: () => false, say: () => undefined };
        const { decision, arms } = await validateRunbook(runbook, {
          ...parts,
          run: smallArms(runbook, doctored.small),
        });
        expect(decision.verdict, `${decision.why} ${JSON.stringify(arms, undefined, 1)}`).to.equal(doctored.verdict);
      }
    });

  it('is NOT RESTORED or INTERRUPTED when an arm cannot be put back, or a person ends it: what was seen is kept', async () => {
    const [right] = DOCTORED;
    const { runbook } = readRunbook('/runbooks/refuses.md', series, textOf(right!));
    if (runbook === undefined) throw new TypeError('a runbook without problems is read');
    const arms = smallArms(runbook);
    let carried = 0;
    const run = (kind: 'control' | 'treatment') => {
      carried += 1;
      const error = { what: 'a rule is left', hint: 'chaos heal', exit: 'not-restored' } as const;
      return carried < 3 ? arms(kind) : Promise.reject(new ChaosError('CHAOS_RESIDUE', error));
    };
    const parts = { random: seededRandom(1), interrupted: () => false, say: () => undefined };
    const left = await validateRunbook(runbook, { ...parts, run });
    expect([left.decision.verdict, left.decision.why, left.arms.length]).to.deep.equal([
      'NOT RESTORED',
      'a rule is left',
      2,
    ]);
    const ended = await validateRunbook(runbook, { ...parts, run: smallArms(runbook), interrupted: () => true });
    expect([ended.decision.verdict, ended.arms.length]).to.deep.equal(['INTERRUPTED', 1]);
  });
});

import { expect } from 'chai';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { armsIn } from '../../harness/commands/common/runbook-arms.ts';
import { seededRandom } from '../../harness/core/random.ts';
import type { RunbookVerdict } from '../../harness/core/runbook/decide.ts';
import { catalogue, sessionParts, topologySpec } from '../../harness/main.ts';
import { validateRunbook } from '../../harness/modes/runbook/validate.ts';
import { readRunbook } from '../../harness/plan/index.ts';
import { openSession } from '../../harness/session/open-session.ts';
import { ROOT } from '../helpers/chaos.ts';
import { drawn } from '../helpers/drawn.ts';

const FOLDER = join(ROOT, 'test', 'fixtures', 'runbooks');
const TOPOLOGY = join(ROOT, 'test', 'fixtures', 'topologies', 'one.yml');
const LENGTHS = { warmup: 500, baseline: 3_000, recovery: 1_000, watched: 4_000 };

interface Doctored {
  readonly name: string;
  readonly confirm?: string;
  /** The command below "What to do", and what it must print. */
  readonly step: string;
  readonly expect?: string;
  readonly verdict: RunbookVerdict;
}

const ROOM = 'df -B1 --output=avail /dev/shm | tail -n 1';
const FULL = `[ "$(${ROOM})" -lt 8192 ] && echo full || echo room`;

/** Six arms each. */
const LONG: readonly Doctored[] = [
  { name: 'right', step: 'rm -f /dev/shm/.chaos-full', verdict: 'proven' },
  { name: 'does nothing', step: 'true', verdict: 'broken' },
  { name: 'too little', step: 'truncate -s -4096 /dev/shm/.chaos-full', verdict: 'broken' },
];
/** One arm is enough. */
const SHORT: readonly Doctored[] = [
  { name: 'wrong command', step: 'free-the-disk', verdict: 'stale' },
  { name: 'expected text changed', step: 'rm -v -f /dev/shm/.chaos-full', expect: 'deleted', verdict: 'stale' },
  {
    name: 'confirms on a sound system',
    confirm: 'echo full',
    step: 'rm -f /dev/shm/.chaos-full',
    verdict: 'misleading',
  },
];

const fence = (attributes: object, run: string): string => `\`\`\`sh ${JSON.stringify(attributes)}\n${run}\n\`\`\`\n`;

const textOf = ({ confirm = FULL, step, expect: wanted }: Doctored): string => `---
fault: { disk_full: { service: web, path: /dev/shm } }
experiment: one.yaml
healthy: [{ name: error_share, below: 1% }]
within: 4s
begins: 1s
---

# The disk is full

## Symptom
Requests fail.
## Confirm
${fence({ name: 'look', in: 'web', expect: 'full' }, confirm)}
## What to do
${fence({ name: 'act', in: 'web', does: 'changes', ...(wanted === undefined ? {} : { expect: wanted }) }, step)}
## How to know that it worked
${fence({ name: 'room', in: 'web', expect: 'room' }, FULL)}
## What makes it worse
Nothing.
## When to escalate
After a minute.
`;

describe('a runbook on one real container', function () {
  // A hang guard: six arms take a minute and a half.
  this.timeout(600_000);

  for (const doctored of [...drawn(LONG, 1), ...drawn(SHORT, 2)])
    it(`that is "${doctored.name}" is ${doctored.verdict}`, async function () {
      const { runbook, problems } = readRunbook(join(FOLDER, 'disk-full.md'), catalogue.series, textOf(doctored));
      expect(problems).to.deep.equal([]);
      if (runbook === undefined) throw new TypeError('a runbook without problems is read');
      const reports = mkdtempSync(join(tmpdir(), 'runbook-'));
      const world = { env: process.env, root: ROOT, cwd: ROOT, command: 'test', say: () => undefined };
      await using session = await openSession(
        topologySpec([TOPOLOGY], process.env),
        sessionParts({ ...world, reports }),
      );
      const { decision, arms } = await validateRunbook(runbook, {
        run: armsIn(session, runbook, catalogue, world, {
          first: LENGTHS,
          next: LENGTHS,
        }),
        interrupted: () => false,
        random: seededRandom(1),
        say: () => undefined,
      });
      // A shared host gives the processor to other guests, whatever the code does. Then the arms rightly prove nothing.
      const voids = arms.flatMap(({ void: why }) => why ?? []);
      if (decision.verdict === 'INCONCLUSIVE' && voids.every((why) => why.includes('hypervisor'))) {
        process.stdout.write(`skipped: the host is too busy to judge a runbook: ${voids.join('; ')}\n`);
        this.skip();
      }
      expect(decision.verdict, `${decision.why} ${JSON.stringify(arms, undefined, 1)}`).to.equal(doctored.verdict);
    });
});

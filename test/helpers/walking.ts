import { carryingOut } from '../../harness/commands/common/walk-hold.ts';
import { systemClock } from '../../harness/core/clock.ts';
import { redactor } from '../../harness/core/text/redact.ts';
import type { WalkState } from '../../harness/core/runbook/walk.ts';
import { WalkServer } from '../../harness/modes/runbook/walk/server.ts';
import { walk } from '../../harness/modes/runbook/walk/walk.ts';
import { type ReadRunbook, readRunbook } from '../../harness/plan/runbook/read.ts';
import { walkPage } from '../../harness/reporters/html/walk/page.ts';
import { series } from '../../harness/series/index.ts';
import { SmallSystem } from './doubles/small-system.ts';

export const WALK_TOKEN = 'a-token-of-a-test';
/** A text in the sample that nobody may see. */
export const WALK_SECRET = 'hunter2hunter2';

const fence = (attributes: object, run: string): string => `\`\`\`sh ${JSON.stringify(attributes)}\n${run}\n\`\`\`\n`;

const TEXT = `---
fault: { break: {} }
experiment: base.yaml
healthy: [{ name: error_share, below: 1% }]
within: 15s
begins: 4s
---

# The database <refuses>

## Symptom

Every request fails with \`503 <b>\`.

## Confirm

The database says what it does.

${fence({ name: 'refuses', in: 'db', expect: 'refusing' }, 'svc status')}
## What to do

First give it room. The word is ${WALK_SECRET}.

${fence({ name: 'raise-limit', in: 'db', does: 'changes', expect: 'limit is 100' }, 'svc limit 100')}
Then start it.

${fence({ name: 'start', in: 'db', does: 'changes', ask: 'Does its owner know that it is started?' }, 'svc start')}
## How to know that it worked

${fence({ name: 'serves', in: 'db', expect: '/state serving/' }, 'svc status')}
## What makes it worse

- A lower limit.

## When to escalate

After 5 minutes.
`;

/** A runbook for the small system: two steps that look and two that change something. */
export function sampleRunbook(text = TEXT): ReadRunbook {
  const { runbook, problems } = readRunbook('/runbooks/database-refuses.md', series, text);
  if (runbook === undefined) throw new TypeError(`the sample cannot be read: ${JSON.stringify(problems)}`);
  return runbook;
}

/** The small system, broken. */
export function brokenSystem(): SmallSystem {
  const system = new SmallSystem({ now: () => systemClock.now() });
  system.breakIt();
  return system;
}

export interface Walking extends AsyncDisposable {
  readonly system: SmallSystem;
  readonly server: WalkServer;
  readonly url: string;
  /** Resolves with what became of the walk. */
  readonly over: Promise<WalkState>;
}

/** Walks the sample on a page of this machine, as `chaos runbook walk --page` does. `dry`: as without `--do`. */
export async function walking({ dry = false } = {}): Promise<Walking> {
  const system = brokenSystem();
  const runbook = sampleRunbook();
  const ending = new AbortController();
  const redact = redactor([WALK_SECRET]);
  const server = new WalkServer({
    port: 0,
    page: walkPage('1.2.3'),
    token: WALK_TOKEN,
    sections: JSON.parse(redact(JSON.stringify(runbook.sections))) as ReadRunbook['sections'],
    clock: systemClock,
    end: () => ending.abort(),
  });
  const url = `http://127.0.0.1:${await server.listen()}`;
  const act = dry ? undefined : carryingOut(runbook, system.topology);
  const over = walk(runbook, { face: server, act, redact, ending: ending.signal });
  return {
    system,
    server,
    url,
    over,
    async [Symbol.asyncDispose]() {
      ending.abort();
      await over;
      await server[Symbol.asyncDispose]();
    },
  };
}

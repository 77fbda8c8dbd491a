import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { say } from './figures.ts';

// The laws of all faults on real containers: each alone, or each pair that holds one property together.
const HELP = `Usage: npm run laws -- [--pairs [--only FAULT,FAULT] [--minutes 60] [--fresh] [--write]]
  (nothing)        every fault alone: it bites, the audit names it, and it always comes back
  --pairs          every two faults that hold one property, healed in both orders: what was there before comes back
  --only NAMES     only pairs of these faults
  --minutes N      begin no further pair after N minutes. A second call goes on with the pairs that are not tried yet
  --fresh          forget what was tried before
  --write          write the table into docs/pairs.md
Exit 1 when something was left.
Example: npm run laws -- --pairs --only cpu_limit,remove`;

const LAWS = fileURLToPath(new URL('../integration/laws.test.ts', import.meta.url));

const { values } = parseArgs({
  options: {
    pairs: { type: 'boolean', default: false },
    only: { type: 'string' },
    minutes: { type: 'string', default: '60' },
    fresh: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) say(HELP);
else if (values.pairs) {
  const { tryPairs } = await import('./pairs.ts');
  await tryPairs({ ...values, only: values.only?.split(','), minutes: Number(values.minutes) });
} else {
  const env = { ...process.env, CHAOS_TESTS: 'all' };
  const { status } = spawnSync('mocha', [LAWS], { stdio: 'inherit', env });
  process.exitCode = status ?? 1;
}

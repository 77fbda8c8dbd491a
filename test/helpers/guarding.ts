import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { systemClock } from '../../harness/core/clock.ts';
import { standBy } from '../../harness/session/guardian/stand-by.ts';

// A guardian in a process of its own, like the real guardian. It heals nothing: it writes its duty into healed.json.
const duty = await standBy({
  input: createInterface({ input: process.stdin }),
  output: process.stdout,
  clock: systemClock,
  leaseMs: 2_000,
});
process.stdin.destroy();
if (duty !== undefined) {
  const { watch, run, startedTopology, hung } = duty;
  const told = { run: run?.run ?? null, startedTopology, hung };
  writeFileSync(join(watch.reports, 'healed.json'), JSON.stringify(told));
}

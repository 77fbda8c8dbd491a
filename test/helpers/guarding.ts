import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { systemClock } from '../../harness/core/clock.ts';
import { standBy } from '../../harness/engine/stand-by.ts';

// A guardian that heals nothing and writes down that it would: in a process of its own, as the real one is.
const duty = await standBy({
  input: createInterface({ input: process.stdin }),
  output: process.stdout,
  clock: systemClock,
  leaseMs: 2_000,
});
process.stdin.destroy();
if (duty !== undefined) {
  const { watch, startedTopology, hung } = duty;
  writeFileSync(join(watch.dir, 'healed.json'), JSON.stringify({ run: watch.run, startedTopology, hung }));
}

import { createInterface } from 'node:readline';
import { systemClock } from '../../harness/core/clock.ts';
import { standBy } from '../../harness/session/guardian/stand-by.ts';

// As guarding.ts, and it waits long: a session in the process of a browser's test may be silent for some seconds while the
// machine is busy, and a guardian kills a silent process. It heals nothing, because nothing but values is broken.
await standBy({
  input: createInterface({ input: process.stdin }),
  output: process.stdout,
  clock: systemClock,
  leaseMs: 120_000,
});
process.stdin.destroy();

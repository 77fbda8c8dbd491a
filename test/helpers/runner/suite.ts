import { afterEach, describe, it } from 'mocha';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSession } from '../../../harness/session/open-session.ts';
import type { Session } from '../../../harness/session/session.ts';
import { MemoryTopology, SPEC } from '../doubles/topology.ts';
import { partsOf, serveEntry, SHORT, untilInForce } from '../samples/session.ts';

// A suite as a user of the library has it, on a topology in memory. CHAOS_RUNNER says what happens in its fault, and where
// the runs and what the guardian did are written.
const { how = '', dir = '' } = JSON.parse(process.env['CHAOS_RUNNER'] ?? '{}') as { how?: string; dir?: string };
const topology = new MemoryTopology();

describe('a suite of a user', () => {
  let spec = SPEC;
  let session: Session | undefined;
  serveEntry((served) => (spec = served));
  afterEach(async () => {
    if (how !== 'timeout, closed') return;
    await session?.close();
    writeFileSync(join(dir, 'wrong.json'), JSON.stringify(topology.wrong));
  });

  it('breaks something', async function () {
    this.timeout(how.startsWith('timeout') ? 3_000 : 60_000);
    session = await openSession(spec, partsOf(topology, spec, { reports: dir }));
    const { subscriber, inForce } = untilInForce();
    const plan = { ...SHORT, topology: spec, phases: { ...SHORT.phases, fault: 60_000 } };
    const running = session.run(plan, { subscribers: [subscriber] });
    await inForce;
    writeFileSync(join(dir, 'in-force'), session.lastRun ?? '');
    if (how === 'process.exit') process.exit(3);
    if (how === 'throws outside')
      setTimeout(() => {
        throw new Error('a crash');
      });
    await running;
  });
});

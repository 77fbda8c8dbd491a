import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startGuardian } from '../../harness/engine/guardian-process.ts';
import { processId } from '../../harness/core/process-id.ts';
import { SPEC } from './topology.ts';

// A run that does nothing but keep a guardian: it does what its input says, and says what happens.
const [dir = ''] = process.argv.slice(2);
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const guardian = await startGuardian(fileURLToPath(new URL('./guarding.ts', import.meta.url)), {
  dir,
  run: 'guarded',
  lock: '',
  reports: dir,
  keep: false,
  runner: processId(process.pid),
  topology: SPEC,
});
guardian.subscribe({
  replaced: (pid, was) => say(`replaced ${pid} ${was}`),
  lost: (why, was) => say(`lost ${why}; the last ${was}`),
});
guardian.startedTopology();
say(`guardian ${guardian.pid}`);
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'hold') guardian.hold();
  if (line === 'rest') guardian.rest();
  if (line === 'block') for (;;); // the event loop, for good
  if (line === 'done') {
    await guardian.done();
    break;
  }
  if (line === 'leave') break;
  say(`did ${line}`);
}
process.stdin.destroy();

import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGuardian } from '../../harness/session/guardian/keeper.ts';
import { processId } from '../../harness/disk/process-id.ts';
import { SPEC } from './doubles/topology.ts';

// A process that plays a session and only keeps a guardian. It obeys the words that it reads, and prints what happens.
const [dir = ''] = process.argv.slice(2);
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const guardian = startGuardian({
  script: fileURLToPath(new URL('./guarding.ts', import.meta.url)),
  log: join(dir, 'guardian.log'),
  answerMs: 2_000,
  leavingMs: 500,
  watch: {
    places: dir,
    claim: 1,
    reports: dir,
    keep: false,
    tellsNobody: false,
    runner: processId(process.pid),
    topology: SPEC,
  },
});
await guardian.standing();
guardian.subscribe({
  replaced: (pid, was) => say(`replaced ${pid} ${was}`),
  lost: (why, was) => say(`lost ${why}; the last ${was}`),
});
guardian.startedTopology();
say(`guardian ${guardian.pid}`);
for await (const line of createInterface({ input: process.stdin })) {
  const [word, run = ''] = line.split(' ');
  if (word === 'run') guardian.watchRun({ run, dir });
  if (word === 'over') guardian.runOver();
  if (word === 'hold') guardian.hold();
  if (word === 'rest') guardian.rest();
  if (word === 'block') for (;;); // blocks the event loop for ever
  if (word === 'done') {
    await guardian.done();
    break;
  }
  if (word === 'hand-over') await guardian.leave();
  if (word === 'leave') break;
  say(`did ${line}`);
}
process.stdin.destroy();

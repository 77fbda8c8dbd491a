import { createInterface } from 'node:readline';
import { secretsOf } from './core/secrets.ts';
import { logLevel, openLog } from './log.ts';
import { clock, catalogue, fileReporters, resultStore, topologyControl } from './main.ts';
import { judgeFolder, writeResults } from './engine/finish.ts';
import { recover } from './engine/guardian.ts';
import { Lock } from './engine/lock.ts';
import { type Duty, standBy } from './engine/stand-by.ts';

// The guardian outlives its run: a process in a session of its own, told of the run on its input. When the input ends
// without "done", the run is dead, and when the run falls silent with faults in force, it hangs: then the guardian puts
// everything back.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const duty = await standBy({
  input: createInterface({ input: process.stdin }),
  output: process.stdout,
  clock,
});
// What a hung run had left of its input would keep this process waiting.
process.stdin.destroy();
if (duty !== undefined) await heal(duty);

async function heal({ watch, startedTopology, hung }: Duty): Promise<void> {
  const { dir, lock, reports, keep, topology: spec } = watch;
  const redact = secretsOf(process.env, spec);
  using log = openLog({ dir, by: 'guardian', level: logLevel(process.env), redact });
  await using topology = topologyControl(spec, process.env, log);
  await recover({ dir, by: 'guardian', topology, clock, down: startedTopology && !keep, hung, redact });
  const judged = judgeFolder(dir, catalogue);
  await writeResults(dir, judged, {
    reporters: fileReporters,
    openStore: () => resultStore(reports, process.env, spec),
    redact,
    warn: (message) => process.stderr.write(redact(`${message}\n`)),
  });
  // What could not be put back keeps the lock, so that the next run does not start over it.
  if (judged.document.restored) new Lock(lock).release();
}

import { createInterface } from 'node:readline';
import { secretsOf } from './core/secrets.ts';
import { logLevel, openLog } from './log.ts';
import { clock, catalogue, fileReporters, resultStore, topologyControl } from './main.ts';
import { judgeFolder, writeResults } from './engine/finish.ts';
import { recover } from './engine/guardian.ts';
import type { GuardianMessage, Watch } from './engine/guardian-process.ts';
import { Lock } from './engine/lock.ts';

// The guardian outlives its run: a process in a session of its own, told of the run on its input. When the input ends
// without "done", the run is dead, and the guardian puts everything back.
let watch: Watch | undefined;
let startedTopology = false;
let child: number | undefined;
let done = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as GuardianMessage;
  if (message.tell === 'watch') {
    watch = message;
    process.stdout.write('ready\n');
  } else if (message.tell === 'started-topology') startedTopology = true;
  else if (message.tell === 'child') child = message.pid;
  else done = true;
}

if (!done && watch !== undefined) await heal(watch);

async function heal({ dir, lock, reports, keep, topology: spec }: Watch): Promise<void> {
  endChild();
  const redact = secretsOf(process.env, spec);
  using log = openLog({ dir, by: 'guardian', level: logLevel(process.env), redact });
  await using topology = topologyControl(spec, process.env, log);
  await recover({ dir, by: 'guardian', topology, clock, down: startedTopology && !keep, redact });
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

/** `docker compose up` must not go on bringing up what is being taken down. */
function endChild(): void {
  try {
    if (child !== undefined) process.kill(child, 'SIGKILL');
  } catch {
    // It had ended already.
  }
}

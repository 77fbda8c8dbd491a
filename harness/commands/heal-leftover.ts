import { eventsOf } from '../core/history.ts';
import type { RunDocument } from '../core/run.ts';
import { secretsOf } from '../core/secrets.ts';
import type { World } from '../core/world.ts';
import { readEvents } from '../engine/event-log.ts';
import { judgeFolder, writeResults } from '../engine/finish.ts';
import { recover } from '../engine/guardian.ts';
import type { Lock, LockHolder } from '../engine/lock.ts';
import { logLevel, openLog } from '../log.ts';
import { catalogue, clock, fileReporters, reportsDir, resultStore, topologyControl } from '../main.ts';
import { readTopology } from '../plan/index.ts';

/** Heals by a dead run's record, when its guardian is dead too; the run's folder says what was done. */
export async function healLeftover(holder: LockHolder, lock: Lock, world: World): Promise<RunDocument | undefined> {
  const started = eventsOf({ events: readEvents(holder.dir) }, 'run.started')[0];
  if (started === undefined) {
    lock.release(); // it died before its first side effect
    return undefined;
  }
  // The record is redacted: passwords come from the compose files and the environment, as they did for the run.
  const spec = readTopology(started.plan.topology.files, world.env);
  const redact = secretsOf(world.env, spec);
  using log = openLog({ dir: holder.dir, by: 'heal', level: logLevel(world.env), redact });
  await using topology = topologyControl(spec, world.env, log);
  await recover({ dir: holder.dir, by: 'heal', topology, clock, down: false, redact });
  const judged = judgeFolder(holder.dir, catalogue);
  await writeResults(holder.dir, judged, {
    reporters: fileReporters,
    openStore: () => resultStore(reportsDir(world.root, world.env), world.env, spec),
    redact,
    warn: (message) => world.err.write(`warning: ${message}\n`),
  });
  if (judged.document.restored) lock.release();
  return judged.document;
}

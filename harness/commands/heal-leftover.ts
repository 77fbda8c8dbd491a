import { ChaosError } from '../core/errors.ts';
import { eventsOf } from '../core/history.ts';
import type { RunDocument } from '../core/run.ts';
import { secretsOf } from '../core/secrets.ts';
import type { World } from '../core/world.ts';
import { readEvents } from '../engine/event-log.ts';
import { judgeFolder, writeResults } from '../engine/finish.ts';
import { recover } from '../engine/guardian.ts';
import { logLevel, openLog } from '../log.ts';
import { catalogue, clock, fileReporters, reportsDir, resultStore, topologyControl } from '../main.ts';
import { readTopology } from '../plan/index.ts';

/**
 * Heals by a dead run's record, when its guardian is dead too; the run's folder says what was done. Undefined when it had
 * died before its first side effect.
 */
export async function healLeftover(dir: string, world: World): Promise<RunDocument | undefined> {
  const started = eventsOf({ events: readEvents(dir) }, 'run.started')[0];
  if (started === undefined) return undefined;
  // The record is redacted: passwords come from the compose files and the environment, as they did for the run.
  const spec = readTopology(started.plan.topology.files, world.env);
  const { project } = started.plan.topology;
  if (spec.project !== project) {
    throw new ChaosError('CHAOS_OTHER_TOPOLOGY', {
      what: `the run was on the topology "${project}", and the environment means "${spec.project}"`,
      hint: `Set what was set for the run, CHAOS_PROJECT=${project} and its ports, and run this again.`,
      exit: 'bad-input',
    });
  }
  const redact = secretsOf(world.env, spec);
  using log = openLog({ dir, by: 'heal', level: logLevel(world.env), redact });
  await using topology = topologyControl(spec, world.env, log);
  await recover({ dir, by: 'heal', topology, clock, down: false, redact });
  const judged = judgeFolder(dir, catalogue);
  await writeResults(dir, judged, {
    reporters: fileReporters,
    openStore: () => resultStore(reportsDir(world.root, world.env), world.env, spec),
    redact,
    warn: (message) => world.err.write(`warning: ${message}\n`),
  });
  return judged.document;
}

import { dirname } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { eventsOf } from '../core/record/history.ts';
import { secretsOf } from '../core/text/secrets.ts';
import type { Env } from '../core/topology/compose.ts';
import type { Recovered } from '../heal/recover.ts';
import { putRight } from '../heal/without-record.ts';
import { readEvents } from '../record/event-log.ts';
import type { RunNotes } from './notes.ts';
import type { SessionParts } from './parts.ts';
import { recoverAndReport } from './recover-and-report.ts';

/** A run that is dead, and what is known about it. */
export interface Leftover extends Pick<RunNotes, 'topology' | 'env'> {
  /** The run's folder. Undefined when nobody knows it: then nothing is recorded. */
  readonly dir: string | undefined;
  /** The folder of the run's journal. */
  readonly journal: string;
}

/** The variables that belong to the process that heals, and not to the run: where programs and the engine are. */
const OWN = /^(?:PATH|HOME|USER|TMPDIR|LANG|DOCKER_.*|XDG_.*)$/;

/** Heals what a dead run left, when the guardian of that run is dead too. The journal of the run says what to undo, and
 * the record of the run receives what the healing does. When nobody knows the folder of the run, everything is repaired
 * that is not as it should be, and nothing is recorded. */
export async function healLeftover(left: Leftover, parts: SessionParts): Promise<Recovered> {
  const { dir, journal, topology: spec } = left;
  const env = environmentOf(left, parts.env);
  const redact = secretsOf({ ...parts.env, ...env }, spec);
  if (dir === undefined) {
    await using topology = parts.topologyControl(spec, { env });
    const right = await putRight({ topology, clock: parts.clock, say: (line) => parts.say(line), journal });
    if (right.restored) parts.out.idle(spec.project);
    return right;
  }
  using log = parts.openLog(dir, 'heal', redact);
  await using topology = parts.topologyControl(spec, { env, log });
  return await recoverAndReport(
    { dir, journal, by: 'heal', topology, clock: parts.clock, down: false, redact },
    {
      catalogue: parts.catalogue,
      reporters: parts.reporters,
      out: parts.out,
      openStore: () => parts.openStore(dirname(dir), spec),
      writeIndex: () => parts.writeIndex(dirname(dir)),
      warn: (message) => parts.say(`warning: ${message}`),
    },
  );
}

/** Returns the environment of a dead run, as far as its compose files use it. */
function environmentOf({ env }: Leftover, mine: Env): Env {
  const own = Object.entries(mine).filter(([name]) => OWN.test(name));
  return { ...env, ...Object.fromEntries(own) };
}

/**
 * Returns what the record of a run says about the run. A record is masked, so passwords come from the compose files and
 * the environment, as they did for the run. Throws CHAOS_OTHER_TOPOLOGY when the environment names another topology.
 * Returns undefined when the run died before its first side effect.
 */
export function recordedLeftover(dir: string, parts: SessionParts): Leftover | undefined {
  const started = eventsOf({ events: readEvents(dir) }, 'run.started')[0];
  if (started === undefined) return undefined;
  const spec = parts.readTopology(started.plan.topology);
  const { project } = started.plan.topology;
  if (spec.project !== project) {
    throw new ChaosError('CHAOS_OTHER_TOPOLOGY', {
      what: `the run was on the topology "${project}", and the environment names "${spec.project}"`,
      hint: `Set CHAOS_PROJECT=${project} and the ports as for the run. Then run this command again.`,
      exit: 'bad-input',
    });
  }
  // Earlier versions kept the journal in the run's folder.
  return { dir, journal: dir, topology: spec, env: parts.env };
}

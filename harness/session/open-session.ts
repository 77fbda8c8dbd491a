import { NO_OUT } from '../core/out/out.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import { type Guardian, startGuardian } from './guardian/keeper.ts';
import { HeldTopology } from './held-topology.ts';
import type { SessionParts } from './parts.ts';
import { placesOf } from './places.ts';
import type { Session, SessionOptions } from './session.ts';
import { takeHealed } from './take.ts';

/**
 * Takes the topology. Throws CHAOS_RUN_ACTIVE when another session holds it, and CHAOS_STOPPED when its kill switch is
 * on. First heals what a dead session left. Then starts a guardian, a process of its own. From then on nothing happens
 * to the topology before the guardian stands by. When this process dies, the guardian puts everything back. When this
 * process hangs with faults in force, the guardian kills it first. No signal handler is installed, and this process is
 * never ended from within.
 */
export async function openSession(
  spec: TopologySpec,
  parts: SessionParts,
  options: SessionOptions = {},
): Promise<Session> {
  const { keep = false, bringUp = 'at once', waits = false, tellsNobody = false } = options;
  const places = await placesOf(parts.state, parts.engine, spec.project);
  const before = places.lock.read();
  places.stop.assertAbsent(before.state === 'running' ? before.holder.run : undefined);
  const taken = await takeHealed(places, 'session', spec, parts);
  const { claim, holder } = taken;
  let guardian: Guardian;
  try {
    const { reports, guardianScript: script } = parts;
    guardian = startGuardian({
      script,
      log: places.guardianLog,
      watch: { places: places.folder, claim, reports, keep, tellsNobody, runner: holder.runner, topology: spec },
    });
  } catch (error) {
    taken[Symbol.dispose]();
    throw error;
  }
  const own = tellsNobody ? { ...parts, out: NO_OUT } : parts;
  const session = new HeldTopology({ spec, parts: own, keep, waits, places, claim, holder, guardian });
  try {
    if (bringUp === 'at once') await session.bringUp();
    session.rest();
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

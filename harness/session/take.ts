import { ChaosError } from '../core/errors.ts';
import type { Residue } from '../core/topology/residue.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import { processId } from '../disk/process-id.ts';
import { privateFolder } from '../disk/whole.ts';
import { awaitGuardian } from './await-guardian.ts';
import { healLeftover } from './heal-leftover.ts';
import type { OpenRun } from './notes.ts';
import type { SessionParts } from './parts.ts';
import type { Places } from './places.ts';
import { type Doing, heldBy, type LockHolder } from './topology-lock.ts';

/** A topology that this process holds until it is released. */
export interface Taken extends Disposable {
  readonly claim: number;
  readonly holder: LockHolder;
}

/** A run that a dead process left behind, and the result of its healing. */
export interface Healed {
  readonly run: string;
  readonly restored: boolean;
  readonly residue: readonly Residue[];
}

/**
 * Takes a topology for this process, also from a dead holder. Waits for a guardian that heals. Throws CHAOS_RUN_ACTIVE
 * when another process holds the topology. Heals nothing: see `healLeft`.
 */
export async function take(places: Places, doing: Doing, parts: SessionParts): Promise<Taken> {
  const { lock } = places;
  const state = await awaitGuardian(lock, parts.clock, (text) => parts.say(text));
  if (state.state === 'running') throw heldBy(state);
  const holder: LockHolder = {
    doing,
    run: undefined,
    dir: undefined,
    place: parts.root,
    since: new Date().toISOString(),
    runner: processId(process.pid),
    guardian: undefined,
  };
  privateFolder(places.folder);
  const claim = lock.acquire(holder);
  return { claim, holder, [Symbol.dispose]: () => lock.release(claim) };
}

/**
 * Heals what dead runs left on a topology, the newest run first. This process must hold the topology, so that no two
 * processes heal the same run. `spec` is used for a run whose notes cannot be read.
 */
export async function healLeft(places: Places, spec: TopologySpec, parts: SessionParts): Promise<readonly Healed[]> {
  const healed: Healed[] = [];
  for (const open of places.notes.all()) healed.push(await healOpenRun(open, places, spec, parts));
  return healed;
}

/**
 * Heals what one dead run left, or one dead command that changed the topology. Its notes are removed when nothing of it is
 * left.
 */
export async function healOpenRun(
  { run, folder, notes }: OpenRun,
  places: Places,
  spec: TopologySpec,
  parts: SessionParts,
): Promise<Healed> {
  parts.say(`healing what ${run} left behind: its processes are dead`);
  const { dir, topology, env } = notes ?? { dir: undefined, topology: spec, env: parts.env };
  const { restored, residue } = await healLeftover({ dir, topology, env, journal: folder }, parts);
  if (restored) {
    places.notes.remove(run);
    parts.say(`what ${run} left behind is put back`);
  }
  return { run, restored, residue };
}

/** Takes a topology and heals what was left on it. Throws CHAOS_RESIDUE when something could not be put back. */
export async function takeHealed(
  places: Places,
  doing: Doing,
  spec: TopologySpec,
  parts: SessionParts,
): Promise<Taken> {
  const taken = await take(places, doing, parts);
  try {
    const bad = (await healLeft(places, spec, parts)).find(({ restored }) => !restored);
    if (bad === undefined) return taken;
    const left = bad.residue.map((r) => `${r.kind} ${r.target}`).join('; ');
    throw new ChaosError('CHAOS_RESIDUE', {
      what: `what ${bad.run} left behind could not be put back: ${left || 'the topology is not healthy'}`,
      hint: [...bad.residue.map((r) => r.how_to_undo), 'chaos heal'].join('\n'),
      exit: 'not-restored',
    });
  } catch (error) {
    taken[Symbol.dispose]();
    throw error;
  }
}

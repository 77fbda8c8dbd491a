import { ChaosError, describeError } from '../core/errors.ts';
import { idPrefix } from '../core/load/load.ts';
import type { Plan } from '../core/plan/plan.ts';
import { can } from '../core/topology/capability.ts';
import type { GuardianOfRun } from './guarding.ts';
import type { Healer } from '../heal/undo.ts';
import { waitHealthy } from '../heal/health.ts';
import { silentIn, type Snapshot } from '../core/topology/snapshot/snapshot.ts';
import { MARKER } from '../judge/reconcile/hop-lines.ts';
import type { Look } from '../core/topology/control.ts';
import type { Progress } from './progress.ts';
import { targetsRead } from './targets-read.ts';

/** A topology that is already up has this long to become healthy, milliseconds. */
const READY_MS = 20_000;
/** Milliseconds between two looks while a part of the topology gives no values. */
const LOOK_AGAIN_MS = 1_000;

interface PrepareOptions {
  readonly plan: Plan;
  readonly run: string;
  readonly healer: Healer;
  readonly guardian: GuardianOfRun;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Called before the topology is brought up: a run that ends early may have to take down half a topology. */
  readonly onStart: () => void;
}

/**
 * Brings the topology up when it is absent, and waits until it is healthy. When the topology was kept without what is to
 * watch this run, brings that up, and leaves it with the topology. Waits until its Prometheus has read everything once.
 * Touches nothing before a guardian stands by. Throws CHAOS_NOT_HEALTHY with the exit "not-ready".
 */
export async function makeHealthy(options: PrepareOptions): Promise<void> {
  const { healer, guardian, progress, signal, onStart } = options;
  const { topology } = healer;
  if ((await progress.answered(topology.presence())) === 'absent') {
    await guardian.standing();
    onStart();
    await progress.step('bringing the topology up', () => topology.up(signal, (pid) => guardian.child(pid)));
  } else {
    await addWatchers(options);
  }
  await progress.step('waiting until the topology is healthy', async () => {
    const missing = await progress.answered(waitHealthy(healer, READY_MS, signal));
    if (missing !== undefined)
      throw notReady('CHAOS_NOT_HEALTHY', `the topology is not healthy: ${missing.join('; ')}`);
  });
  await waitForFirstReading(options);
}

/** The run goes on when something was not read in time: what needs figures of it says that they are missing. */
async function waitForFirstReading({ plan, healer, progress, signal }: PrepareOptions): Promise<void> {
  if ((plan.topology.monitoring?.services ?? []).length === 0) return;
  const { topology, clock, emit } = healer;
  await progress.step('waiting until Prometheus has read everything once', async () => {
    const missing = await progress.answered(targetsRead({ monitoring: topology.monitoring, clock, signal }));
    if (missing === undefined) return;
    const message = `the load begins before everything was read once: ${missing}. Counts of the beginning may be missing in Prometheus.`;
    emit({ t: clock.now(), kind: 'note', message });
  });
}

async function addWatchers({ plan, healer, guardian, progress, signal }: PrepareOptions): Promise<void> {
  const { topology } = healer;
  const watchers = plan.topology.monitoring?.services ?? [];
  const counts = await progress.answered(Promise.all(watchers.map((service) => topology.containers.count(service))));
  const lacking = watchers.filter((_, i) => counts[i] === 0);
  if (lacking.length === 0) return;
  await guardian.standing();
  await progress.step(
    `bringing up ${lacking.join(', ')}: the topology was kept without, and keeps them from now on`,
    () => topology.up(signal, (pid) => guardian.child(pid), lacking),
  );
}

/**
 * Looks for residue of earlier faults, resets the data to what was generated if the topology can, and asks the entry.
 * Resolves with the snapshot with which the world is compared after healing. Throws CHAOS_RESIDUE, CHAOS_NOT_HEALTHY or
 * CHAOS_ENTRY_DEAD, each with the exit "not-ready".
 */
export async function startClean(options: Omit<PrepareOptions, 'onStart' | 'signal'>): Promise<Snapshot> {
  const { plan, run, healer, guardian, progress } = options;
  const { topology, clock, emit } = healer;
  const { residue, snapshot } = await firstLook(healer, progress);
  if (residue.length > 0) {
    const found = residue.map((r) => `${r.kind} ${r.target}`).join('; ');
    throw notReady('CHAOS_RESIDUE', `something is left of an earlier fault: ${found}`);
  }
  await guardian.standing();
  if (can(topology.spec, 'reset')) {
    await progress.step('putting the data back to what it was', async () => {
      const fingerprint = await progress.answered(topology.data.reset());
      const message =
        fingerprint === '' ? 'the data was put back; it has no fingerprint' : `data fingerprint ${fingerprint}`;
      emit({ t: clock.now(), kind: 'note', message });
    });
  } else {
    emit({ t: clock.now(), kind: 'note', message: 'the data was not put back: x-chaos does not say how' });
  }
  await progress.step('asking the entry for its readiness', () => entryAnswers(plan, run));
  return snapshot;
}

/**
 * Looks until every part of the topology has given its values. On a busy host a database may need longer than a look
 * gives it. A snapshot without its values would call the sound database of later changed.
 */
async function firstLook({ topology, clock }: Healer, progress: Progress): Promise<Look> {
  const until = clock.now() + READY_MS;
  for (;;) {
    const look = await progress.answered(topology.look());
    const silent = silentIn(look.snapshot);
    if (silent.length === 0) return look;
    if (clock.now() >= until)
      throw notReady('CHAOS_NOT_HEALTHY', `nothing could be compared later: ${silent.join('; ')} did not answer`);
    await progress.answered(clock.sleep(LOOK_AGAIN_MS));
  }
}

async function entryAnswers({ topology: { entry, ready } }: Plan, run: string): Promise<void> {
  try {
    const headers = { 'x-request-id': `${idPrefix(run, 'open')}${MARKER}` };
    const response = await fetch(`${entry}${ready}`, { headers, signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
  } catch (error) {
    throw notReady('CHAOS_ENTRY_DEAD', `${entry}${ready} does not answer: ${describeError(error)}`);
  }
}

const notReady = (code: `CHAOS_${string}`, what: string): ChaosError =>
  new ChaosError(code, {
    what,
    hint: 'Run `chaos heal`. Or start afresh: `chaos topology down`, then `chaos topology up`.',
    exit: 'not-ready',
  });

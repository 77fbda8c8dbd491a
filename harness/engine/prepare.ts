import { ChaosError, describeError } from '../core/errors.ts';
import { idPrefix } from '../core/load/load.ts';
import type { Plan } from '../core/plan.ts';
import type { Guardian } from './guardian-process.ts';
import { type Healer, waitHealthy } from './heal.ts';
import { MARKER } from './hop-lines.ts';
import type { Progress } from './progress.ts';

/** A topology that is already up is given this long to become healthy, milliseconds. */
const READY_MS = 20_000;

interface PrepareOptions {
  readonly plan: Plan;
  readonly run: string;
  readonly healer: Healer;
  readonly guardian: Guardian;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** The topology is about to be started: whoever ends the run early may have to stop half of it. */
  onStart(): void;
}

/** Topology up and well, nothing left of an earlier fault, the data as it was after generation. Anything else is NOT READY. */
export async function prepare(options: PrepareOptions): Promise<void> {
  const { plan, run, healer, guardian, progress, signal } = options;
  const { topology, clock, emit } = healer;
  if ((await progress.answered(topology.presence())) === 'absent') {
    options.onStart();
    await progress.step('bringing the topology up', () => topology.up(signal, (pid) => guardian.child(pid)));
  }
  await progress.step('waiting until the topology is healthy', async () => {
    const missing = await progress.answered(waitHealthy(healer, READY_MS, signal));
    if (missing !== undefined)
      throw notReady('CHAOS_NOT_HEALTHY', `the topology is not healthy: ${missing.join('; ')}`);
  });
  const residue = await progress.answered(topology.residue());
  if (residue.length > 0) {
    const found = residue.map((r) => `${r.kind} ${r.target}`).join('; ');
    throw notReady('CHAOS_RESIDUE', `something is left of an earlier fault: ${found}`);
  }
  await progress.step('putting the data back to what it was', async () => {
    const fingerprint = await progress.answered(topology.reset());
    emit({ t: clock.now(), kind: 'note', message: `data fingerprint ${fingerprint}` });
  });
  await progress.step('asking the entry for its readiness', () => entryAnswers(plan, run));
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
    hint: 'Run `chaos heal`, or start afresh: `chaos topology down` and `chaos topology up`.',
    exit: 'not-ready',
  });

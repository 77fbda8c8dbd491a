/**
 * Work that goes on beside a phase of a run, for example a search that offers a load of its own. The phase ends when the work
 * has ended, and after its planned length at the latest. Then the signal aborts, and the phase waits until the work has ended
 * too. When the run is ended early, nobody waits for the work: healing comes first.
 */
export interface Beside {
  readonly phase: 'baseline' | 'fault';
  /** Rejects only when the run must end: as an error of the run. */
  work(signal: AbortSignal): Promise<void>;
}

/**
 * Carries out a phase with the work beside it. `phase` ends early when its signal aborts. `signal`: aborts when the run is
 * ended. `left` receives work that is not waited for.
 */
export async function withBeside(
  beside: Beside,
  signal: AbortSignal,
  phase: (over: AbortSignal) => Promise<void>,
  left: (work: Promise<void>) => void,
): Promise<void> {
  const phaseOver = new AbortController();
  const workOver = new AbortController();
  const work = beside.work(AbortSignal.any([signal, workOver.signal]));
  // When the run ends first, nobody awaits this promise.
  const ended = work.catch(() => undefined);
  left(ended);
  void ended.then(() => phaseOver.abort(new Error('the work beside the phase has ended')));
  await phase(phaseOver.signal);
  signal.throwIfAborted();
  workOver.abort(new Error('the phase is over'));
  await work;
}

import { formatDuration } from '../../core/duration.ts';
import type { RunEvent } from '../../core/record/events.ts';
import { PHASES, type Phase } from '../../core/plan/phases.ts';
import { count } from '../wording/figures.ts';

/** The present state of a run, for a person who watches. It follows the run's events. */
export class Progress {
  #planned: Readonly<Record<Phase, number>> | undefined;
  #phase: { readonly name: Phase; readonly since: number } | undefined;
  readonly #inForce = new Set<string>();
  #ok = 0;
  #failed = 0;
  #rate = 0;
  #p95: number | undefined;

  see(event: RunEvent): void {
    switch (event.kind) {
      case 'run.started':
        this.#planned = event.plan.phases;
        break;
      case 'phase.started':
        this.#phase = { name: event.phase, since: event.t };
        this.#ok = 0;
        this.#failed = 0;
        break;
      case 'phase.ended':
        this.#phase = undefined;
        break;
      case 'fault.injected':
        this.#inForce.add(event.id);
        break;
      case 'fault.healed':
        this.#inForce.delete(event.id);
        break;
      case 'load':
        this.#ok += event.ok;
        this.#failed += event.failed;
        this.#rate = event.sent;
        this.#p95 = event.p95_ms;
        break;
      default:
    }
  }

  /** Returns one line; undefined between the phases. `now`: epoch milliseconds. */
  line(now: number): string | undefined {
    const phase = this.#phase;
    const planned = this.#planned;
    if (phase === undefined || planned === undefined) return undefined;
    const spent = now - phase.since;
    const whole = (ms: number): string => String(Math.max(0, Math.round(ms / 1_000)));
    const length = phase.name === 'heal' ? `${whole(spent)} s` : `${whole(spent)}/${whole(planned[phase.name])} s`;
    const p95 = this.#p95 === undefined ? 'no answer' : `p95 of answers ${formatDuration(this.#p95)}`;
    const failed = `${count(this.#failed)} of ${count(this.#ok + this.#failed)} failed`;
    const faults = this.#inForce.size === 0 ? [] : [`${[...this.#inForce].join(', ')} in force`];
    return [
      `${phase.name} ${length}`,
      `${this.#rate}/s`,
      p95,
      failed,
      ...faults,
      this.#left(phase, spent, planned),
    ].join(' · ');
  }

  /** Returns the time that is left. The length of the healing is unknown, so it is not in the sum. */
  #left(phase: { readonly name: Phase }, spent: number, planned: Readonly<Record<Phase, number>>): string {
    const after = PHASES.slice(PHASES.indexOf(phase.name) + 1).filter((name) => name !== 'heal');
    const rest = after.reduce((sum, name) => sum + planned[name], 0);
    const here = phase.name === 'heal' ? 0 : Math.max(0, planned[phase.name] - spent);
    const heals = PHASES.indexOf(phase.name) <= PHASES.indexOf('heal');
    return `${formatDuration(Math.round((here + rest) / 1_000) * 1_000)}${heals ? ' plus healing' : ''} left`;
  }
}

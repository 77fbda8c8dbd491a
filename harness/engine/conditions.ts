import type { Clock } from '../core/clock.ts';
import { containerName } from '../core/aim.ts';
import { withDeadline } from '../core/deadline.ts';
import { describeError } from '../core/errors.ts';
import type { EventOf, RunEvent } from '../core/events.ts';
import type { Condition } from '../core/plan.ts';
import type { TopologyControl } from '../core/topology-control.ts';

/** Milliseconds between two questions: between the end of one and the beginning of the next. */
const POLL_MS = 250;
/** One question that is not answered within this is asked again. */
const ASK_MS = 5_000;

/** One look: whether the condition holds, and what was seen. */
interface Look {
  readonly holds: boolean;
  readonly saw: string;
}

/** Tells when a condition has come about. Roles are learnt from the run's own events, all else is asked. */
export class Conditions {
  readonly #topology: TopologyControl;
  readonly #clock: Clock;
  readonly #roles: EventOf<'role'>[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(topology: TopologyControl, clock: Clock) {
    this.#topology = topology;
    this.#clock = clock;
  }

  see(event: RunEvent): void {
    if (event.kind !== 'role') return;
    this.#roles.push(event);
    for (const listener of this.#listeners) listener();
  }

  /**
   * Resolves with the time (epoch milliseconds) at which the condition came about; of a role, since `since`. Never on its
   * own else: the signal ends it. `onLook` is told what was seen.
   */
  async comeAbout(
    condition: Condition,
    since: number,
    signal: AbortSignal,
    onLook: (saw: string) => void,
  ): Promise<number> {
    if ('role' in condition) return this.#roleTaken(condition.role, since, signal, onLook);
    for (;;) {
      const { holds, saw } = await this.#look(condition).catch((error: unknown) => ({
        holds: false,
        saw: describeError(error),
      }));
      signal.throwIfAborted();
      onLook(saw);
      if (holds) return this.#clock.now();
      await this.#clock.sleep(POLL_MS, signal);
    }
  }

  #roleTaken(
    { of, becomes }: Extract<Condition, { role: unknown }>['role'],
    since: number,
    signal: AbortSignal,
    onLook: (saw: string) => void,
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      const end = (): void => void this.#listeners.delete(look);
      const look = (): void => {
        const seen = this.#roles.filter((e) => e.group === of || e.member === of);
        const last = seen.at(-1);
        if (last !== undefined) onLook(`${last.member} is ${last.role}`);
        // A member that is on record again with the role that it had (another state, another timeline) has not taken it.
        const before = (i: number): string | undefined =>
          seen.slice(0, i).findLast((e) => e.member === seen[i]?.member)?.role;
        const taken = seen.find((e, i) => e.t >= since && e.role === becomes && before(i) !== becomes);
        if (taken === undefined) return;
        end();
        onLook(`${taken.member} is ${taken.role}`);
        resolve(taken.t);
      };
      signal.addEventListener('abort', () => (end(), reject(signal.reason as Error)), { once: true });
      this.#listeners.add(look);
      look();
    });
  }

  #look(condition: Exclude<Condition, { role: unknown }>): Promise<Look> {
    if ('http' in condition) return this.#get(condition.http);
    if ('sql' in condition) return withDeadline('the query', ASK_MS, this.#query(condition.sql));
    return withDeadline('the command', ASK_MS, this.#command(condition.command));
  }

  /** Only ever the topology's own entry: a redirection is an answer, and is not followed. */
  async #get({ path, status }: Extract<Condition, { http: unknown }>['http']): Promise<Look> {
    const { entry } = this.#topology.spec;
    const response = await fetch(entry + path, { redirect: 'manual', signal: AbortSignal.timeout(ASK_MS) });
    await response.body?.cancel();
    return { holds: response.status === status, saw: `HTTP ${response.status}` };
  }

  async #query({ query, equals }: Extract<Condition, { sql: unknown }>['sql']): Promise<Look> {
    const [row] = await this.#topology.query(query, []);
    if (row === undefined) return { holds: false, saw: 'no row' };
    const value = String(Object.values(row)[0]);
    return { holds: value === equals, saw: value.slice(0, 80) };
  }

  async #command({ service, replica, run }: Extract<Condition, { command: unknown }>['command']): Promise<Look> {
    const said = await this.#topology.ask({ in: containerName(this.#topology.spec, service, replica), run });
    return { holds: true, saw: said.trim().slice(0, 80) || 'it succeeded' };
  }
}

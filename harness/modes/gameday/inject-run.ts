import { describeError } from '../../core/errors.ts';
import type { AbortCause, GamedayNews } from '../../core/gameday/events.ts';
import { injectVerdict } from '../../core/gameday/inject-verdict.ts';
import type { InjectState } from '../../core/gameday/inject-state.ts';
import { dueAt } from '../../core/gameday/pauses.ts';
import type { GamedayState } from '../../core/gameday/state.ts';
import { InForce } from '../../core/record/in-force.ts';
import type { AbortedBy, RunEvent } from '../../core/record/events.ts';
import type { RunDocument } from '../../core/record/run.ts';
import type { DayParts } from './parts.ts';

/** Where the events of the day go. */
interface DayLog {
  readonly state: GamedayState;
  add(news: GamedayNews): number;
}

/** Why a run was ended early, as a game day says it. */
const CAUSES: Readonly<Record<AbortedBy, AbortCause>> = {
  'chaos abort': 'chaos abort',
  stop_if: 'stop_if',
  guardian: 'guardian',
  duration: 'harness',
  session: 'harness',
  record: 'harness',
};

/** One inject from `arm` to its verdict: the run of its experiment, with the words of the facilitator. */
export class InjectRun {
  readonly id: string;
  readonly #log: DayLog;
  readonly #parts: DayParts;
  readonly #inject = new AbortController();
  readonly #heal = new AbortController();
  readonly #over = new AbortController();
  readonly #inForce = new InForce();
  #waiting = new AbortController();
  #begun = false;
  /** True when the run shall end, and perhaps has not begun yet. */
  #aborted = false;
  #disarmed = false;
  /** Why an event of the day could not be written. */
  #failure: unknown;

  constructor(id: string, log: DayLog, parts: DayParts) {
    this.id = id;
    this.#log = log;
    this.#parts = parts;
  }

  /** Carries the run out. Resolves when it is judged and recorded. Rejects when its events could not be written. */
  async carryOut(): Promise<void> {
    try {
      const cues = { inject: this.#inject.signal, heal: this.#heal.signal };
      const subscriber = { onEvent: (event: RunEvent) => this.#see(event), close: () => undefined };
      const document = await this.#parts.run(this.id, cues, subscriber).catch((error: unknown) => describeError(error));
      this.#over.abort();
      if (typeof document === 'string') this.#failed(document);
      else this.#judged(document);
    } finally {
      this.#over.abort();
    }
    if (this.#failure !== undefined) throw this.#failure as Error;
  }

  /** The word: the failure begins. */
  inject(): void {
    this.#inject.abort();
  }

  /** The failure ends now, in order. */
  heal(): void {
    this.#heal.abort();
  }

  /** As `abort`, and nobody shall count it. */
  disarm(): void {
    this.#disarmed = true;
    this.abort();
  }

  /** The run ends at once, and everything is taken back. */
  abort(): void {
    this.#aborted = true;
    if (this.#begun) this.#parts.abort();
  }

  /** The time of the inject has changed: it was extended, or the day was paused or goes on. */
  reschedule(): void {
    this.#waiting.abort();
  }

  get #state(): InjectState | undefined {
    return this.#log.state.injects.find(({ plan }) => plan.id === this.id);
  }

  #add(news: GamedayNews): void {
    try {
      this.#log.add(news);
    } catch (error) {
      // What is not written did not happen for anybody, and a failure that nobody sees must not go on.
      this.#failure ??= error;
      this.abort();
    }
  }

  #see(event: RunEvent): void {
    const { id: inject } = this;
    this.#inForce.onEvent(event);
    switch (event.kind) {
      case 'run.started':
        this.#begun = true;
        this.#add({ kind: 'runs', inject, run: event.run, dir: this.#parts.folderOf(event.run) });
        if (this.#aborted) this.abort();
        break;
      case 'phase.started':
        if (event.phase === 'baseline') void this.#ready();
        break;
      case 'phase.ended':
        if (event.phase === 'fault') this.#ending('time');
        if (event.phase === 'heal') this.#healed(event.t);
        break;
      case 'fault.injected':
        if (this.#state?.injected !== undefined) break;
        this.#add({ kind: 'injected', inject, at: event.t });
        void this.#endInTime();
        break;
      case 'fault.healed':
        // An aborted run has no heal phase.
        if (this.#aborted && this.#inForce.text === undefined) this.#healed(event.t);
        break;
      case 'aborted':
        this.#abortedBy(event.by, event.message);
        break;
      case 'interrupted':
        // The day has recorded it already when the signal came to its own process.
        if (!this.#aborted) this.#abortedBecause('signal', `the process was ended by ${event.by}`);
        break;
      case 'alert.state':
        this.#add(alertNews(inject, event, event.state === 'inactive' ? 'resolved' : event.state));
        break;
      case 'alert.delivered':
        if (event.status === 'firing') this.#add(alertNews(inject, event, 'delivered'));
        break;
      default:
    }
  }

  async #ready(): Promise<void> {
    const { clock } = this.#parts;
    await clock.sleep(this.#parts.leastBaselineMs(this.id), this.#over.signal).catch(() => undefined);
    if (!this.#over.signal.aborted && this.#state?.stage === 'armed') this.#add({ kind: 'ready', inject: this.id });
  }

  /** Ends the failure when its time is over. Pauses and extensions move the time. */
  async #endInTime(): Promise<void> {
    const { clock } = this.#parts;
    while (!this.#over.signal.aborted) {
      const inject = this.#state;
      if (inject?.stage !== 'in force') return;
      this.#waiting = new AbortController();
      const left = (dueAt(inject, this.#log.state.pauses, clock.now()) ?? 0) - clock.now();
      if (left <= 0) {
        this.#ending('time');
        this.heal();
        return;
      }
      await clock.sleep(left, AbortSignal.any([this.#waiting.signal, this.#over.signal])).catch(() => undefined);
    }
  }

  #ending(why: 'time'): void {
    if (this.#state?.stage === 'in force') this.#add({ kind: 'ending', inject: this.id, why });
  }

  #healed(at: number): void {
    const { injected, healed } = this.#state ?? {};
    if (injected !== undefined && healed === undefined) this.#add({ kind: 'healed', inject: this.id, at });
  }

  #abortedBy(by: AbortedBy, why: string): void {
    // A cause that the day has recorded already: the button, or the facilitator was lost.
    if (!(this.#aborted && by === 'chaos abort')) this.#abortedBecause(CAUSES[by], why);
    this.#aborted = true;
  }

  #abortedBecause(cause: AbortCause, why: string): void {
    this.#aborted = true;
    this.#add({ kind: 'aborted', inject: this.id, cause, why });
  }

  #judged(document: RunDocument): void {
    const { id: inject } = this;
    const { run, dir, restored, ended } = document;
    if (this.#disarmed && restored) return;
    // Without residue everything is back when the run has ended, whatever its events said.
    if (restored) this.#healed(Date.parse(ended));
    const { injected, mitigated } = this.#state ?? {};
    const healthy = injected === undefined ? undefined : this.#parts.healthyAt(dir);
    if (healthy !== undefined) this.#add({ kind: 'healthy', inject, at: healthy });
    const said = injectVerdict(document, { mitigated: mitigated !== undefined, felt: typeof healthy === 'number' });
    this.#add({ kind: 'judged', inject, run, restored, ...said });
    if (!restored) this.#add({ kind: 'paused', why: 'something could not be put back: chaos status' });
  }

  /** The session has ended the run without a verdict: its guardian puts everything back. */
  #failed(why: string): void {
    this.#add({ kind: 'aborted', inject: this.id, cause: 'harness', why });
  }
}

/** Returns what an event of a run says about an alert, for the day. */
export const alertNews = (
  inject: string | null,
  { name, labels, at }: Pick<Extract<RunEvent, { kind: 'alert.state' }>, 'name' | 'labels' | 'at'>,
  state: Extract<GamedayNews, { kind: 'alert' }>['state'],
): GamedayNews => ({ kind: 'alert', inject, name, labels, state, at });

import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { RunDocument, Subscriber } from '../../../harness/core/record/run.ts';
import type { Act } from '../../../harness/core/gameday/acts.ts';
import type { GameDay, GamedayRole } from '../../../harness/core/gameday/gameday.ts';
import { GamedayEngine } from '../../../harness/modes/gameday/engine.ts';
import { GamedayRecord } from '../../../harness/modes/gameday/gameday-record.ts';
import type { DayParts } from '../../../harness/modes/gameday/parts.ts';
import type { Cues } from '../../../harness/run/cues.ts';
import { temporaryFolder } from '../samples/folder.ts';
import { NINE } from '../samples/gameday.ts';
import { sampleRun } from '../samples/run.ts';
import { ManualClock } from './clock.ts';

/** How long the run of the double takes to heal, milliseconds. */
export const HEAL_MS = 1_000;
const WARMUP_MS = 5_000;
/** A facilitator's page gives a sign of life so often. */
const SIGN_MS = 10_000;
const RECOVERY_MS = 20_000;
const LEAST_BASELINE_MS = 10_000;
/** A run waits for the word so long. */
const ARMED_MS = 900_000;

interface WorldOptions {
  readonly verdict?: RunDocument['verdict'];
  readonly restored?: boolean;
  readonly looked?: Partial<RunDocument>;
}

/** A world for game days in virtual time: each run goes through its phases, and ends as the orders say. */
export class DayWorld {
  readonly clock = new ManualClock(NINE);
  readonly record: GamedayRecord;
  readonly engine: GamedayEngine;
  /** What happened to the system, in order: "run-1 injected". */
  readonly happened: string[] = [];
  /** Failures that are in force now. */
  readonly inForce = new Set<string>();
  /** How many pages of each role are open. */
  pages: Partial<Record<GamedayRole, number>> = { facilitator: 1, responder: 1, scribe: 1 };
  options: WorldOptions;
  #runs = 0;
  /** The run at work, or the last one. */
  #atWork: { readonly run: string; readonly over: AbortController } | undefined;
  #subscriber: Subscriber | undefined;

  constructor(day: GameDay, options: WorldOptions = {}, dir = temporaryFolder()) {
    this.options = options;
    this.record = new GamedayRecord(dir, this.clock);
    if (this.record.events.length === 0) this.record.add({ kind: 'opened', gameday: 'a-day', version: 1, day });
    this.engine = new GamedayEngine(this.record, this.#parts());
  }

  /** An act of a person. */
  act(role: GamedayRole, act: Omit<Act, 'who'> & Readonly<Record<string, unknown>>): number {
    return this.engine.act(role, { who: `a ${role}`, ...DEFAULTS, ...act } as unknown as Act);
  }

  /** Begins the day without a check, and brings an inject into force. */
  async injected(inject: string): Promise<void> {
    this.act('facilitator', { act: 'begin', despite: 'a test' });
    await this.armed(inject);
    this.act('facilitator', { act: 'inject', inject });
    await this.clock.advance(1);
  }

  async armed(inject: string): Promise<void> {
    this.act('facilitator', { act: 'arm', inject });
    await this.clock.advance(WARMUP_MS + LEAST_BASELINE_MS + 1);
  }

  /** Lets time pass with a facilitator who is there. */
  async pass(ms: number): Promise<void> {
    for (const until = this.clock.now() + ms; this.clock.now() < until;) {
      this.engine.here('facilitator');
      await this.clock.advance(Math.min(SIGN_MS, until - this.clock.now()));
    }
  }

  /** An event of the run at work. */
  emit(event: RunEvent): void {
    this.#subscriber?.onEvent(event);
  }

  /** The kinds of all events. */
  get kinds(): readonly string[] {
    return this.record.events.map(({ kind }) => kind);
  }

  #parts(): DayParts {
    return {
      clock: this.clock,
      run: (inject, cues, subscriber) => this.#run(inject, cues, subscriber),
      look: (subscriber) => this.#look(subscriber),
      folderOf: (run) => `/reports/${run}`,
      abort: () => {
        this.happened.push(`${this.#atWork?.run} ordered to end at ${this.clock.now() - NINE}`);
        this.#atWork?.over.abort();
      },
      healthyAt: () => this.clock.now() - 5_000,
      open: (role) => this.pages[role] ?? 0,
      leastBaselineMs: () => LEAST_BASELINE_MS,
    };
  }

  async #run(_inject: string, { inject, heal }: Cues, subscriber: Subscriber): Promise<RunDocument> {
    const { clock } = this;
    const { run, over } = this.#begin(subscriber);
    const phase = (name: 'warmup' | 'baseline' | 'fault' | 'heal' | 'recovery', kind: 'started' | 'ended'): void =>
      this.emit({ t: clock.now(), kind: `phase.${kind}`, phase: name });
    const lasts = (ms: number, ...ends: AbortSignal[]): Promise<void> =>
      clock.sleep(ms, AbortSignal.any([over, ...ends])).catch(() => undefined);
    phase('warmup', 'started');
    await lasts(WARMUP_MS);
    if (!over.aborted) {
      phase('warmup', 'ended');
      phase('baseline', 'started');
      await lasts(ARMED_MS, inject);
    }
    if (!over.aborted && inject.aborted) {
      phase('fault', 'started');
      this.inForce.add(run);
      this.happened.push(`${run} injected`);
      this.emit({ t: clock.now(), kind: 'fault.injecting', id: 'kill-1', fault: 'kill', params: {} });
      this.emit({ t: clock.now(), kind: 'fault.injected', id: 'kill-1', targets: ['chaos-redis-1'] });
      await lasts(3_600_000, heal);
      if (!over.aborted) phase('fault', 'ended');
    }
    const ended = over.aborted || !inject.aborted;
    if (over.aborted)
      this.emit({ t: clock.now(), kind: 'aborted', by: 'chaos abort', message: 'ended by `chaos abort`' });
    if (this.inForce.has(run)) {
      await clock.sleep(HEAL_MS);
      this.inForce.delete(run);
      this.happened.push(`${run} healed`);
      this.emit({ t: clock.now(), kind: 'fault.healed', id: 'kill-1' });
    }
    if (!ended) {
      phase('heal', 'ended');
      await lasts(RECOVERY_MS);
    }
    const verdict = over.aborted ? 'ABORTED' : ended ? 'NOT READY' : (this.options.verdict ?? 'PASS');
    return this.#document(run, { verdict, restored: this.options.restored ?? true });
  }

  async #look(subscriber: Subscriber): Promise<RunDocument> {
    const { run, over } = this.#begin(subscriber);
    await this.clock.sleep(20_000, over).catch(() => undefined);
    const verdict = over.aborted ? 'ABORTED' : 'PASS';
    return this.#document(run, { verdict, found: [], residue: [], checks: [], invalid: [], ...this.options.looked });
  }

  #begin(subscriber: Subscriber): { readonly run: string; readonly over: AbortSignal } {
    this.#runs += 1;
    this.#subscriber = subscriber;
    const run = `run-${this.#runs}`;
    const over = new AbortController();
    this.#atWork = { run, over };
    const { plan, environment } = STARTED;
    this.emit({ t: this.clock.now(), kind: 'run.started', run, plan, environment });
    return { run, over: over.signal };
  }

  #document(run: string, more: Partial<RunDocument>): RunDocument {
    const { document } = sampleRun({ run });
    return { ...document, dir: `/reports/${run}`, ended: new Date(this.clock.now()).toISOString(), ...more };
  }
}

const [first] = sampleRun().history.events;
if (first?.kind !== 'run.started') throw new TypeError('a record begins with run.started');
const STARTED = first;

/** What a body that was read has, when it says nothing else. */
const DEFAULTS = { ago_ms: 0 } as const;

import { ChaosError } from '../../core/errors.ts';
import { type Act, type ActOf, type ActName, mayAct } from '../../core/gameday/acts.ts';
import type { AbortCause, GamedayNews } from '../../core/gameday/events.ts';
import type { GamedayRole } from '../../core/gameday/gameday.ts';
import type { InjectStage } from '../../core/gameday/inject-state.ts';
import { atWork, type GamedayState } from '../../core/gameday/state.ts';
import { formatDuration } from '../../core/duration.ts';
import {
  assertAction,
  assertClean,
  assertIdle,
  assertNote,
  assertStage,
  injectAt,
  injectIn,
  refused,
} from './allowed.ts';
import { type GamedayRecord, HARNESS, type Told } from './gameday-record.ts';
import { InjectRun } from './inject-run.ts';
import { Look } from './look.ts';
import { LostFacilitator } from './lost.ts';
import type { DayParts } from './parts.ts';

/** From these an inject may be armed. */
const ARMABLE: readonly InjectStage[] = ['to come', 'skipped', 'aborted', 'broken'];

/**
 * A game day at work: takes the acts of people, carries out the runs, and records both. An act is on disk before `act`
 * resolves. Everything that has to end ends by its own time, whatever becomes of the pages.
 */
export class GamedayEngine implements AsyncDisposable {
  readonly #record: GamedayRecord;
  readonly #parts: DayParts;
  readonly #lost: LostFacilitator;
  readonly #listeners = new Set<() => void>();
  readonly #closed = Promise.withResolvers<void>();
  #run: InjectRun | undefined;
  #running: Promise<void> = Promise.resolve();
  #look: Look | undefined;

  constructor(record: GamedayRecord, parts: DayParts) {
    this.#record = record;
    this.#parts = parts;
    this.#lost = new LostFacilitator(parts.clock, {
      needed: () => atWork(this.state) !== undefined,
      asked: (silent) => this.add({ kind: 'lost', stage: 'asked', silent }),
      gone: (silent) => this.#givenUp(silent),
      back: (silent) => this.add({ kind: 'lost', stage: 'back', silent }),
    });
    this.#closed.promise.catch(() => undefined);
  }

  get state(): GamedayState {
    return this.#record.state;
  }

  /** Resolves when the day is closed and nothing is at work. Rejects when its record could not be written. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Calls the listener after each event, until disposed. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Records an event. Throws when it cannot be written. */
  add(news: GamedayNews, told: Told = HARNESS): number {
    const { seq } = this.#record.add(news, told);
    for (const listener of this.#listeners) listener();
    return seq;
  }

  /** A sign of life of somebody with this role. */
  here(role: GamedayRole): void {
    if (role === 'facilitator') this.#lost.here();
  }

  /**
   * Carries out an act, once for each `id`. Returns the number of its event. Throws CHAOS_GAMEDAY_ROLE and CHAOS_GAMEDAY_STATE, and
   * CHAOS_DISK_FULL or CHAOS_NOT_WRITABLE when it could not be recorded: then it did not happen.
   */
  act(role: GamedayRole, act: Act): number {
    this.here(role);
    if (!mayAct(role, act.act))
      throw new ChaosError('CHAOS_GAMEDAY_ROLE', {
        what: `a ${role} may not ${act.act}`,
        hint: 'Use the page of the role that may, with its own link.',
        exit: 'bad-input',
      });
    const { id } = act;
    if (id !== undefined && this.state.ids.has(id)) return this.state.seq;
    if (this.state.stage === 'closed' && !AFTER_CLOSE.has(act.act))
      throw refused('the game day is closed', 'Notes and actions may still be added.');
    const told: Told = { by: { role, who: act.who }, ...(id === undefined ? {} : { id }) };
    return this.#carryOut(act, told);
  }

  /** Ends what is at work, as Ctrl-C does. The day may be resumed. */
  signal(why: string): void {
    if (this.state.stage === 'closed') return;
    this.#abort('signal', why, HARNESS);
  }

  /** Waits until nothing is at work. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#lost[Symbol.dispose]();
    this.#run?.abort();
    this.#look?.abort();
    await this.#running;
  }

  #carryOut(act: Act, told: Told): number {
    switch (act.act) {
      case 'join':
        return this.add({ kind: 'joined' }, told);
      case 'preflight':
        return this.#preflight(told);
      case 'begin':
        return this.#begin(act, told);
      case 'arm':
        return this.#arm(act, told);
      case 'disarm':
        return this.#disarm(act, told);
      case 'inject':
        return this.#inject(act, told);
      case 'extend':
        return this.#extend(act, told);
      case 'end':
        return this.#end(act, told);
      case 'skip':
        return this.#skip(act, told);
      case 'reveal':
        injectIn(this.state, act.inject);
        return this.add({ kind: 'revealed', inject: act.inject }, told);
      case 'pause':
        assertStage(this.state, 'running');
        return this.#rescheduled({ kind: 'paused', why: act.why }, told);
      case 'resume':
        assertStage(this.state, 'paused');
        return this.#rescheduled({ kind: 'resumed' }, told);
      case 'abort':
        return this.#abort('button', act.why, told);
      case 'close':
        return this.#close(told);
      case 'seen':
      case 'understood':
      case 'mitigated':
        return this.add({ kind: act.act, inject: this.#felt(), at: this.#ago(act.ago_ms) }, told);
      case 'note':
        return this.#note(act, told);
      case 'text':
        assertNote(this.state, act.note);
        return this.add({ kind: 'text', note: act.note, text: act.text }, told);
      case 'action':
        return this.#action(act, told);
      case 'drop':
        assertAction(this.state, act.action);
        return this.add({ kind: 'action.dropped', action: act.action }, told);
    }
  }

  #preflight(told: Told): number {
    this.#idle();
    const seq = this.add({ kind: 'looking' }, told);
    const look = new Look(this, this.#parts);
    this.#look = look;
    this.#carry(look, () => (this.#look = undefined));
    return seq;
  }

  /** Work that cannot be recorded ends the day. */
  #carry(work: Look | InjectRun, over: () => void): void {
    this.#running = work
      .carryOut()
      .catch((error: unknown) => this.#closed.reject(error))
      .finally(over);
  }

  #begin({ despite }: ActOf<'begin'>, told: Told): number {
    assertStage(this.state, 'opened');
    if (this.state.looking) throw refused('the prerequisites are being checked', 'Wait until the check has ended.');
    const { preflight } = this.state;
    if (preflight?.ok !== true && despite === undefined)
      throw refused(
        preflight === undefined ? 'the prerequisites were not checked' : 'a prerequisite does not hold',
        'Check them, or say why the day begins all the same (`despite`).',
      );
    return this.add({ kind: 'begun', despite: preflight?.ok === true ? null : (despite ?? null) }, told);
  }

  #arm({ inject }: ActOf<'arm'>, told: Told): number {
    assertStage(this.state, 'running');
    this.#idle();
    assertClean(this.state);
    const { stage, plan } = injectIn(this.state, inject);
    if (!ARMABLE.includes(stage)) throw refused(`${plan.name} is ${stage}`, 'Choose an inject that is still to come.');
    const seq = this.add({ kind: 'armed', inject }, told);
    const run = new InjectRun(inject, this, this.#parts);
    this.#run = run;
    this.#carry(run, () => (this.#run = undefined));
    return seq;
  }

  #disarm({ inject }: ActOf<'disarm'>, told: Told): number {
    injectAt(this.state, inject, ['armed', 'ready']);
    this.#run?.disarm();
    return this.add({ kind: 'disarmed', inject }, told);
  }

  #inject({ inject }: ActOf<'inject'>, told: Told): number {
    assertStage(this.state, 'running');
    injectAt(this.state, inject, ['ready']);
    const seq = this.add({ kind: 'ordered', inject }, told);
    this.#run?.inject();
    return seq;
  }

  #extend({ inject, ms }: ActOf<'extend'>, told: Told): number {
    const { plan, extendedMs } = injectAt(this.state, inject, ['ordered', 'in force']);
    const most = plan.mostMs - plan.boxMs - extendedMs;
    if (ms > most)
      throw refused(
        `${plan.name} may be extended by ${formatDuration(Math.max(0, most))} more`,
        'Its longest time is in the game day (`most`).',
      );
    return this.#rescheduled({ kind: 'extended', inject, ms }, told);
  }

  #end({ inject }: ActOf<'end'>, told: Told): number {
    injectAt(this.state, inject, ['in force']);
    const seq = this.add({ kind: 'ending', inject, why: 'facilitator' }, told);
    this.#run?.heal();
    return seq;
  }

  #skip({ inject, why }: ActOf<'skip'>, told: Told): number {
    injectAt(this.state, inject, ARMABLE);
    return this.add({ kind: 'skipped', inject, why }, told);
  }

  /** First the order, then the record: the way back waits for no disk. */
  #abort(cause: AbortCause, why: string, told: Told): number {
    this.#run?.abort();
    this.#look?.abort();
    const inject = atWork(this.state)?.plan.id ?? null;
    return this.add({ kind: 'aborted', inject, cause, why }, told);
  }

  #givenUp(silent: number): void {
    this.#run?.abort();
    this.add({ kind: 'lost', stage: 'aborted', silent });
    const why = `the facilitator was not heard of for ${formatDuration(silent)}`;
    this.add({ kind: 'aborted', inject: atWork(this.state)?.plan.id ?? null, cause: 'lost facilitator', why });
  }

  #close(told: Told): number {
    this.#idle();
    const seq = this.add({ kind: 'closed' }, told);
    this.#closed.resolve();
    return seq;
  }

  #note({ note, tag, text, ago_ms: ago }: ActOf<'note'>, told: Told): number {
    if (this.state.notes.some((one) => one.note === note))
      throw refused(`there is a note ${note} already`, 'Give each note a name of its own.');
    return this.add({ kind: 'note', note, tag, at: this.#ago(ago), text }, told);
  }

  #action({ action, what, owner, due, experiment }: ActOf<'action'>, told: Told): number {
    if (action !== undefined) assertAction(this.state, action);
    const named = action ?? `action-${this.#record.events.filter(({ kind }) => kind === 'action').length + 1}`;
    return this.add({ kind: 'action', action: named, what, owner, due, experiment }, told);
  }

  /** Records what moves the end of the inject in force. */
  #rescheduled(news: GamedayNews, told: Told): number {
    const seq = this.add(news, told);
    this.#run?.reschedule();
    return seq;
  }

  #ago(ms: number): number {
    return Math.round(this.#parts.clock.now() - ms);
  }

  /** Returns the inject that a button of a responder is about. Nothing in the answer says whether there is one. */
  #felt(): string | null {
    const inject = atWork(this.state);
    return inject !== undefined && ['in force', 'ending'].includes(inject.stage) ? inject.plan.id : null;
  }

  #idle(): void {
    assertIdle(this.state, this.#run?.id);
  }
}

const AFTER_CLOSE: ReadonlySet<ActName> = new Set(['join', 'note', 'text', 'action', 'drop']);

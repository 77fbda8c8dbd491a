import { describeError, ChaosError } from '../../core/errors.ts';
import { type Act, type ActOf, type ActName, mayAct } from '../../core/gameday/acts.ts';
import type { AbortCause, GamedayNews } from '../../core/gameday/events.ts';
import type { GamedayRole } from '../../core/gameday/gameday.ts';
import { atWork, type GamedayState, type InjectState } from '../../core/gameday/state.ts';
import type { RunEvent } from '../../core/record/events.ts';
import { formatDuration } from '../../core/duration.ts';
import { type GamedayRecord, HARNESS, type Told } from './gameday-record.ts';
import { alertNews, InjectRun } from './inject-run.ts';
import { LostFacilitator } from './lost.ts';
import type { DayParts } from './parts.ts';
import { preflightOf } from './preflight.ts';
import { refused } from './refused.ts';

/** From these an inject may be armed. */
const ARMABLE: readonly InjectState['stage'][] = ['to come', 'skipped', 'aborted', 'broken'];

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
  /** The run that looks at the sound system. Its name is known as soon as it has one. */
  #looking: { run?: string; aborted?: true } | undefined;

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
        this.#known(act.inject);
        return this.add({ kind: 'revealed', inject: act.inject }, told);
      case 'pause':
        this.#needs('running');
        return this.#rescheduled({ kind: 'paused', why: act.why }, told);
      case 'resume':
        this.#needs('paused');
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
        this.#knownNote(act.note);
        return this.add({ kind: 'text', note: act.note, text: act.text }, told);
      case 'action':
        return this.#action(act, told);
      case 'drop':
        this.#knownAction(act.action);
        return this.add({ kind: 'action.dropped', action: act.action }, told);
    }
  }

  #preflight(told: Told): number {
    this.#idle();
    const seq = this.add({ kind: 'looking' }, told);
    this.#running = this.#look().catch((error: unknown) => this.#closed.reject(error));
    return seq;
  }

  async #look(): Promise<void> {
    const looking: { run?: string; aborted?: true } = {};
    this.#looking = looking;
    const onEvent = (event: RunEvent): void => {
      if (event.kind === 'run.started') {
        looking.run = event.run;
        if (looking.aborted === true) this.#parts.abort(event.run);
      }
      if (event.kind === 'alert.state')
        this.add(alertNews(null, event, event.state === 'inactive' ? 'resolved' : event.state));
    };
    const looked = await this.#parts.look({ onEvent, close: () => undefined }).catch(describeError);
    this.#looking = undefined;
    const { day, present } = this.state;
    this.add(preflightOf({ day, present, open: (role) => this.#parts.open(role), looked }));
  }

  #begin({ despite }: ActOf<'begin'>, told: Told): number {
    this.#needs('opened');
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
    this.#needs('running');
    this.#idle();
    this.#clean();
    const { stage, plan } = this.#known(inject);
    if (!ARMABLE.includes(stage)) throw refused(`${plan.name} is ${stage}`, 'Choose an inject that is still to come.');
    const seq = this.add({ kind: 'armed', inject }, told);
    const run = new InjectRun(inject, this, this.#parts);
    this.#run = run;
    this.#running = run
      .carryOut()
      .catch((error: unknown) => this.#closed.reject(error))
      .finally(() => (this.#run = undefined));
    return seq;
  }

  #disarm({ inject }: ActOf<'disarm'>, told: Told): number {
    this.#mustBe(inject, ['armed', 'ready']);
    this.#run?.disarm();
    return this.add({ kind: 'disarmed', inject }, told);
  }

  #inject({ inject }: ActOf<'inject'>, told: Told): number {
    this.#needs('running');
    this.#mustBe(inject, ['ready']);
    const seq = this.add({ kind: 'ordered', inject }, told);
    this.#run?.inject();
    return seq;
  }

  #extend({ inject, ms }: ActOf<'extend'>, told: Told): number {
    const { plan, extendedMs } = this.#mustBe(inject, ['ordered', 'in force']);
    const most = plan.mostMs - plan.boxMs - extendedMs;
    if (ms > most)
      throw refused(
        `${plan.name} may be extended by ${formatDuration(Math.max(0, most))} more`,
        'Its longest time is in the game day (`most`).',
      );
    return this.#rescheduled({ kind: 'extended', inject, ms }, told);
  }

  #end({ inject }: ActOf<'end'>, told: Told): number {
    this.#mustBe(inject, ['in force']);
    const seq = this.add({ kind: 'ending', inject, why: 'facilitator' }, told);
    this.#run?.heal();
    return seq;
  }

  #skip({ inject, why }: ActOf<'skip'>, told: Told): number {
    this.#mustBe(inject, ARMABLE);
    return this.add({ kind: 'skipped', inject, why }, told);
  }

  /** First the order, then the record: the way back waits for no disk. */
  #abort(cause: AbortCause, why: string, told: Told): number {
    this.#run?.abort();
    if (this.#looking !== undefined) {
      this.#looking.aborted = true;
      if (this.#looking.run !== undefined) this.#parts.abort(this.#looking.run);
    }
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
    if (action !== undefined) this.#knownAction(action);
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

  #needs(stage: GamedayState['stage']): void {
    const { stage: now } = this.state;
    if (now !== stage) throw refused(`the game day is ${now}, and this needs a day that is ${stage}`, HINTS[now]);
  }

  #idle(): void {
    const { looking } = this.state;
    const busy = atWork(this.state);
    if (busy === undefined && this.#run === undefined && !looking) return;
    const what = looking
      ? 'the prerequisites are being checked'
      : `${busy?.plan.name ?? this.#run?.id ?? ''} is at work`;
    throw refused(what, 'Wait until it is over, or abort it.');
  }

  /** Nothing is broken while something could not be put back. A later check of the prerequisites that finds nothing ends it. */
  #clean(): void {
    const left = this.state.injects.find(({ restored }) => restored === false);
    if (left === undefined) return;
    const { preflight } = this.state;
    const audit = preflight?.checks.find(({ name }) => name === 'audit');
    if (audit?.ok === true && (preflight?.t ?? 0) > (left.judged ?? Infinity)) return;
    throw refused(
      `something that ${left.plan.name} did could not be put back`,
      'chaos heal, then check the prerequisites.',
    );
  }

  #known(id: string): InjectState {
    const inject = this.state.injects.find(({ plan }) => plan.id === id);
    if (inject === undefined) throw refused(`the agenda has no ${id}`, 'Injects are numbered from inject-1.');
    return inject;
  }

  #mustBe(id: string, stages: readonly InjectState['stage'][]): InjectState {
    const inject = this.#known(id);
    if (stages.includes(inject.stage)) return inject;
    throw refused(
      `${inject.plan.name} is "${inject.stage}"`,
      `This needs an inject that is ${stages.map((stage) => `"${stage}"`).join(' or ')}.`,
    );
  }

  #knownNote(note: string): void {
    if (!this.state.notes.some((one) => one.note === note))
      throw refused(`there is no note ${note}`, 'Send the note first.');
  }

  #knownAction(action: string): void {
    if (!this.state.actions.some((one) => one.action === action))
      throw refused(`there is no ${action}`, 'Reload the page.');
  }
}

const AFTER_CLOSE: ReadonlySet<ActName> = new Set(['join', 'note', 'text', 'action', 'drop']);

const HINTS: Readonly<Record<GamedayState['stage'], string>> = {
  opened: 'Begin the day first.',
  running: 'Pause it first.',
  paused: 'Resume it first.',
  closed: 'Notes and actions may still be added.',
};

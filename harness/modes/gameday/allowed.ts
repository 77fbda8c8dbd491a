import { ChaosError } from '../../core/errors.ts';
import type { InjectStage, InjectState } from '../../core/gameday/inject-state.ts';
import { atWork, type GamedayState } from '../../core/gameday/state.ts';

/** The error of an act that is not possible now. */
export const refused = (what: string, hint: string): ChaosError =>
  new ChaosError('CHAOS_GAMEDAY_STATE', { what, hint, exit: 'bad-input' });

const HINTS: Readonly<Record<GamedayState['stage'], string>> = {
  opened: 'Begin the day first.',
  running: 'Pause it first.',
  paused: 'Resume it first.',
  closed: 'Notes and actions may still be added.',
};

export function assertStage({ stage: now }: GamedayState, stage: GamedayState['stage']): void {
  if (now !== stage) throw refused(`the game day is ${now}, and this needs a day that is ${stage}`, HINTS[now]);
}

/** Throws while something is at work. `closing`: the inject whose run still writes its report. */
export function assertIdle(state: GamedayState, closing: string | undefined): void {
  const busy = atWork(state);
  if (busy === undefined && closing === undefined && !state.looking) return;
  const name = busy?.plan.name ?? state.injects.find(({ plan }) => plan.id === closing)?.plan.name ?? '';
  const what = state.looking ? 'the prerequisites are being checked' : `${name} is at work`;
  throw refused(what, 'Wait until it is over, or abort it.');
}

/** Nothing is broken while something could not be put back. A later check of the prerequisites that finds nothing ends it. */
export function assertClean({ injects, preflight }: GamedayState): void {
  const left = injects.find(({ restored }) => restored === false);
  if (left === undefined) return;
  const audit = preflight?.checks.find(({ name }) => name === 'audit');
  if (audit?.ok === true && (preflight?.t ?? 0) > (left.judged ?? Infinity)) return;
  throw refused(
    `something that ${left.plan.name} did could not be put back`,
    'chaos heal, then check the prerequisites.',
  );
}

/** Returns the inject with this id. */
export function injectIn({ injects }: GamedayState, id: string): InjectState {
  const inject = injects.find(({ plan }) => plan.id === id);
  if (inject === undefined) throw refused(`the agenda has no ${id}`, 'Injects are numbered from inject-1.');
  return inject;
}

/** Returns the inject with this id, which is in one of these stages. */
export function injectAt(state: GamedayState, id: string, stages: readonly InjectStage[]): InjectState {
  const inject = injectIn(state, id);
  if (stages.includes(inject.stage)) return inject;
  throw refused(
    `${inject.plan.name} is "${inject.stage}"`,
    `This needs an inject that is ${stages.map((stage) => `"${stage}"`).join(' or ')}.`,
  );
}

export function assertNote({ notes }: GamedayState, note: string): void {
  if (!notes.some((one) => one.note === note)) throw refused(`there is no note ${note}`, 'Send the note first.');
}

export function assertAction({ actions }: GamedayState, action: string): void {
  if (!actions.some((one) => one.action === action)) throw refused(`there is no ${action}`, 'Reload the page.');
}

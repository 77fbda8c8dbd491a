import type { DeployStep, DeployStepNews } from '../../core/record/deploy.ts';

/** What happened in one place. */
interface Happened {
  readonly step: DeployStep;
  /** Seconds since the deploy began. */
  readonly at_s: number;
  readonly text?: string;
}

/** Keeps every step of a deploy, and says a line when a container is replaced, found bad, or has its old image again. */
export class DeployLog {
  readonly #places = new Map<string, Happened[]>();
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** `at`: seconds since the deploy began. */
  add({ container, step, text }: DeployStepNews, at: number): void {
    const place = this.#places.get(container) ?? [];
    this.#places.set(container, place);
    place.push({ step, at_s: at, ...(text === undefined ? {} : { text }) });
    const line = lineOf(place, step);
    if (line !== undefined) this.#say(`${container}: ${line}`);
  }

  of(container: string): readonly Happened[] {
    return this.#places.get(container) ?? [];
  }

  /** In how many places a container of the new image ran. */
  get touched(): number {
    return [...this.#places.values()].filter((place) => place.some(({ step }) => step === 'started')).length;
  }
}

function lineOf(place: readonly Happened[], last: DeployStep): string | undefined {
  const find = (wanted: DeployStep): Happened | undefined => place.find(({ step }) => step === wanted);
  const after = (wanted: DeployStep): string => `${((find(wanted)?.at_s ?? 0) - (place[0]?.at_s ?? 0)).toFixed(1)} s`;
  if (last === 'failed') return `bad after ${after('failed')}: it ${find('failed')?.text ?? ''}`;
  if (last === 'given back') return 'has its old image again';
  // With "start-first" the old container goes last; with "stop-first" it is gone before the new one starts.
  if ((last !== 'gone' && last !== 'good') || find('gone') === undefined || find('good') === undefined)
    return undefined;
  return `replaced after ${after(last)}: healthy after ${after('healthy')}, good after ${after('good')} (${find('good')?.text ?? ''})`;
}

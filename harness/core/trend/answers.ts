import type { Answer } from './ask.ts';
import type { Confirmed } from './trend.ts';

/** What the reruns of one gate answered about figures of an experiment. */
export interface Answers {
  readonly experiment: string;
  /** When the newest run of the base began, ISO 8601. */
  readonly base: string;
  /** When the run began that was compared with the base, ISO 8601. */
  readonly now: string;
  readonly figures: readonly (Answer & { readonly name: string; readonly confirmed: boolean })[];
}

/** The newest answer about a figure that fits; `all` in any order. */
function newest(all: readonly Answers[], experiment: string, name: string, fits: (answers: Answers) => boolean) {
  const own = all.filter((answers) => answers.experiment === experiment && fits(answers));
  const byTime = own.toSorted((a, b) => b.now.localeCompare(a.now));
  return byTime.flatMap(({ figures }) => figures.filter((figure) => figure.name === name))[0];
}

/** Returns the last answer about a figure; undefined when no reruns were made about it. */
export const lastAnswer = (all: readonly Answers[], experiment: string, name: string): Answer | undefined =>
  newest(all, experiment, name, () => true);

/** Says of a change what the newest reruns found that had one side before it and one side after it. */
export const confirmedBy =
  (all: readonly Answers[]): Confirmed =>
  (experiment, name, t) =>
    newest(all, experiment, name, ({ base, now }) => base < t && t <= now)?.confirmed ?? null;

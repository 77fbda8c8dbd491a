import type { RunDocument } from '../../core/record/run.ts';

/** Quotes an argument for a shell, where that is necessary. */
export const shellQuote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** Returns the command as a person typed it, with the run's seed added unless the command has a seed. */
export function rerunCommand({ environment, seed }: RunDocument): string {
  const typed = environment.command.trim();
  return /(?:^|\s)--seed\b/.test(typed) ? typed : `${typed} --seed ${seed}`;
}

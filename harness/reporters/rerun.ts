import type { RunDocument } from '../core/run.ts';

/** An argument as a shell takes it. */
export const shellQuote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** The command as it was typed, with the seed that it drew. */
export function rerunCommand({ environment, seed }: RunDocument): string {
  const typed = environment.command.trim();
  return /(?:^|\s)--seed\b/.test(typed) ? typed : `${typed} --seed ${seed}`;
}

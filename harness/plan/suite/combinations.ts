/** A value of a setting, as YAML has it. */
export type Setting = string | number | boolean;

/** The words that a suite may write for a path of an experiment. */
const SHORT: Readonly<Record<string, string>> = { rate: 'load.rate' };

const textOf = (path: string, value: Setting): string => `${SHORT[path] ?? path}=${value}`;

/**
 * Returns the settings of each run of an entry, as `--set` takes them: the fixed ones first, then one of each list of `with`.
 * Without lists there is one run.
 */
export function combinations(
  set: Readonly<Record<string, Setting>>,
  lists: Readonly<Record<string, readonly Setting[]>>,
): string[][] {
  const fixed = Object.entries(set).map(([path, value]) => textOf(path, value));
  return Object.entries(lists).reduce<string[][]>(
    (all, [path, values]) => all.flatMap((texts) => values.map((value) => [...texts, textOf(path, value)])),
    [fixed],
  );
}

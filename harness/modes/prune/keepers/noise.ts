import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { NOISE_FILE } from '../../../record/folders.ts';
import type { Keeper } from '../keeper.ts';
import type { Recorded } from '../recorded.ts';

/** Keeps the runs from which `chaos calibrate EXPERIMENT` made the newest noise figures of their kind. */
export const noise: Keeper = ({ all }) => {
  const measured = Map.groupBy(
    all.filter(({ kind }) => kind === 'noise'),
    ({ subject }) => subject,
  );
  const needed = new Map<string, string>();
  for (const last of [...measured.values()].flatMap((of) => of.slice(-1)))
    for (const run of runsIn(last)) needed.set(run, basename(last.dir));
  return ({ run }) => {
    const by = needed.get(run);
    return by === undefined ? undefined : `is needed by ${by}`;
  };
};

/** Returns the names of the runs in a noise.json; none when it cannot be read. */
function runsIn({ dir }: Recorded): readonly string[] {
  try {
    const { runs } = JSON.parse(readFileSync(join(dir, NOISE_FILE), 'utf8')) as { readonly runs?: unknown };
    return Array.isArray(runs) ? runs.filter((run): run is string => typeof run === 'string') : [];
  } catch {
    return [];
  }
}

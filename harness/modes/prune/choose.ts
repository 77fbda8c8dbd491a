import type { Keeper, PruneScene } from './keeper.ts';
import type { Recorded } from './recorded.ts';

/** What becomes of one folder, and why. */
export interface Chosen {
  readonly recorded: Recorded;
  readonly goes: boolean;
  /** The rest of a sentence that begins with the name of the run. */
  readonly reason: string;
}

export interface ChooseOptions extends PruneScene {
  /** Epoch milliseconds. */
  readonly now: number;
  /** A folder goes when it began longer ago than this. Milliseconds. */
  readonly olderThanMs: number;
  readonly keepers: readonly Keeper[];
}

const DAY_MS = 86_400_000;

/**
 * Returns what becomes of each folder that is old enough to go, oldest first. Younger folders are left out. A folder
 * goes when no keeper needs it. The reason to stay is that of the first keeper that needs it. A folder whose time cannot
 * be read is never old enough.
 */
export function choose({ now, olderThanMs, keepers, ...scene }: ChooseOptions): Chosen[] {
  const asked = keepers.map((keeper) => keeper(scene));
  return scene.all.flatMap((recorded): Chosen[] => {
    const age = now - Date.parse(recorded.started);
    if (!(age > olderThanMs)) return [];
    for (const ask of asked) {
      const reason = ask(recorded);
      if (reason !== undefined) return [{ recorded, goes: false, reason }];
    }
    return [{ recorded, goes: true, reason: `is ${Math.floor(age / DAY_MS)} days old` }];
  });
}

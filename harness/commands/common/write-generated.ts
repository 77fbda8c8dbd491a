import { existsSync, mkdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { onDisk } from '../../core/disk-error.ts';
import type { World } from '../../core/world.ts';
import { writeWhole } from '../../disk/whole.ts';
import type { Gathered } from './gather-coverage.ts';
import { generatedTexts } from './generated.ts';
import { badFlag } from './load-options.ts';

/**
 * Writes an experiment for each gap that has none, or only for the planned ones. A file that is there stays as it is.
 * Returns the path of each experiment by its name. Throws CHAOS_USAGE when there is no experiment to make them after,
 * CHAOS_DISK_FULL and CHAOS_NOT_WRITABLE.
 */
export function writeGenerated(dir: string, gathered: Gathered, world: World): ReadonlyMap<string, string> {
  if (gathered.model === undefined)
    throw badFlag(
      'no experiment on this topology has a constant rate and limits for latency and errors',
      'Write one by hand, or name one with --like.',
    );
  const folder = resolve(world.cwd, dir);
  const { survey, minutes } = gathered;
  const texts = generatedTexts(minutes === undefined ? survey.jobs : survey.planned, gathered, folder);
  const paths = new Map<string, string>();
  let kept = 0;
  onDisk(folder, () => mkdirSync(folder, { recursive: true }));
  for (const [experiment, text] of texts) {
    const path = join(folder, `${experiment}.yaml`);
    paths.set(experiment, path);
    if (existsSync(path)) kept += 1;
    else writeWhole(path, text);
  }
  const there = kept === 0 ? '' : `; ${kept} were there and stay as they are`;
  world.err.write(`${paths.size - kept} experiments written to ${relative(world.cwd, folder) || '.'}${there}\n`);
  return paths;
}

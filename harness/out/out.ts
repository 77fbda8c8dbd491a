import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { onDisk } from '../core/disk-error.ts';
import { describeError } from '../core/errors.ts';
import type { Followed, FollowedRun, Out } from '../core/out/out.ts';
import type { Env } from '../core/topology/compose.ts';
import { writeWhole } from '../disk/whole.ts';
import { Following } from './following.ts';
import { idleText } from './metrics/text.ts';
import { outSettings } from './settings.ts';
import type { Posting } from './webhook.ts';

/**
 * Tells others about runs, as the environment says: webhooks, and a file of metrics. Throws CHAOS_WRONG_VALUE when the
 * environment is wrong. `limits`: for tests.
 */
export function outOf(env: Env, clock: Clock, limits: Omit<Posting, 'clock'> = {}): Out {
  const settings = outSettings(env);
  const fileOf = (project: string): string | undefined =>
    settings.metrics === undefined ? undefined : join(settings.metrics, `chaos-${project}.prom`);
  return {
    follow: (followed: Followed): FollowedRun =>
      new Following({ settings, followed, posting: { clock, ...limits }, write: writer(fileOf, followed) }),
    idle: (project) => {
      const file = fileOf(project);
      if (file === undefined || !existsSync(file)) return;
      try {
        writeWhole(file, idleText(project));
      } catch {
        // The folder is full or was closed meanwhile. Healing has gone before, and outranks a file for others.
      }
    },
  };
}

/** Returns a function that replaces the metrics of a topology. The first failure is said, and the later ones are not. */
function writer(
  fileOf: (project: string) => string | undefined,
  { warn }: Pick<Followed, 'warn'>,
): (project: string, text: string) => void {
  let said = false;
  return (project, text) => {
    const file = fileOf(project);
    if (file === undefined) return;
    try {
      onDisk(file, () => mkdirSync(join(file, '..'), { recursive: true }));
      writeWhole(file, text);
    } catch (error) {
      if (!said) warn(`the metrics of the run are not written (CHAOS_METRICS_DIR): ${describeError(error)}`);
      said = true;
    }
  };
}

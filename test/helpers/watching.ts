import { systemClock } from '../../harness/core/clock.ts';
import { Watch, type WatchOptions, type WatchParts } from '../../harness/modes/watch/watch.ts';
import { livePage } from '../../harness/reporters/html/live/page.ts';
import { describeEvent } from '../../harness/reporters/wording/describe-event.ts';
import { series } from '../../harness/series/index.ts';

export const TOKEN = 'a-token-of-a-test';

/** Begins to watch a record on a port of this machine, as `chaos watch` does. */
export async function watching(
  dir: string | undefined,
  { endRun = () => undefined, ...options }: Partial<Pick<WatchParts, 'endRun'> & WatchOptions> = {},
): Promise<{ readonly watch: Watch; readonly port: number; readonly url: string }> {
  const watch = new Watch(
    { series, describe: describeEvent, clock: systemClock, page: livePage('1.2.3'), token: TOKEN, endRun },
    { address: '127.0.0.1', port: 0, ...options },
  );
  const port = await watch.listen();
  if (dir !== undefined) await watch.show(dir);
  return { watch, port, url: `http://127.0.0.1:${port}` };
}

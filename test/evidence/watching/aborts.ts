import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { systemClock } from '../../../harness/core/clock.ts';
import { processId } from '../../../harness/disk/process-id.ts';
import { placesOfTopology } from '../../../harness/main.ts';
import { Interruption } from '../../../harness/run/interruption.ts';
import { watchStopFile } from '../../../harness/session/stop-file.ts';
import { Growing, keptEvents } from '../../helpers/replay.ts';
import { openPage } from './page.ts';
import { Serving } from './serving.ts';

/**
 * Presses abort on the page so many times. Returns the milliseconds from each press to the moment at which the run began
 * to end: this process holds the topology and watches its kill switch, as a run does. A run begins its undo then.
 */
export async function abortTimes(browser: Browser, times: number): Promise<readonly number[]> {
  const state = mkdtempSync(join(tmpdir(), 'chaos-state-'));
  const env = { ...process.env, CHAOS_STATE: state };
  const events = keptEvents('v2-postgres-primary-loss');
  const [started] = events;
  if (started?.kind !== 'run.started') throw new Error('the kept record has no beginning');
  const { run } = started;
  const places = await placesOfTopology(started.plan.topology.project, env);
  const common = { doing: 'session', dir: undefined, place: '', since: '', guardian: undefined } as const;
  const claim = places.lock.acquire({ ...common, run, runner: processId(process.pid) });
  const record = new Growing(run);
  const until = events.findIndex(({ kind }) => kind === 'fault.injected') + 100;
  record.add(...events.slice(0, until));
  using serving = new Serving(record.dir, env);
  await serving.start();
  const took: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const interruption = new Interruption();
    await using _watch = watchStopFile(places.stop, run, systemClock, interruption);
    const ended = new Promise<number>((resolve) =>
      interruption.signal.addEventListener('abort', () => resolve(Date.now()), { once: true }),
    );
    const page = await openPage(browser, serving.url);
    await page.locator('#abort').click();
    await page.locator('#yes').focus();
    const pressed = Date.now();
    await page.keyboard.press('Enter');
    took.push((await ended) - pressed);
    await page.context().close();
    places.stop.remove();
  }
  places.lock.release(claim);
  return took;
}

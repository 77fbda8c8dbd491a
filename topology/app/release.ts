import type { Release } from './config.ts';
import type { Database } from './db.ts';
import type { Route } from './router.ts';
import { sleep } from './time.ts';
import type { Time } from './time.ts';

/** Paths for operators. A bad release answers them as a good one does: its health check finds nothing wrong. */
const FOR_OPERATORS = new Set(['/health', '/ready', '/metrics']);
/** `slow-start` listens after this long, milliseconds. */
const LATE_MS = 40_000;
/** `leaks` takes this many bytes at a time, so often, and never more than this in all. */
const LEAK = { bytes: 16 * 1024 * 1024, everyMs: 250, most: 1024 * 1024 * 1024 };

const NO_SUCH_COLUMN = { name: 'release_theme', text: 'select theme from weddings limit 1', values: [] };

/** Returns the routes as this release serves them. */
export function released(release: Release, routes: readonly Route[], db: Pick<Database, 'read'>): readonly Route[] {
  if (release !== 'answers-500' && release !== 'wrong-schema') return routes;
  return routes.map((route) => {
    if (FOR_OPERATORS.has(route.path)) return route;
    const handle: Route['handle'] = async (request) => {
      if (release === 'answers-500') throw new Error('this release fails each request');
      await db.read(NO_SUCH_COLUMN, request.deadline);
      return route.handle(request);
    };
    return { ...route, handle };
  });
}

/** Lets the service begin as this release does. `serve` begins to listen. */
export async function begin(release: Release, serve: () => void, time: Time): Promise<void> {
  if (release === 'does-not-start') throw new Error('this release does not start');
  if (release === 'slow-start') await sleep(time, LATE_MS);
  serve();
  if (release === 'leaks') leak(time, []);
}

/** A buffer that was never written to takes no memory. */
function leak(time: Time, taken: Buffer[]): void {
  if (taken.length * LEAK.bytes >= LEAK.most) return;
  time.after(LEAK.everyMs, () => leak(time, [...taken, Buffer.alloc(LEAK.bytes, 1)]));
}

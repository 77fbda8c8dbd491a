import { createLog } from '../../topology/app/log.ts';
import { createRegistry, httpMetrics } from '../../topology/app/metrics.ts';
import { Router } from '../../topology/app/router.ts';
import { readTarget } from '../../topology/app/target.ts';
import { appRoutes } from '../helpers/wedsync/serve.ts';

const TIMES = 200_000;

/**
 * Returns microseconds of CPU that the app's own code takes for a request, besides its route: the target, the router, the
 * metrics and the text of the log line.
 */
export function ownCodeUs(): number {
  const unused = (): Promise<never> => Promise.reject(new Error('unused'));
  const router = new Router(appRoutes({ usable: true, read: unused, write: unused }));
  const metrics = httpMetrics(createRegistry());
  let written = 0;
  const log = createLog({ write: (line) => (written += line.length) });
  const request = (i: number): void => {
    const { path, query } = readTarget(`/api/clients?vendor_id=${i}&page=1&per_page=20`);
    const route = router.find('GET', path).route?.path ?? '';
    metrics.inFlight.set(1);
    const facts = { request_id: `bench-${i}`, method: 'GET', route, status: 200, ms: 3, address: '172.30.77.9:3000' };
    log('info', query.get('page') ?? '', facts);
    metrics.inFlight.set(0);
    metrics.requests.inc({ method: 'GET', route, status: 200 });
    metrics.duration.observe({ method: 'GET', route }, 0.003);
  };
  for (let i = 0; i < TIMES / 10; i += 1) request(i); // the compiler's turn
  const began = process.cpuUsage();
  for (let i = 0; i < TIMES; i += 1) request(i);
  const { user, system } = process.cpuUsage(began);
  if (written === 0) throw new Error('nothing was logged');
  return (user + system) / TIMES;
}

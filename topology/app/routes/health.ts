import type { Registry } from 'prom-client';
import { json } from '../router.ts';
import type { Route } from '../router.ts';
import type { Scrapes } from '../scrapes.ts';

export interface HealthOptions {
  /** As the circuits remember: nothing is asked now. */
  readonly usable: () => boolean;
  readonly draining: () => boolean;
  readonly circuits: () => Readonly<Record<string, string>>;
}

/** GET /health: 200 while requests can be served. Redis does not count, because the service works without it. */
export const health = ({ usable, draining, circuits }: HealthOptions): Route => ({
  method: 'GET',
  path: '/health',
  handle() {
    const status = draining() ? 'draining' : usable() ? 'ok' : 'database_unavailable';
    return Promise.resolve(json(status === 'ok' ? 200 : 503, { status, circuits: circuits() }));
  },
});

/**
 * GET /ready, for a balancer: may this replica get requests? 503 until the service could be used for the first time, then
 * 200, and 404 from the moment when the replica begins to end. It is about this replica alone. A database that cannot be
 * reached is no reason to take a replica out, because every other replica would be out as well.
 */
export function ready({ usable, draining }: Pick<HealthOptions, 'usable' | 'draining'>): Route {
  let begun = false;
  return {
    method: 'GET',
    path: '/ready',
    handle() {
      begun ||= usable();
      const [status, state] = draining() ? [404, 'draining'] : begun ? [200, 'ready'] : [503, 'starting'];
      return Promise.resolve(json(status, { status: state }));
    },
  };
}

/** GET /metrics: Prometheus' text format. */
export const metrics = (registry: Registry, scrapes: Scrapes): Route => ({
  method: 'GET',
  path: '/metrics',
  async handle({ headers }) {
    const body = await registry.metrics();
    scrapes.read(headers['user-agent']);
    return { status: 200, body, headers: { 'content-type': registry.contentType } };
  },
});

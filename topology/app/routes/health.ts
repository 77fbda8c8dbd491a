import type { Registry } from 'prom-client';
import { json } from '../router.ts';
import type { Route } from '../router.ts';

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

/** GET /metrics: Prometheus' text format. */
export const metrics = (registry: Registry): Route => ({
  method: 'GET',
  path: '/metrics',
  async handle() {
    return { status: 200, body: await registry.metrics(), headers: { 'content-type': registry.contentType } };
  },
});

import { join } from 'node:path';
import { ROOT } from '../../helpers/chaos.ts';

/** One way to make the pools of all replicas add up, with a number of replicas. */
export interface Way {
  readonly name: string;
  /** What the table calls the way. */
  readonly title: string;
  readonly replicas: number;
  /** Absolute paths of the compose files. */
  readonly files: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const SHIPPED = join(ROOT, 'docker-compose.chaos.yml');
const PGBOUNCER = join(ROOT, 'test', 'evidence', 'pools', 'pgbouncer.yml');

const way = (kind: string, title: string, replicas: number, env: Way['env'], more: readonly string[] = []): Way => ({
  name: `${kind}-${replicas}`,
  title,
  replicas,
  files: [SHIPPED, ...more],
  env: { ...env, CHAOS_APP_REPLICAS: String(replicas) },
});

const fixed = (replicas: number): Way => way('fixed', 'pools of 8', replicas, { CHAOS_DB_POOL_SHARED: 'off' });
const shared = (replicas: number): Way => way('shared', 'pools by replica count', replicas, {});
const pooled = (mode: 'transaction' | 'session', replicas: number): Way =>
  way(mode, `PgBouncer, ${mode} mode`, replicas, { CHAOS_PGBOUNCER_MODE: mode }, [PGBOUNCER]);

export const WAYS: readonly Way[] = [
  fixed(3),
  ...[3, 10, 50].map(shared),
  pooled('transaction', 3),
  ...[3, 50].map((replicas) => pooled('session', replicas)),
];

/** Pools of 8 in fifty replicas. The harness refuses to bring this up. */
export const REFUSED = fixed(50);

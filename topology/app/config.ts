/** All settings of the service. It reads them once, when it starts. SWITCHES.md describes the switches. */
export interface Config {
  readonly port: number;
  readonly primaryUrl: string;
  readonly standbyUrl: string;
  readonly redisUrl: string;
  /** The day that counts as today, YYYY-MM-DD. Which weddings are upcoming must not depend on the day of the run. */
  readonly today: string;
  readonly switches: Switches;
  readonly limits: Limits;
}

/** The good release, and one for each way in which a release goes wrong (release.ts). */
export const RELEASES = ['good', 'does-not-start', 'answers-500', 'leaks', 'slow-start', 'wrong-schema'] as const;
export type Release = (typeof RELEASES)[number];

export interface Switches {
  readonly retry: boolean;
  readonly timeout: boolean;
  readonly fallback: boolean;
  readonly idempotency: boolean;
  readonly stampedeProtection: boolean;
  readonly cache: boolean;
  readonly acknowledge: 'committed' | 'early';
  readonly jobs: 'outbox' | 'direct';
  /** Whether a write that comes when too many wait goes first. */
  readonly admission: boolean;
  /** The most connections in each of the two pools. */
  readonly dbPoolSize: number;
  /** The connections that the pools of all replicas to one address share. Undefined: they share none. */
  readonly dbPoolShared: number | undefined;
  readonly release: Release;
}

/**
 * Milliseconds. A statement ends before its attempt does, and an attempt before its request. Only a read's first
 * attempt is shorter than its statement. nginx (4.7 s) and the client (5 s) wait longer than all of these. Infinity means
 * no limit (TIMEOUT=off).
 */
export interface Limits {
  readonly connectMs: number;
  /** The first attempt of a read, when the other node could answer instead. */
  readonly readFirstMs: number;
  readonly readMs: number;
  readonly readStatementMs: number;
  /** One attempt of a write. A commit may wait seconds for a standby that has just died. */
  readonly writeMs: number;
  readonly writeStatementMs: number;
  readonly lockMs: number;
  readonly redisMs: number;
  /** The whole request, retries included. */
  readonly requestMs: number;
}

type Env = Readonly<Record<string, string | undefined>>;

const BOUNDED: Limits = {
  connectMs: 1000,
  readFirstMs: 400,
  readMs: 1000,
  readStatementMs: 900,
  writeMs: 2500,
  writeStatementMs: 2400,
  lockMs: 2000,
  redisMs: 100,
  requestMs: 3000,
};

const unbounded = (limits: Limits): Limits =>
  Object.fromEntries(Object.keys(limits).map((name) => [name, Infinity])) as unknown as Limits;

/** Throws an Error that names the variable when its value is missing or not allowed. */
export function loadConfig(env: Env, defaults: { readonly port: number }): Config {
  const timeout = oneOf(env, 'TIMEOUT', ['on', 'off']) === 'on';
  return {
    port: whole(env, 'PORT', defaults.port, 65_535),
    primaryUrl: required(env, 'PRIMARY_URL'),
    standbyUrl: env['STANDBY_URL'] || required(env, 'PRIMARY_URL'),
    redisUrl: required(env, 'REDIS_URL'),
    today: env['TODAY'] || '2027-06-01',
    switches: {
      retry: oneOf(env, 'RETRY', ['on', 'off']) === 'on',
      timeout,
      fallback: oneOf(env, 'FALLBACK', ['on', 'off']) === 'on',
      idempotency: oneOf(env, 'IDEMPOTENCY', ['on', 'off']) === 'on',
      stampedeProtection: oneOf(env, 'CACHE_STAMPEDE_PROTECTION', ['on', 'off']) === 'on',
      cache: oneOf(env, 'CACHE', ['on', 'off']) === 'on',
      acknowledge: oneOf(env, 'ACKNOWLEDGE', ['committed', 'early']),
      jobs: oneOf(env, 'JOBS', ['outbox', 'direct']),
      admission: oneOf(env, 'ADMISSION', ['on', 'off']) === 'on',
      dbPoolSize: whole(env, 'DB_POOL_SIZE', 20, 200),
      dbPoolShared: env['DB_POOL_SHARED'] === 'off' ? undefined : whole(env, 'DB_POOL_SHARED', 40, 200),
      release: oneOf(env, 'RELEASE', RELEASES),
    },
    limits: timeout ? BOUNDED : unbounded(BOUNDED),
  };
}

function required(env: Env, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
}

/** The first of the allowed values is the default. */
function oneOf<const T extends readonly [string, ...string[]]>(env: Env, name: string, allowed: T): T[number] {
  const value = env[name] || allowed[0];
  if (!allowed.includes(value)) throw new Error(`${name}=${value}: write one of ${allowed.join(', ')}.`);
  return value;
}

function whole(env: Env, name: string, fallback: number, max: number): number {
  const value = Number(env[name] || fallback);
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw new Error(`${name}: write a whole number from 1 to ${max}.`);
  return value;
}

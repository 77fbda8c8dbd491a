import { ChaosError } from '../../core/errors.ts';
import postgres from '../../roles/postgres.ts';
import type { DockerControl, ListedContainer } from './docker.ts';

/** PostgreSQL's code for "too many connections": the server is there, and has none left for the question. */
const NO_CONNECTION_LEFT = '53300';
/** A member says within this time what it is, milliseconds. */
const MEMBER_MS = 5_000;

export interface PrimaryParts {
  readonly docker: Pick<DockerControl, 'inspect' | 'exec'>;
  /** Resolves with the address of the node that accepts writes, undefined when there is none. */
  readonly address: () => Promise<string | undefined>;
}

/**
 * Returns the ids of the containers that hold the primary. The database is asked where its router leads. When it has no
 * connection left, each member is asked in its own container, where the superuser's connections are kept free. Throws
 * CHAOS_NO_PRIMARY, and CHAOS_DATABASE when the database gives no answer and not exactly one member says that it is the
 * primary.
 */
export async function primaryIn(
  containers: readonly ListedContainer[],
  { docker, address }: PrimaryParts,
): Promise<ReadonlySet<string>> {
  let primary: string | undefined;
  try {
    primary = await address();
  } catch (error) {
    if (!isFull(error)) throw error;
    const said = await sayingPrimary(containers, docker);
    if (said.length !== 1) throw error;
    return new Set(said);
  }
  if (primary === undefined)
    throw new ChaosError('CHAOS_NO_PRIMARY', {
      what: 'no node of the database accepts writes, so the primary is unknown',
      hint: 'Wait until `chaos status` says healthy, or run `chaos heal`.',
      exit: 'not-ready',
    });
  const states = await Promise.all(containers.map(({ id }) => docker.inspect(id)));
  const has = (i: number): boolean => Object.values(states[i]?.networks ?? {}).some(({ ip }) => ip === primary);
  return new Set(containers.flatMap(({ id }, i) => (has(i) ? [id] : [])));
}

const isFull = (error: unknown): boolean =>
  error instanceof ChaosError && (error.cause as { code?: unknown } | undefined)?.code === NO_CONNECTION_LEFT;

async function sayingPrimary(
  containers: readonly ListedContainer[],
  docker: Pick<DockerControl, 'exec'>,
): Promise<readonly string[]> {
  const said = await Promise.all(
    containers.map(async ({ id, name }) => {
      const { run, user } = postgres.command(name);
      const { code, stdout } = await docker.exec(id, run, user, MEMBER_MS).catch(() => ({ code: -1, stdout: '' }));
      return postgres.read(code === 0 ? stdout : undefined).role;
    }),
  );
  return containers.flatMap(({ id }, i) => (said[i] === 'primary' ? [id] : []));
}

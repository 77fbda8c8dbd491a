import { execFile, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { promisify } from 'node:util';
import { ChaosError } from '../../core/errors.ts';
import type { ComposeAnswer, Env } from '../../core/topology/compose.ts';
import { warningsIn } from './warnings.ts';

const DEADLINE_MS = 20_000;
/** Bytes of output at most, far above the text of any topology. */
const MOST_BYTES = 67_108_864;

/**
 * Asks `docker compose config` what the files mean. Needs no engine. Throws CHAOS_COMPOSE when Compose does not end
 * in time, or prints no JSON. A `docker` without `compose` points to its --help, in words that differ between
 * versions. Then `docker compose version` shows whether Compose is there.
 */
export function askCompose(files: readonly string[], env: Env, deadlineMs = DEADLINE_MS): ComposeAnswer {
  const ended = docker(configOf(files), env, deadlineMs);
  if (isAbsent(ended)) return { is: 'missing' };
  if (ended.error !== undefined) throw noAnswer(ended.error);
  const { warnings, rest } = warningsIn(ended.stderr);
  if (ended.status === 0) return { is: 'read', config: parsed(ended.stdout), warnings };
  const isFromCompose = rest !== '' && !rest.includes('--help');
  if (!isFromCompose && docker(['compose', 'version'], env, deadlineMs).status !== 0) return { is: 'missing' };
  return { is: 'refused', why: rest || `docker compose config ended with ${ended.status ?? ended.signal}`, warnings };
}

const configOf = (files: readonly string[]): string[] => {
  const named = files.flatMap((file) => ['-f', file]);
  return ['compose', '--ansi', 'never', ...named, 'config', '--format', 'json'];
};

/**
 * Asks the same while this process goes on. Undefined when Compose does not answer with a configuration: `askCompose`
 * says why.
 */
export async function askComposeAhead(files: readonly string[], env: Env): Promise<ComposeAnswer | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)('docker', configOf(files), {
      ...limits(DEADLINE_MS),
      env: withPrograms(env),
    });
    return { is: 'read', config: parsed(stdout), warnings: warningsIn(stderr).warnings };
  } catch {
    return undefined;
  }
}

/** Where programs and their plug-ins are, from the harness's own environment. The given environment overrides it. */
const whereProgramsAre = (): Env => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  DOCKER_CONFIG: process.env['DOCKER_CONFIG'],
});

const docker = (args: readonly string[], env: Env, timeout: number): SpawnSyncReturns<string> =>
  spawnSync('docker', args, { ...limits(timeout), env: withPrograms(env), stdio: ['ignore', 'pipe', 'pipe'] });

const withPrograms = (env: Env): Env => ({ ...whereProgramsAre(), ...env });

const limits = (timeout: number) =>
  ({
    encoding: 'utf8',
    timeout,
    // A process that ignores SIGTERM would make the harness wait without end.
    killSignal: 'SIGKILL',
    maxBuffer: MOST_BYTES,
  }) as const;

const isAbsent = ({ error }: SpawnSyncReturns<string>): boolean =>
  error !== undefined && 'code' in error && ['ENOENT', 'ENOTDIR', 'EACCES'].includes(String(error.code));

/** Parses Compose's output. Compose doubles every "$", so that its output could be a compose file again. */
function parsed(stdout: string): unknown {
  try {
    return JSON.parse(stdout.replaceAll('$$', () => '$')) as unknown;
  } catch (cause) {
    throw noAnswer(cause);
  }
}

const noAnswer = (cause: unknown): ChaosError =>
  new ChaosError('CHAOS_COMPOSE', {
    what: 'docker compose config printed no configuration',
    hint: 'Run `docker compose -f FILE config` by hand. `npx chaos doctor` says whether this Compose is new enough.',
    exit: 'not-ready',
    cause,
  });

import { ChaosError } from '../../../core/errors.ts';

/** Codes of a connection that cannot be made. */
const ABSENT = [
  'ECONNREFUSED',
  'ENOENT',
  'ENOTDIR',
  'ENOTSOCK',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];
/** Codes of a connection that ended before the answer was whole. */
const BROKEN = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE'];
/** Characters of an answer that an error shows at most. */
const SHOWN = 200;

/** An answer of the engine that is not what its API promises: a page of HTML, say, from a proxy or a portal. */
export class OddAnswer extends Error {
  constructor(answer: Buffer) {
    super(`it answered "${answer.toString('utf8').trim().slice(0, SHOWN)}"`);
  }
}

/**
 * Returns the failure of an engine call as a ChaosError for people. `what` names the call. A ChaosError, and an error
 * that does not come from the engine, is returned as it is.
 */
export function engineError(what: string, error: unknown): unknown {
  if (error instanceof ChaosError || !(error instanceof Error)) return error;
  const { code = '', statusCode } = error as { code?: string; statusCode?: number };
  const failed = (name: `CHAOS_${string}`, message: string, hint: string): ChaosError =>
    new ChaosError(name, { what: message, hint, exit: 'not-ready', cause: error });
  if (code === 'EACCES' || code === 'EPERM') {
    return failed(
      'CHAOS_ENGINE_FORBIDDEN',
      "this user has no permission to use the Docker engine's socket",
      'Add the user to the group docker (`sudo usermod -aG docker "$USER"`), and log in again.',
    );
  }
  if (ABSENT.includes(code)) {
    return failed(
      'CHAOS_ENGINE_UNREACHABLE',
      'the Docker engine does not answer',
      'Start it, or run `npx chaos setup`. `npx chaos doctor` says more.',
    );
  }
  if (BROKEN.includes(code)) {
    return failed(
      'CHAOS_ENGINE_UNREACHABLE',
      `the Docker engine ended the connection before it had answered (${what})`,
      'It may have died or been restarted. When it runs again: `chaos heal`.',
    );
  }
  if (statusCode !== undefined) {
    return failed(
      'CHAOS_ENGINE_REFUSED',
      `the Docker engine refused a call (${what})`,
      'The message has its reason. When it names an API version, upgrade the engine: `chaos doctor` says to which.',
    );
  }
  // An answer of another shape causes a TypeError in the code that reads it. A call reads nothing but the answer, so a
  // TypeError means an odd answer.
  if (error instanceof OddAnswer || error instanceof TypeError || code.startsWith('HPE_')) {
    return failed(
      'CHAOS_ENGINE_ANSWER',
      `what answers is not a Docker engine, or not one that chaos understands (${what})`,
      'Look at DOCKER_HOST and `docker context show`: is a proxy or another service at that address?',
    );
  }
  return error;
}

/** The failure of a call that the engine did not answer in time. */
export const silentEngine = (what: string, ms: number): ChaosError =>
  new ChaosError('CHAOS_ENGINE_SILENT', {
    what: `the Docker engine accepted a call and did not answer within ${ms / 1_000} s (${what})`,
    hint: 'Restart the engine (`sudo systemctl restart docker`). When it answers again: `chaos heal`.',
    exit: 'not-ready',
  });

/** Returns the HTTP status with which the engine refused a call; undefined for any other error. */
export function refusedWith(error: unknown): number | undefined {
  const { statusCode, cause } = error as { statusCode?: number; cause?: { statusCode?: number } };
  return statusCode ?? cause?.statusCode;
}

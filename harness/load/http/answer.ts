import type { Answered, EndpointSpec, Outcome, WriteRecord } from '../../core/load/load.ts';

/** What the head of a complete answer says to its judge. */
export interface AnswerHead {
  readonly status: number;
  /** The answer has a Retry-After header, whatever its value. */
  readonly retryAfter: boolean;
}

/** The judgement of a complete answer. */
export interface Answer {
  readonly outcome: Answered;
  /** The `id` in the answer's JSON. */
  readonly entity?: string | undefined;
  /** The `version` in the answer's JSON. */
  readonly version?: number | undefined;
}

function parseObject(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

const OK: Answer = { outcome: 'ok' };
const HTTP_ERROR: Answer = { outcome: 'http_error' };
const TURNED_AWAY: Answer = { outcome: 'turned_away' };
const UNAVAILABLE = 503;

/**
 * Judges a complete answer. A good answer has a 2xx status and a JSON object with every expected field. When the
 * endpoint expects no fields, any body is good.
 */
export function judgeAnswer(
  spec: Pick<EndpointSpec, 'expect'>,
  { status, retryAfter }: AnswerHead,
  body: () => string,
): Answer {
  if (status === UNAVAILABLE && retryAfter) return TURNED_AWAY;
  if (status < 200 || status > 299) return HTTP_ERROR;
  if (spec.expect.length === 0) return OK;
  const fields = parseObject(body());
  if (fields === undefined || spec.expect.some((name) => fields[name] === undefined)) return { outcome: 'wrong_body' };
  const { id, version } = fields as { readonly id?: unknown; readonly version?: unknown };
  return {
    outcome: 'ok',
    entity: typeof id === 'string' || typeof id === 'number' ? String(id) : undefined,
    version: version === undefined || !Number.isFinite(Number(version)) ? undefined : Number(version),
  };
}

/**
 * Refusals that depend on more than the request itself. When the first try of a proxy took effect, its second try can
 * get one of these.
 */
const NOT_DEFINITE = new Set([408, 409, 422, 423, 425, 429, 499]);

/**
 * Returns what the client knows of a write. A doubtful write is unknown, never rejected. An unknown write may be there
 * or not, and the audit of writes accepts both. `written`: the request began to leave.
 */
export function writeOutcome(outcome: Outcome, status: number, written: boolean): WriteRecord['outcome'] {
  if (outcome === 'ok') return 'acknowledged';
  if (!written) return 'rejected';
  const definite = outcome === 'http_error' && status >= 400 && status < 500 && !NOT_DEFINITE.has(status);
  return definite ? 'rejected' : 'unknown';
}

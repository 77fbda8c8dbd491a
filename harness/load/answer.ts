import type { EndpointSpec, Outcome, WriteRecord } from '../core/load/load.ts';

/** What a complete answer amounts to. */
export interface Answer {
  readonly outcome: Extract<Outcome, 'ok' | 'http_error' | 'wrong_body'>;
  readonly entity?: string | undefined;
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

/** Good is a 2xx whose JSON object has every expected field; an endpoint that expects none may answer anything. */
export function judgeAnswer(spec: Pick<EndpointSpec, 'expect'>, status: number, body: () => string): Answer {
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

/** Refusals that depend on more than the request itself: a proxy's second try meets them after a first that took effect. */
const NOT_DEFINITE = new Set([408, 409, 422, 423, 425, 429, 499]);

/**
 * What a client knows of a write. In doubt it is unknown, never rejected: an unknown write may or may not be there, and
 * the audit counts both as right.
 */
export function writeOutcome(outcome: Outcome, status: number, written: boolean): WriteRecord['outcome'] {
  if (outcome === 'ok') return 'acknowledged';
  if (!written) return 'rejected';
  const no = outcome === 'http_error' && status >= 400 && status < 500 && !NOT_DEFINITE.has(status);
  return no ? 'rejected' : 'unknown';
}

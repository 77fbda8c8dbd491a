import { OUTCOMES, type Outcome, type RequestTable } from '../../../harness/core/load/load.ts';
import type { Span } from '../../../harness/core/plan/phases.ts';
import { openRows, trafficOf } from '../../../harness/core/record/traffic.ts';
import { TIMEOUT_MS } from '../../helpers/offer.ts';

/** The ways in which a client that never retries loses a request. */
export const LOSSES = ['reset', 'refused', '502', '503', '504', 'timeout', 'other'] as const;
type Loss = (typeof LOSSES)[number];
type Losses = Readonly<Record<Loss, number>>;

const BY_OUTCOME: Readonly<Partial<Record<Outcome, Loss>>> = {
  reset: 'reset',
  closed: 'reset',
  reused_closed: 'reset',
  truncated: 'reset',
  refused: 'refused',
  timeout: 'timeout',
};

const isLoss = (text: string): text is Loss => (LOSSES as readonly string[]).includes(text);

/** Returns how a request was lost; undefined when it was not. A request that the generator dropped was never sent. */
export function lossOf(outcome: Outcome, status: number): Loss | undefined {
  if (outcome === 'ok' || outcome === 'dropped') return undefined;
  const known = BY_OUTCOME[outcome];
  if (known !== undefined) return known;
  const code = String(status);
  return isLoss(code) ? code : 'other';
}

export interface Figures {
  readonly requests: number;
  readonly losses: Losses;
  /** Of all requests, milliseconds; a lost one counts as slow as the timeout. Null when there were no requests. */
  readonly p95Ms: number | null;
  /** The slowest right answer, milliseconds. */
  readonly maxMs: number | null;
}

/** Returns the figures of the requests that were planned within a span. */
export function figuresWithin(requests: RequestTable, span: Span): Figures {
  const rows = openRows(requests, span);
  const losses = Object.fromEntries(LOSSES.map((loss) => [loss, 0])) as Record<Loss, number>;
  for (const i of rows) {
    const loss = lossOf(OUTCOMES[requests.outcome[i] ?? 0] ?? 'other', requests.status[i] ?? 0);
    if (loss !== undefined) losses[loss] += 1;
  }
  const { offered, latencies } = trafficOf({ requests, plan: { load: { timeoutMs: TIMEOUT_MS } } }, rows);
  return {
    requests: offered,
    losses,
    p95Ms: latencies.judged.percentile(95) ?? null,
    maxMs: latencies.successful.max ?? null,
  };
}

export const lostOf = ({ losses }: Pick<Figures, 'losses'>): number =>
  LOSSES.reduce((sum, loss) => sum + losses[loss], 0);
